"""The guided path as one page of HTML to print: for a class, and for its teacher."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light }
body { max-width: 720px; margin: 2rem auto; padding: 0 1rem; background: white;
  color: #1F2328; font: 16px/1.45 "Source Sans", "Source Sans Pro", sans-serif }
h1, h2 { line-height: 1.2 } h1 { margin-bottom: .3rem }
h2 { margin: 0; font-size: 1.25rem }
p { margin: .5rem 0 } ol { margin: .5rem 0; padding-left: 1.4rem }
a { color: #0060A8; overflow-wrap: anywhere }
.about { color: #57606A }
.who { display: flex; gap: 1.5rem; margin: 1.2rem 0 }
.who span { flex: 1; border-bottom: 1px solid #57606A; padding-bottom: .2rem }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #D9DEE3;
  text-align: left; vertical-align: top }
section { margin-top: 1.6rem; padding-top: .8rem; border-top: 2px solid #1F2328 }
.options { list-style: none; margin: .3rem 0; padding: 0 }
.options li { padding-left: 1.7rem; text-indent: -1.7rem }
.box { display: inline-block; width: 1.7rem; text-indent: 0 }
.right { font-weight: 600 }
.lines { height: 3.2rem; margin: .6rem 0; background:
  repeating-linear-gradient(white 0 1.55rem, #A9B1BA 1.55rem 1.6rem);
  print-color-adjust: exact; -webkit-print-color-adjust: exact }
.solution { margin: .6rem 0; padding: .2rem .8rem; border-left: 4px solid #009E73 }
footer { margin-top: 2rem; color: #57606A; font-size: .9rem }
@page { size: A4; margin: 15mm }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt }
  section { margin-top: 1rem } p, ol { margin: .35rem 0 }
  .whole, tr, p, li { break-inside: avoid } h2, .about { break-after: avoid }
  a { color: inherit; text-decoration: none }
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
</head>
<body>
<h1>{title}</h1>
<p class="about">{about}</p>
{head}
{exercises}
<footer>Unrolled: watch recurrent networks learn. Begin at {start}.</footer>
</body>
</html>
"""
FOR_STUDENTS = (
    "Recurrent networks: a path of {minutes} minutes",
    "{count} stations. Open each address, do the steps, write down what you see, and "
    "mark your answer before the page shows it. The page notices by itself when a "
    "station is done.",
)
FOR_TEACHERS = (
    "Recurrent networks: a path of {minutes} minutes, with solutions",
    "{count} stations, with the time of each from the beginning of the lesson. Steps "
    "and questions are those of the sheet for students; the boxes have what is seen, "
    "and what is often misunderstood. Whoever is late may leave out a station: each "
    "one can be entered directly.",
)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """A station as the sheet has it.

    Attributes
    ----------
    link
        The address that opens it.
    goal, steps, question, options, why, solution
        Sentences, in which `**bold**` and `*italic*` are read as Markdown has them.
    right
        Index of the right option.
    check
        What the page notices by itself, as a sentence in the past.
    """

    title: str
    minutes: int
    link: str
    goal: str
    steps: Sequence[str]
    question: str
    options: Sequence[str]
    right: int
    why: str
    check: str
    solution: str


def make_sheet(exercises: Sequence[Exercise], start: str, *, solutions: bool) -> str:
    """Return the page; `start` is the address at which the path begins."""
    title, about = FOR_TEACHERS if solutions else FOR_STUDENTS
    numbers = {
        "minutes": sum(exercise.minutes for exercise in exercises),
        "count": len(exercises),
    }
    parts, begin = [], 0
    for number, exercise in enumerate(exercises, 1):
        parts.append(_exercise(exercise, number, begin, solutions))
        begin += exercise.minutes
    return PAGE.format(
        policy=POLICY,
        style=STYLE,
        title=escape(title.format(**numbers)),
        about=escape(about.format(**numbers)),
        head=_timetable(exercises) if solutions else _who(),
        exercises="\n".join(parts),
        start=_anchor(start),
    )


def _who() -> str:
    return '<p class="who"><span>Name</span><span>Date</span></p>'


def _timetable(exercises: Sequence[Exercise]) -> str:
    rows, begin = [], 0
    for number, exercise in enumerate(exercises, 1):
        end = begin + exercise.minutes
        cells = f"{number}", exercise.title, f"{exercise.minutes} min"
        row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        rows.append(f"<tr>{row}<td>{_clock(begin)}–{_clock(end)}</td></tr>")
        begin = end
    heads = ("", "Station", "Length", "From–to")
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _exercise(exercise: Exercise, number: int, begin: int, solutions: bool) -> str:
    time = f"{exercise.minutes} minutes"
    if solutions:
        time += f", {_clock(begin)}–{_clock(begin + exercise.minutes)}"
    steps = "".join(f"<li>{_inline(step)}</li>" for step in exercise.steps)
    options = "".join(
        _option(option, solutions and place == exercise.right)
        for place, option in enumerate(exercise.options)
    )
    if solutions:
        end = (
            f'<div class="solution"><p><strong>Why.</strong> {_inline(exercise.why)}'
            f"</p><p><strong>What is seen.</strong> {_inline(exercise.solution)}</p>"
            f"<p><strong>The page checks:</strong> {_inline(exercise.check)}</p></div>"
        )
    else:
        end = (
            '<p>What I saw:</p><div class="lines"></div>'
            '<p><span class="box">☐</span>The page says that the station is done.</p>'
        )
    kind = "" if solutions else ' class="whole"'  # one with solutions may be too long
    return (
        f"<section{kind}><h2>{number} {escape(exercise.title)}</h2>"
        f'<p class="about">{time}. {_anchor(exercise.link)}</p>'
        f"<p><em>{_inline(exercise.goal)}</em></p>"
        f"<ol>{steps}</ol><p><strong>Question.</strong> {_inline(exercise.question)}"
        f'</p><ul class="options">{options}</ul>{end}</section>'
    )


def _option(text: str, right: bool) -> str:
    box, mark = ("☑", ' class="right"') if right else ("☐", "")
    return f'<li{mark}><span class="box">{box}</span>{_inline(text)}</li>'


def _anchor(link: str) -> str:
    text = re.sub(r"^https?://", "", link)
    target = 'target="_blank" rel="noopener"'
    return f'<a href="{escape(link)}" {target}>{escape(text)}</a>'


def _inline(text: str) -> str:
    """Return a sentence with its bold and italic words as HTML."""
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", safe)


def _clock(minutes: int) -> str:
    """Minutes since the beginning, as hours and minutes: 1:05."""
    return f"{minutes // 60}:{minutes % 60:02}"
