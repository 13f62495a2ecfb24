"""The evaluation: metrics, with their expectation by chance."""

import streamlit as st

from core.emoji import Result, figures
from core.emoji.judging.audit import doubtful_labels
from core.emoji.judging.metrics import confusion, macro_f1
from core.emoji.judging.selective import (
    MAX_BOUND,
    MAX_ERROR,
    CoverageCurve,
    coverage_curve,
    selective_by_phenomenon,
)
from core.emoji.model.answering import none_threshold
from core.emoji.pretrained import load
from core.emoji.result import NEGATION, gain, shared_rows
from core.figures import learning_curves, metric_lines
from core.report import Illustration
from core.stats import Interval
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.emoji.models import ActiveModel
from pages.ui.emoji.own_classes import certainty_view
from pages.ui.live.run import ink_of
from pages.ui.live.view import Block, Query, figure_block, line_block
from pages.ui.session import platform

THRESHOLDS = [thousandth / 1000 for thousandth in range(300, 1000)]
CURVES = {"accuracy": "Accuracy", "loss": "Loss"}


def judgement_view(active: ActiveModel) -> None:
    """Draw the tab."""
    result, v1 = active.result, load("v1")
    if not result.rows("test").labelled:
        if result.cross_validation:
            _cross_validated(active)
        else:
            st.info("There are no labelled test sentences to evaluate on.")
        return
    st.markdown(
        f"Evaluated on {len(result.rows('test'))} test sentences and "
        f"{len(result.rows('challenge'))} difficult ones, none of them used in "
        "training. Brackets give 95% intervals. The baseline is **v1**, the mean of "
        "the word vectors."
    )
    st.table(_metrics(result, v1))
    if differences := shared_cache(_differences, result):
        st.table(differences)
    with st.grid(2, min_column_width=320):
        with st.container():
            matrix = figures.confusion(result.confusion, ink(), result.labels)
            _draw(matrix, "emoji_mix")
        with st.container():
            _draw(figures.reliability(result.calibration, ink()), "emoji_sure")
    _not_sure(result)
    _draw(figures.scorecard(result.scores, v1.scores, ink()), "emoji_scores")
    _training(active)


def _differences(ours: Result) -> list[dict]:
    """The differences to v1 on the evaluation sets of both."""
    v1, found = load("v1"), {}
    if shared_rows(ours, v1, "test")[0].size:
        found["Accuracy, test"] = gain(ours, v1)
        found["Macro-F1, test"] = gain(ours, v1, metric=macro_f1)
    if shared_rows(ours, v1, "challenge")[0].size:
        found["Accuracy, negations"] = gain(ours, v1, "challenge", NEGATION)
    return [
        {"Difference to v1": name, "Percentage points": _points(interval)}
        for name, interval in found.items()
    ]


def _draw(found: Illustration, key: str) -> None:
    st.markdown(f"##### {found.heading}")
    chart(found.figure, key, found.alt)


def _training(active: ActiveModel) -> None:
    """The learning curves of a run, and its training sentences."""
    if active.run_id:
        st.markdown("##### Learning curves")
        draw_curves("emoji_judgement", platform().store.points(active.run_id))
    _data(active.result)


def _cross_validated(active: ActiveModel) -> None:
    """The answers of models that had not seen the sentence, of a model without a test.

    They decided the temperature, so that only their order is a judgement of it.
    """
    result = active.result
    certainty_view(result)
    counts = confusion(result.folds, result.data.learned.targets)
    matrix = figures.confusion(counts, ink(), result.labels)
    _draw(matrix._replace(heading=f"{matrix.heading}, cross-validated"), "emoji_mix")
    _training(active)


def draw_curves(prefix: str, points) -> None:
    """Draw accuracy and loss over the epochs: training solid, validation dashed."""
    with st.grid(2, min_column_width=260):
        for metric in CURVES:
            figure = shared_cache(_curve, points, metric, ink())
            chart(figure, f"{prefix}_{metric}", _curve_alt(metric))


def live_blocks(_, points, query: Query) -> list[Block]:
    """The same curves while a run trains, and in a replay; what it has learned."""
    curves = [
        figure_block(
            metric, _curve(points, metric, ink_of(query)), _curve_alt(metric), half=True
        )
        for metric in CURVES
    ]
    return [*curves, line_block("taught", taught_so_far(points))]


def taught_so_far(points) -> str:
    """The taught sentences that a run gets right."""
    if not points:
        return "Reading the sentences."
    last = points[-1]
    kept = last.metrics.get("val_accuracy")
    rest = "" if kept is None else f"; {kept:.1%} of the development sentences right"
    taught = last.metrics["accuracy"]
    return f"Epoch {last.epoch}: {taught:.0%} of the taught sentences right{rest}."


def _curve_alt(metric: str) -> str:
    return f"{CURVES[metric]} after each epoch, on the training and the validation set"


def _curve(points, metric: str, ink: str):
    figure = learning_curves(metric_lines(points, metric, f"val_{metric}"), ink=ink)
    figure.update_layout(height=280, legend={"entrywidth": 0})
    figure.update_yaxes(title=CURVES[metric])
    if metric == "accuracy":
        figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure


