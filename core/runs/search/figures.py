"""Figures of a search: history, trials as parallel lines, importance of settings."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from core.figures import epoch_axis, log_axis, plain
from core.figures.palette import CURVES, INK_LIGHT, MODEL, NAIVE, tint
from core.runs.search.space import Dimension
from core.runs.search.trials import State
from core.task import Scalar

FEWEST = 8  # trials of which importances are computed
BETTER_HALF = 0.5  # share of the trials that importances separate from the others
WIDE = 10.0  # values that differ by more than this factor are on a log axis
ENDED_EARLY = 0.0  # height of trials without a final value, below all others
WORST = 0.12  # height of the highest complete value where there are such trials
STATES: dict[State, str] = {
    "running": "in progress",
    "complete": "complete",
    "pruned": "stopped early",
    "failed": "failed",
}
COMPLETE = CURVES[1]


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """One trial as a study reports it."""

    number: int  # its place in the search; 0 is the default
    settings: Mapping[str, Scalar]  # the searched ones
    state: State  # in progress, or how it ended
    # Mean and standard deviation of the objective over its seeds; of a pruned one the
    # best value so far
    value: float | None
    spread: float | None
    run: str  # the id of its first run

    @property
    def name(self) -> str:
        """The trial's name."""
        return f"Trial {self.number}" if self.number else "Default"


