"""The guided path as one page of HTML to print, for students and for teachers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from core.takeaway.render import render

FOR_STUDENTS = (
    "Recurrent networks: a path of {minutes} minutes",
    "{count} stations. Open each address, do the steps, write down your observations, "
    "and mark your answer before the page shows it. The page recognises finished "
    "stations.",
)
FOR_TEACHERS = (
    "Recurrent networks: a path of {minutes} minutes, with solutions",
    "{count} stations, with the time of each from the beginning of the lesson. Steps "
    "and questions are those of the sheet for students; the boxes have the expected "
    "observations and common misunderstandings. Late students may skip a station: each "
    "can be opened directly.",
)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """A station on the sheet.

    Sentences have `**bold**` and `*italic*` as in Markdown.
    """

    title: str
    minutes: int
    link: str  # its address
    goal: str
    steps: Sequence[str]
    question: str
    options: Sequence[str]
    right: int  # index of the right option
    why: str
    check: str  # the criterion of the page, as a sentence in the past
    solution: str


def make_sheet(exercises: Sequence[Exercise], start: str, *, solutions: bool) -> str:
    """Return the page; `start` is the address of the path."""
    title, about = FOR_TEACHERS if solutions else FOR_STUDENTS
    times = list(accumulate((each.minutes for each in exercises), initial=0))
    numbers = {"minutes": times[-1], "count": len(exercises)}
    spans = (f"{_clock(begin)}–{_clock(end)}" for begin, end in pairwise(times))
    return render(
        "sheet.html",
        title=title.format(**numbers),
        about=about.format(**numbers),
        exercises=list(zip(exercises, spans, strict=True)),
        start=start,
        solutions=solutions,
    )


def _clock(minutes: int) -> str:
    """Minutes since the beginning, as hours and minutes: 1:05."""
    return f"{minutes // 60}:{minutes % 60:02}"
