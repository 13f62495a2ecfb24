"""How good the answers are: the figures, with what chance alone would do to them."""

from typing import NamedTuple

import streamlit as st

from core.emoji import Result
from core.emoji.figures import (
    confusion,
    confusion_alt,
    learning_curve_alt,
    reliability,
    reliability_alt,
    scorecard_alt,
)
from core.emoji.figures import learning_curve as curve_figure
from core.emoji.figures import scorecard as scorecard_figure
from core.emoji.judging.audit import doubtful_labels
from core.emoji.judging.metrics import (
    Calibration,
    Interval,
    Score,
    accuracy_interval,
    bootstrap,
    calibration,
    macro_f1,
    scorecard,
)
from core.emoji.judging.metrics import confusion as confusion_of
from core.emoji.labels import LABELS
from core.emoji.result import NEGATION, accuracy_gain, macro_f1_gain
from pages.ui.cache import session_cache
from pages.ui.emoji.curves import curves
from pages.ui.emoji.models import Voice, shipped
from pages.ui.session import platform
from pages.ui.theme import PLAIN, ink


class Judged(NamedTuple):
    """The figures of a model on the sets that it never saw."""

    accuracy: Interval
    macro_f1: Interval
    negation: float | None
    calibration: Calibration
    counts: object
    scores: list[Score]
    differences: list[tuple[str, Interval]]


@st.cache_resource(show_spinner=False)
def shipped_judged(model: str = "best") -> Judged:
    """The figures of a model that ships; all sessions share them."""
    return _judge(shipped(model))


def judged(voice: Voice) -> Judged | None:
    """The figures of a model; None if its test sentences have no labels."""
    if voice.run_id is None:
        return shipped_judged()
    if not voice.result.rows("test").labelled:
        return None
    return session_cache("emoji", "judged", voice.version, lambda: _judge(voice.result))


def _judge(result: Result) -> Judged:
    rows, given = result.rows("test"), result.probabilities["test"]
    labels = rows.targets
    return Judged(
        accuracy=accuracy_interval(given, labels),
        macro_f1=bootstrap(lambda n: macro_f1(given[n], labels[n]), len(labels)),
        negation=result.accuracy_on(NEGATION),
        calibration=calibration(given, labels),
        counts=confusion_of(given, labels),
        scores=scorecard(result.probabilities["challenge"], result.rows("challenge")),
        differences=list(_differences(result, shipped("v1"))),
    )


def _differences(ours: Result, v1: Result):
    """By how much a model is better than v1, on the sets that both were judged on."""
    if ours.rows("test") == v1.rows("test"):
        yield "Accuracy, test", accuracy_gain(ours, v1)
        yield "Macro-F1, test", macro_f1_gain(ours, v1)
    if ours.rows("challenge") == v1.rows("challenge"):
        yield "Accuracy, negations", accuracy_gain(ours, v1, "challenge", NEGATION)


def judgement_view(voice: Voice) -> None:
    """Draw all of it."""
    found, v1 = judged(voice), shipped_judged("v1")
    if found is None:
        st.info("There are no labelled test sentences to evaluate on.")
        return
    rows = voice.result.rows("test")
    st.markdown(
        f"Evaluated on {len(rows)} test sentences and "
        f"{len(voice.result.rows('challenge'))} difficult ones, none of them used in "
        "training. Brackets give 95% intervals. The baseline is **v1**, the mean of "
        "the word vectors."
    )
    st.table(_figures(found, v1))
    if found.differences:
        st.table(
            [
                {"Difference to v1": name, "Percentage points": _points(interval)}
                for name, interval in found.differences
            ]
        )
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### Confusion matrix")
            _chart(confusion(found.counts, ink()), confusion_alt(found.counts), "mix")
        with st.container():
            st.markdown("##### Reliability")
            _chart(
                reliability(found.calibration, ink()),
                reliability_alt(found.calibration),
                "sure",
            )
    _not_sure(voice.result)
    st.markdown("##### By phenomenon")
    figure = scorecard_figure(found.scores, v1.scores, ink())
    _chart(figure, scorecard_alt(found.scores), "scores")
    if voice.run_id:
        st.markdown("##### Learning curves")
        curves("emoji", platform().store.points(voice.run_id))
    _data(voice)


def _figures(found: Judged, v1: Judged) -> list[dict]:
    rows = (
        ("Accuracy", lambda j: _interval(j.accuracy)),
        ("Macro-F1", lambda j: _interval(j.macro_f1)),
        ("Accuracy on negations", lambda j: _share(j.negation)),
        (
            "Calibration error (expected by chance)",
            lambda j: f"{j.calibration.ece:.3f} ({j.calibration.ece_by_chance:.3f})",
        ),
    )
    return [
        {"On held-out sentences": name, "This model": say(found), "v1": say(v1)}
        for name, say in rows
    ]


def _not_sure(result: Result) -> None:
    """How often it is sure where it should be, and where it should not."""
    test, other = result.sure_share("test"), result.sure_share("off_topic")
    st.markdown(
        f"**Not sure.** The model is sure of {_share(test)} of its answers to test "
        f"sentences, and of {_share(other)} of those to sentences that no emoji fits, "
        "where it should never be. An answer counts as sure from a confidence of "
        f"{result.threshold:.0%}."
    )


def _data(voice: Voice) -> None:
    """Learning curve by amount of data, and doubtful labels."""
    rows, points = voice.result.data.learned, voice.result.curve
    doubted = doubtful_labels(rows, voice.result.opinions)
    if points:
        st.markdown("##### Would more sentences help?")
        _chart(curve_figure(points, ink()), learning_curve_alt(points), "more")
        st.caption(
            "A simple model, softmax regression on the mean of the word vectors, "
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
            "Label": [LABELS[item.label].name for item in doubted],
            "Predicted": [LABELS[item.predicted].name for item in doubted],
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


def _chart(figure, alt: str, key: str) -> None:
    st.plotly_chart(figure, key=f"emoji_{key}", theme=None, config=PLAIN, alt=alt)


def _interval(found: Interval) -> str:
    return f"{found.value:.1%} [{found.low:.0%}, {found.high:.0%}]"


def _points(found: Interval) -> str:
    return f"{found.value:+.1%} [{found.low:+.0%}, {found.high:+.0%}]"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
