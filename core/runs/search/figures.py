"""The figures of a search: its history, its settings side by side, their importance."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures import log_axis, plain
from core.palette import INK_LIGHT, MODEL, NAIVE, tint
from core.runs.search.report import TrialReport
from core.runs.search.space import Dimension, Plan
from core.runs.search.suggestion import distributions_of
from core.task import Scalar

FEWEST = 8  # trials with a value, for their importance to mean anything
GOOD = 0.25  # share of the trials that count as good there
VALUE = "Validation loss"


def history(trials: Sequence[TrialReport], ink: str = INK_LIGHT) -> go.Figure:
    """Draw what each trial came to, and the best so far."""
    figure = go.Figure()
    complete = [trial for trial in trials if trial.state == "complete"]
    pruned = [trial for trial in trials if trial.state == "pruned"]
    for name, some, marker in (
        ("Complete", complete, {"color": MODEL, "size": 9}),
        ("Stopped early", pruned, {"color": NAIVE, "size": 9, "symbol": "x-thin-open"}),
    ):
        figure.add_scatter(
            x=[trial.number for trial in some],
            y=[trial.value for trial in some],
            error_y={
                "array": [trial.spread or 0.0 for trial in some],
                "color": tint(MODEL, 0.4),
                "width": 0,
            },
            name=name,
            mode="markers",
            marker=marker,
            text=[in_words(trial.settings) for trial in some],
            hovertemplate="%{y:.4g} · %{text}",
        )
    values = [trial.value for trial in complete if trial.value is not None]
    figure.add_scatter(
        x=[trial.number for trial in complete],
        y=np.minimum.accumulate(values).tolist() if values else [],
        name="Best so far",
        mode="lines",
        line={"color": ink, "width": 1.5, "shape": "hv"},
        hovertemplate="%{y:.4g}",
    )
    shown = [trial.value for trial in trials if trial.value is not None]
    if shown and min(shown) > 0 and max(shown) > 10 * min(shown):
        figure.update_yaxes(log_axis(min(shown), max(shown)))
    figure.update_yaxes(title=VALUE)
    figure.update_xaxes(title="Trial", rangemode="tozero", tickformat="d")
    return plain(figure, ink)


def parallel_ranks(
    trials: Sequence[TrialReport], space: Sequence[Dimension], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw each trial as a line through the ranks of its settings and of its value.

    Ranks, so that one large value does not press all others together. The best trial
    is at the top of the last axis.
    """
    figure = go.Figure()
    valued = [trial for trial in trials if trial.value is not None]
    values = np.array([trial.value for trial in valued])
    columns = [
        _ranks([trial.settings[each.name] for trial in valued], each) for each in space
    ]
    columns.append(1.0 - _ranks(values.tolist()))
    titles = [*(each.name.replace("_", " ").capitalize() for each in space), VALUE]
    order = np.argsort(-values, kind="stable")  # the best is drawn last
    for place in order.tolist():
        trial, best = valued[place], place == int(order[-1])
        strength = 0.15 + 0.6 * float(columns[-1][place]) ** 2
        figure.add_scatter(
            x=titles,
            y=[column[place] for column in columns],
            mode="lines",
            line={
                "color": MODEL if best else tint(MODEL, strength),
                "width": 4 if best else 1.5,
            },
            name=f"Trial {trial.number}",
            text=f"{trial.value:.4g} · {in_words(trial.settings)}",
            hovertemplate="%{text}",
            showlegend=False,
        )
    ends = [*((each.ends[0], each.ends[-1]) for each in space)]
    shown = [(short(low), short(high)) for low, high in ends]
    if len(values):
        shown.append((short(float(values.max())), short(float(values.min()))))
    for title, (low, high) in zip(titles, shown, strict=False):
        for y, text in ((-0.09, low), (1.09, high)):
            figure.add_annotation(x=title, y=y, text=text, showarrow=False)
    figure.update_yaxes(visible=False, range=[-0.16, 1.16])
    figure.update_layout(hovermode="closest")
    return plain(figure, ink)


def importances(trials: Sequence[TrialReport], plan: Plan) -> dict[str, float] | None:
    """Return each setting's share in what tells good trials from others.

    Of PED-ANOVA (Watanabe et al., IJCAI 2023). None of too few trials.
    """
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
    from optuna.trial import create_trial

    valued = [
        trial
        for trial in trials
        if trial.value is not None
        and all(each.contains(trial.settings[each.name]) for each in plan.space)
    ]
    if len(valued) < FEWEST or len(plan.space) < 2:
        return None
    distributions = distributions_of(plan)
    study = optuna.create_study()
    for trial in valued:
        study.add_trial(
            create_trial(
                params=dict(trial.settings),
                distributions=distributions,
                value=trial.value,
            )
        )
    evaluator = PedAnovaImportanceEvaluator(target_quantile=GOOD)
    return dict(get_param_importances(study, evaluator=evaluator))


def importance_bars(shares: Mapping[str, float], ink: str = INK_LIGHT) -> go.Figure:
    """Draw the importance of each setting."""
    names = sorted(shares, key=shares.__getitem__)
    figure = go.Figure()
    figure.add_bar(
        x=[shares[name] for name in names],
        y=[name.replace("_", " ").capitalize() for name in names],
        orientation="h",
        marker={"color": MODEL},
        hovertemplate="%{x:.0%}<extra></extra>",
    )
    figure.update_xaxes(title="Importance", tickformat=".0%", range=[0, 1])
    figure.update_yaxes(automargin=True)
    return plain(figure, ink)


def in_words(settings: Mapping[str, Scalar]) -> str:
    """Return settings in one line."""
    return ", ".join(
        f"{name.replace('_', ' ')} {short(value)}" for name, value in settings.items()
    )


def short(value: Scalar) -> str:
    """Return a setting or a value in a few digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _ranks(values: Sequence[Scalar], dimension: Dimension | None = None) -> np.ndarray:
    """Return ranks between 0 and 1; equal values share theirs.

    Options that are names have the ranks of their places in the dimension.
    """
    if dimension is not None and dimension.options:
        places = [
            dimension.options.index(value) if value in dimension.options else 0
            for value in values
        ]
        return np.array(places) / (len(dimension.options) - 1)
    numbers = np.array(values, dtype=float)
    below = (numbers[:, None] > numbers).sum(axis=1)
    equal = (numbers[:, None] == numbers).sum(axis=1)
    return np.asarray((below + (equal - 1) / 2) / max(1, len(numbers) - 1))
