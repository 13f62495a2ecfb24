"""The report of a run: one page of HTML, for reading offline and printing."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from types import ModuleType

from markupsafe import Markup
from plotly.offline import get_plotlyjs

import core.report
from core.registry import get_task, part_of_task
from core.report import Illustration
from core.takeaway.render import render
from core.task import Outcome, Point, Scalar, Settings, bounds_of
from core.version import described, libraries

HEIGHT = 360  # pixels of a chart


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting of a run in reports and notebooks."""

    name: str
    value: Scalar
    usual: Scalar
    changed: bool
    unit: str
    help: str


def make_report(
    task: str, result: Outcome, points: Sequence[Point], *, name: str = ""
) -> bytes:
    """Return the page.

    Parameters
    ----------
    task
        Its name in the registry.
    result, points
        Of the training, with all epochs or some of them.
    name
        Of the run; by default the title of its data.
    """
    part = report_of(task)
    about = part.introduction(get_task(task), result)
    figures = part.report_figures(result, points)
    page = render(
        "report.html",
        title=f"{about.title}: {name or get_task(task).title(result.data)}",
        about=about.text,
        plotly=Markup(get_plotlyjs()),
        verdicts=part.report_verdicts(result),
        figures=[(each, _chart(number, each)) for number, each in enumerate(figures)],
        key_figures=key_figures(task, result.summary()),
        settings=settings_of(result.config),
        version=described(),
        libraries=", ".join(f"{n} {v}" for n, v in libraries().items()),
        date=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
    return page.encode("utf-8", "replace")


def report_of(task: str) -> ModuleType:
    """Return the module with the texts and figures of a task's report."""
    return part_of_task(task, "report") or core.report


def key_figures(task: str, summary: Mapping[str, Scalar]) -> list[tuple[str, str, str]]:
    """Return name, value and data part of the measures of a task."""
    rows = [("Epochs", str(summary["epochs"]), "")]
    for measure in get_task(task).MEASURES:
        value = summary.get(measure.key)
        if isinstance(value, int | float):
            text = f"{value:.1%}" if measure.percent else f"{value:.4g}"
            rows.append((measure.title, text, f"on the {measure.part} part"))
    return rows


def settings_of(config: Settings) -> list[Setting]:
    """Return all settings of a run with their defaults."""
    usual, changes = config.usual, config.changes
    return [
        Setting(
            name=item.name,
            value=getattr(config, item.name),
            usual=usual[item.name],
            changed=item.name in changes,
            unit=bounds_of(item).unit,
            help=bounds_of(item).help,
        )
        for item in dataclasses.fields(config)
    ]


def _chart(number: int, shown: Illustration) -> Markup:
    figure = shown.figure
    figure.update_layout(width=None, height=figure.layout.height or HEIGHT)
    chart = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id=f"figure-{number}",
        default_width="100%",
        config={"displayModeBar": False, "responsive": True},
    )
    return Markup(chart)
