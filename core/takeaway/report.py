"""A run as one page of HTML that opens without a network and prints well."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from html import escape
from types import ModuleType

from plotly.offline import get_plotlyjs

import core.report
from core.registry import get_task, part_of_task
from core.report import Illustration
from core.task import Outcome, Point, Scalar, Settings, bounds_of
from core.version import described, libraries

# Nothing is fetched, whatever a name or a figure may hold.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
STYLE = """
:root { color-scheme: light }
body { max-width: 680px; margin: 2rem auto; padding: 0 1rem; background: white;
  color: #1F2328; font: 16px/1.5 "Source Sans", "Source Sans Pro", sans-serif }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2rem }
h3 { margin: 0 0 .3rem; font-size: 1rem }
.about, figcaption, footer { color: #57606A; font-size: .9rem }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #D9DEE3;
  text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600 }
.changed td { font-weight: 600 }
figure { margin: 1.5rem 0 }
footer { margin-top: 2rem }
@page { margin: 15mm }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 11pt }
  h1, h2, h3 { break-after: avoid } figure, tr, p { break-inside: avoid }
  .numbers { break-before: page }
}
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
<script>{plotly}</script>
</head>
<body>
<h1>{title}</h1>
<p class="about">{about}</p>
<h2>Verdict</h2>
{verdicts}
<h2>Charts</h2>
{figures}
<h2 class="numbers">Key figures</h2>
<table><tbody>{summary}</tbody></table>
<h2>Settings</h2>
<table><thead><tr><th>Setting</th><th>Value</th><th>Usually</th></tr></thead>
<tbody>{settings}</tbody></table>
<footer>Made by Unrolled, {version}, with {libraries}, on {date}.</footer>
</body>
</html>
"""
FIGURE = """<figure>
<h3>{heading}</h3>
<div role="img" aria-label="{alt}">{chart}</div>
<figcaption>{alt}</figcaption>
</figure>"""
HEIGHT = 360  # pixels of a chart


def make_report(
    task: str, result: Outcome, points: Sequence[Point], *, name: str = ""
) -> bytes:
    """Return the page.

    Parameters
    ----------
    task
        Its name in the registry.
    result, points
        What came of the training: all of this, or some of its epochs.
    name
        Of the run, where it has one; else the title of its data.
    """
    part = report_of(task)
    about = part.introduction(get_task(task), result)
    title = f"{about.title}: {name or get_task(task).title(result.data)}"
    verdicts = "\n".join(
        f"<p>{escape(sentence)}</p>" for sentence in part.report_verdicts(result)
    )
    figures = "\n".join(
        _chart(number, each)
        for number, each in enumerate(part.report_figures(result, points))
    )
    page = PAGE.format(
        policy=POLICY,
        style=STYLE,
        plotly=get_plotlyjs(),
        title=escape(title),
        about=escape(about.text),
        verdicts=verdicts,
        summary="".join(map(_row, key_figures(task, result.summary()))),
        settings=_settings(result.config),
        figures=figures,
        version=escape(described()),
        libraries=escape(", ".join(f"{n} {v}" for n, v in libraries().items())),
        date=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
    return page.encode("utf-8", "replace")


def report_of(task: str) -> ModuleType:
    """Return the module that says and draws what came of a training."""
    return part_of_task(task, "report") or core.report


def key_figures(task: str, summary: Mapping[str, Scalar]) -> list[tuple[str, str, str]]:
    """Return name, value and data of the figures by which runs are compared."""
    rows = [("Epochs", str(summary["epochs"]), "")]
    for measure in get_task(task).MEASURES:
        value = summary.get(measure.key)
        if isinstance(value, int | float):
            text = f"{value:.1%}" if measure.percent else f"{value:.4g}"
            rows.append((measure.title, text, f"on the {measure.part} part"))
    return rows


def _settings(config: Settings) -> str:
    usual, rows = config.usual, []
    for item in dataclasses.fields(config):
        value, unit = getattr(config, item.name), bounds_of(item).unit
        name = item.name.replace("_", " ").capitalize()
        cells = (name, f"{_value(value)} {unit}", _value(usual[item.name]))
        rows.append(_row(cells, changed=item.name in config.changes))
    return "".join(rows)


def _row(cells: Sequence[str], changed: bool = False) -> str:
    mark = ' class="changed"' if changed else ""
    return f"<tr{mark}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _chart(number: int, shown: Illustration) -> str:
    heading, figure, alt = shown
    figure.update_layout(width=None, height=figure.layout.height or HEIGHT)
    chart = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id=f"figure-{number}",
        default_width="100%",
        config={"displayModeBar": False, "responsive": True},
    )
    return FIGURE.format(heading=escape(heading), alt=escape(alt), chart=chart)


def _value(value: Scalar) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
