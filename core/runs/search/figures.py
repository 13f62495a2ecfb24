"""Figures of a search: history, and importance of settings."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures import epoch_axis, log_axis, plain
from core.figures.palette import CURVES, INK_LIGHT, MODEL, NAIVE, tint
from core.runs.search.space import Dimension
from core.runs.search.trials import State
from core.task import Scalar

FEWEST = 8  # trials of which importances are computed
BETTER_HALF = 0.5  # share of the trials that importances separate from the others
WIDE = 10.0  # values that differ by more than this factor are on a log axis
ED_EARLY = 0.0  # height of trials without a final value, below all others
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
