"""The guided path as one page of HTML to print: for a class, and for its teacher."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from core.takeaway.render import render

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
    "and what is often misunderstood. Students who are late may leave out a "
    "station: each can be entered directly.",
)
CERTIFIED = (
    "Ten stations, each with something to do that the page has checked, and a question "
    "answered. This is what was learned."
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


def make_certificate(name: str, date: str, learned: Sequence[tuple[str, str]]) -> str:
    """Return a page to print for a person who has walked the whole path.

    Parameters
    ----------
    name
        As it was typed; without one there is a line to write on.
    learned
        Title of each station, and what was learned there.
    """
    title = "Recurrent networks: the whole path"
    return render(
        "certificate.html",
        title=title,
        about=CERTIFIED,
        name=name,
        date=date,
        learned=learned,
    )


def _clock(minutes: int) -> str:
    """Minutes since the beginning, as hours and minutes: 1:05."""
    return f"{minutes // 60}:{minutes % 60:02}"