def _metrics(ours: Result, v1: Result) -> list[dict]:
    rows = (
        ("Accuracy", lambda r: _interval(r.accuracy)),
        ("Macro-F1", lambda r: _interval(r.macro_f1)),
        ("Accuracy on negations", lambda r: _share(r.accuracy_on(NEGATION))),
        (
            "Calibration error (expected by chance)",
            lambda r: f"{r.calibration.ece:.3f} ({r.calibration.ece_by_chance:.3f})",
        ),
    )
    return [
        {"On held-out sentences": name, "This model": text(ours), "v1": text(v1)}
        for name, text in rows
    ]


def _not_sure(result: Result) -> None:
    """Draw how often the model is sure, on clear and on difficult sentences."""
    test, other = result.selective("test"), result.sure_of_an_emoji("off_topic")
    st.markdown("##### Sure and wrong")
    st.markdown(
        f"The model is sure of {_share(test.coverage.value)} of its answers to test "
        "sentences. Of the sentences that no emoji fits, it is sure of an emoji for "
        f"{_share(other)}, where it should never be. An emoji counts as sure from a "
        f"confidence of {result.threshold:.1%}, *none of these* from "
        f"{max(0.0, none_threshold(result.threshold)):.1%}."
    )
    if (mixed := result.selective()) is None:
        return
    st.markdown(
        f"Of {mixed.rows} difficult sentences, which may be none of the emojis, "
        f"**{_interval(mixed.coverage)}** get a sure answer, and "
        f"**{_interval(mixed.error)}** of the sure answers are wrong. The first number "
        "is the coverage: a sure *none of these* counts as an answer."
    )
    st.table(shared_cache(_by_phenomenon, result))
    if result.rows("mixed_development").labelled:
        _threshold_view(result)


def _by_phenomenon(result: Result) -> list[dict]:
    shares, rows = result.shares("mixed"), result.rows("mixed")
    return [
        {
            "Phenomenon": found.phenomenon or "all",
            "Sentences": found.rows,
            "Sure": found.sure,
            "Sure and wrong": found.wrong,
            "Wrong of the sure": _interval(found.error) if found.sure else "–",
        }
        for found in selective_by_phenomenon(shares, rows, result.threshold)
    ]


def _threshold_view(result: Result) -> None:
    """Draw the threshold, with its coverage and error."""
    threshold = st.slider(
        "An emoji is sure from a confidence of",
        min_value=THRESHOLDS[0],
        max_value=THRESHOLDS[-1],
        value=min(max(result.threshold, THRESHOLDS[0]), THRESHOLDS[-1]),
        step=0.001,
        format="%.3f",
        key="emoji_threshold",
        help="A higher threshold gives fewer sure answers, of which fewer are wrong. "
        "It changes nothing but this curve.",
    )
    curve = shared_cache(_coverage_curve, result)
    coverage, error = curve.at(threshold)
    st.markdown(
        f"On the difficult development sentences: **{coverage:.0%}** sure, "
        f"**{error:.1%}** of these wrong."
    )
    chart(
        figures.coverage_error(curve, threshold, ink()),
        "emoji_coverage",
        figures.coverage_error_alt(curve, threshold),
    )
    st.caption(
        "The model's own threshold is the lowest with at most "
        f"{MAX_ERROR:.0%} wrong here and, with 95% confidence, fewer than "
        f"{MAX_BOUND:.0%} on other sentences like these. It was chosen on these "
        "sentences; the table above uses others."
    )


def _coverage_curve(result: Result) -> CoverageCurve:
    return coverage_curve(*result.choosing(), THRESHOLDS)


def _data(result: Result) -> None:
    """Learning curve by amount of data, and doubtful labels."""
    rows, points = result.data.learned, result.curve
    doubted = doubtful_labels(rows, result.opinions)
    if points:
        _draw(figures.learning_curve(points, ink()), "emoji_more")
        st.caption(
            "A simple model, logistic regression on the mean of the word vectors, "
            "trained on a part of the sentences and evaluated on the test set."
        )
    st.markdown("##### Doubtful labels")
    st.markdown(
        f"{len(doubted)} of {len(rows):,} training sentences have a label that a model "
        "trained on the others contradicts. Some are wrong, many are only difficult."
    )
    st.dataframe(
        {
            "Sentence": [item.text for item in doubted],
            "Label": [result.labels[item.label].name for item in doubted],
            "Predicted": [result.labels[item.predicted].name for item in doubted],
            "Label's probability": [item.probability for item in doubted],
        },
        column_config={
            "Sentence": st.column_config.TextColumn(width="medium"),
            "Label's probability": st.column_config.NumberColumn(format="%.3f"),
        },
        hide_index=True,
        height=280,
        key="emoji_audit",
        alt="Training sentences whose label is improbable, the most improbable first",
    )


def _interval(interval: Interval) -> str:
    return f"{interval.value:.1%} [{interval.low:.0%}, {interval.high:.0%}]"


def _points(interval: Interval) -> str:
    return f"{interval.value:+.1%} [{interval.low:+.0%}, {interval.high:+.0%}]"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