def history(
    trials: Sequence[TrialResult], objective: str, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the value of each trial, and the best one so far.

    `objective` is its name in words, `ink` the colour of text and axes.
    """
    figure = go.Figure()
    complete, failed = _of_state(trials, "complete"), _of_state(trials, "failed")
    values = [trial.value for trial in trials if trial.value is not None]
    last = max((trial.number for trial in trials), default=1)
    if complete:
        found = (trial.value for trial in complete if trial.value is not None)
        best = list(itertools.accumulate(found, min))
        steps = [*(trial.number for trial in complete), last], [*best, best[-1]]
        _add_line(figure, "Best so far", *steps, color=MODEL, shape="hv")
    if complete and not complete[0].number:
        level = [complete[0].value] * 2
        _add_line(figure, "Default", [0, last], level, color=NAIVE, dash="dash")
    spreads = {
        "type": "data",
        "array": [trial.spread or 0.0 for trial in complete],
        "color": tint(COMPLETE, 0.5),
        "thickness": 1.5,
        "width": 4,
    }
    name = "Complete, ± spread over seeds"
    marker: dict[str, object] = {"color": COMPLETE, "size": 8}
    _add_trials(figure, name, complete, marker, error_y=spreads)
    marker = {"color": NAIVE, "size": 9, "line_width": 2}
    if pruned := _of_state(trials, "pruned"):
        name = STATES["pruned"].capitalize()
        _add_trials(figure, name, pruned, marker | {"symbol": "circle-open"})
    if failed and values:  # a row at the top, as most have no value
        name = STATES["failed"].capitalize()
        cross = marker | {"symbol": "x-thin-open"}
        _add_trials(figure, name, failed, cross, missing=max(values))
    axis: dict[str, object] = {"title": objective}
    if values and min(values) > 0 and max(values) > WIDE * min(values):
        axis |= log_axis(min(values), max(values))
    figure.update_yaxes(axis)
    figure.update_xaxes(
        epoch_axis(last) | {"title": "Trial", "range": [-0.6, last + 0.6]}
    )
    return plain(figure, ink).update_layout(hovermode="closest", height=330)


def _add_line(
    figure: go.Figure, name: str, x: list[int], y: Sequence[float | None], **line: str
) -> None:
    figure.add_scatter(
        x=x, y=y, name=name, mode="lines", line={"width": 2} | line, hoverinfo="skip"
    )


def _add_trials(
    figure: go.Figure,
    name: str,
    trials: Sequence[TrialResult],
    marker: Mapping[str, object],
    *,
    missing: float | None = None,
    **options: object,
) -> None:
    """Draw trials as points with tooltips, those without a value at `missing`."""
    figure.add_scatter(
        x=[trial.number for trial in trials],
        y=[missing if trial.value is None else trial.value for trial in trials],
        name=name,
        mode="markers",
        marker=dict(marker),
        text=[_in_words(trial) for trial in trials],
        hovertemplate="%{text}<extra></extra>",
        **options,
    )


def parallel_ranks(
    trials: Sequence[TrialResult],
    space: Sequence[Dimension],
    ink: str = INK_LIGHT,
) -> go.Figure:
    """Draw each trial as a line through the ranks of its settings and of its value.

    Ranks, so that one extreme trial leaves room for the others. The best value is at
    the top; trials without a final one are at the bottom.
    """
    decided = [trial for trial in trials if trial.state != "running"]
    columns = [_setting_heights(dimension, decided) for dimension in space]
    columns.append(_value_heights(decided))
    best = _best(decided)
    figure = go.Figure()
    _add_parallel_lines(figure, decided, columns, best, ink)
    for place, dimension in enumerate(space):
        for text, height in _scale(dimension, decided, columns[place]):
            _mark(figure, place, height, text, ink)
    last = len(space)
    if best is not None:
        _mark(figure, last, 1.0, _text(best.value), ink)
    if any(_group_of(trial, best) == "early" for trial in decided):
        _mark(figure, last, ENDED_EARLY, "none", ink)
    names = [dimension.name.replace("_", " ") for dimension in space]
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=[*names, "value"],
        range=[-0.35, last + 0.35],
        zeroline=False,
    )
    figure.update_yaxes(visible=False, range=[-0.12, 1.14])
    return plain(figure, ink).update_layout(hovermode="closest", height=380)


def _group_of(trial: TrialResult, best: TrialResult | None) -> str:
    """Return the group of a decided trial, whose lines look alike."""
    if best is not None and trial.number == best.number:
        return "best"
    if not trial.number:
        return "default"
    return "others" if trial.state == "complete" else "early"


def _add_parallel_lines(
    figure: go.Figure,
    trials: Sequence[TrialResult],
    columns: Sequence[Sequence[float]],
    best: TrialResult | None,
    ink: str,
) -> None:
    """Draw one trace a group of trials. None ends a line and begins the next."""
    styles: dict[str, tuple[str, dict[str, object]]] = {
        "early": ("Stopped early or failed", {"color": tint(ink, 0.2), "dash": "dot"}),
        "others": ("Complete", {"color": tint(COMPLETE, 0.45)}),
        "default": ("Default", {"color": NAIVE, "dash": "dash", "width": 3}),
        "best": (
            "Best" if best and best.number else "Best: the default",
            {"color": MODEL, "width": 3.5},
        ),
    }
    places = list(range(len(columns)))
    for group, (name, line) in styles.items():
        members = [n for n, t in enumerate(trials) if _group_of(t, best) == group]
        if not members:
            continue
        words = [_in_words(trials[member]) for member in members]
        figure.add_scatter(
            x=[place for _ in members for place in (*places, None)],
            y=[each for m in members for each in (*(c[m] for c in columns), None)],
            text=[text for text in words for _ in (*places, None)],
            name=name,
            mode="lines+markers",
            line={"width": 1.5} | line,
            marker={"size": 6 if group in ("best", "default") else 4},
            hovertemplate="%{text}<extra></extra>",
        )


def importances(
    trials: Sequence[TrialResult], space: Sequence[Dimension]
) -> dict[str, float] | None:
    """Return the importance of each setting for being in the better half of the trials.

    PED-ANOVA (Watanabe, Bansal and Hutter, 2023) compares the distribution of the
    better trials with that of all. None for too few trials. Pruned trials count as
    worse than all complete ones.
    """
    import optuna  # imported here: needed by the page of a search only
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
    from optuna.trial import create_trial

    from core.runs.search.suggestion import distribution

    within = [
        trial
        for trial in trials
        if trial.state in ("complete", "pruned")
        and all(each.contains(trial.settings[each.name]) for each in space)
    ]
    if len(within) < FEWEST or len(space) < 2:
        return None
    study = optuna.create_study()
    for trial in within:
        value = trial.value if trial.state == "complete" else math.inf
        study.add_trial(
            create_trial(
                params=dict(trial.settings),
                distributions={each.name: distribution(each) for each in space},
                value=value,
            )
        )
    evaluator = PedAnovaImportanceEvaluator(target_quantile=BETTER_HALF)
    return get_param_importances(study, evaluator=evaluator)


def importance_figure(shares: Mapping[str, float], ink: str = INK_LIGHT) -> go.Figure:
    """Draw what `importances` returns, the most important setting at the top."""
    names = sorted(shares, key=lambda name: shares[name])
    figure = go.Figure()
    figure.add_bar(
        x=[shares[name] for name in names],
        y=[name.replace("_", " ") for name in names],
        orientation="h",
        marker_color=COMPLETE,
        text=[f"{shares[name]:.0%}" for name in names],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_xaxes(title="Importance", tickformat=".0%", range=[0, 1.05])
    figure.update_yaxes(automargin=True)
    height = 110 + 34 * len(names)
    return plain(figure, ink).update_layout(hovermode="closest", height=height)


def _of_state(trials: Sequence[TrialResult], state: State) -> list[TrialResult]:
    return [trial for trial in trials if trial.state == state]


def _best(trials: Sequence[TrialResult]) -> TrialResult | None:
    complete = _of_state(trials, "complete")
    return min(complete, key=lambda trial: trial.value or 0.0, default=None)


def _in_words(trial: TrialResult) -> str:
    """Return the tooltip of a trial."""
    value = "" if trial.value is None else f" {trial.value:.4g}"
    spread = "" if trial.spread is None else f" ± {trial.spread:.2g}"
    settings = (
        f"{name.replace('_', ' ')} {_text(value)}"
        for name, value in trial.settings.items()
    )
    head = f"{trial.name}: {STATES[trial.state]}{value}{spread}"
    return "<br>".join((head, *settings))


def _text(value: Scalar) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value from 0 to 1; equal values share their mean rank."""
    if len(set(values)) < 2:
        return [0.5] * len(values)
    ranks: list[float] = ((pd.Series(values).rank() - 1) / (len(values) - 1)).tolist()
    return ranks


def _setting_heights(
    dimension: Dimension, trials: Sequence[TrialResult]
) -> list[float]:
    """Return the height of each trial on the axis of a setting."""
    values = [trial.settings[dimension.name] for trial in trials]
    if dimension.options:
        options = _options(dimension, trials)
        return [options.index(value) / max(1, len(options) - 1) for value in values]
    return _ranks([v for v in values if isinstance(v, int | float)])


def _options(dimension: Dimension, trials: Sequence[TrialResult]) -> list[Scalar]:
    """Return the options of a setting, that of the default among them."""
    values = (trial.settings[dimension.name] for trial in trials)
    return list(dict.fromkeys((*dimension.options, *values)))


def _value_heights(trials: Sequence[TrialResult]) -> list[float]:
    """Return the height of each trial on the axis of values, the best at the top."""
    complete = [
        t.value for t in trials if t.state == "complete" and t.value is not None
    ]
    ranks = iter(_ranks([-value for value in complete]))
    low = WORST if len(complete) < len(trials) else 0.0
    return [
        low + (1 - low) * next(ranks)
        if trial.state == "complete" and trial.value is not None
        else ENDED_EARLY
        for trial in trials
    ]


def _scale(
    dimension: Dimension, trials: Sequence[TrialResult], heights: Sequence[float]
) -> list[tuple[str, float]]:
    """Return the marks of a setting's axis: its options, or its ends."""
    if dimension.options:
        options = _options(dimension, trials)
        last = max(1, len(options) - 1)
        return [(str(option), n / last) for n, option in enumerate(options)]
    values = [trial.settings[dimension.name] for trial in trials]
    found = {
        height: _text(value) for height, value in zip(heights, values, strict=True)
    }
    return [(found[end], end) for end in sorted({min(found), max(found)})]


def _mark(figure: go.Figure, x: float, y: float, text: str, ink: str) -> None:
    """Write a label at an axis: above its point, at the foot below it."""
    figure.add_annotation(
        x=x,
        y=y,
        text=text,
        showarrow=False,
        yshift=-14 if y < WORST else 14,
        font={"size": 12, "color": ink},
    )
