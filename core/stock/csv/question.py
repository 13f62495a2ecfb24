"""Questions about a file that can be read in more than one way."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.task import DataError

MAX_CHOICES = 12  # named in an error message; a page shows them all
MAX_LENGTH = 40  # characters of a choice in an error message


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How a person wants a file to be read; None leaves it to the file.

    Attributes
    ----------
    symbol
        Which of several securities.
    column
        Which column holds the price, by its name in the file.
    dates
        How to read 03/04/2024: `day-first`, `month-first` or `year-first`.
    decimals
        How to read 1.234 or 1,234: with a decimal `point` or a decimal `comma`; or
        113.16: with a decimal point or in `32nds`.
    frequency
        A key of `FREQUENCIES`, instead of the one found from the dates.
    splits
        What to do about splits that the prices are not adjusted for: `adjust` or
        `keep`. No file needs this answer to be read.
    """

    symbol: str | None = None
    column: str | None = None
    dates: str | None = None
    decimals: str | None = None
    frequency: str | None = None
    splits: str | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One possible answer, and a preview of what the file would then contain."""

    value: str
    preview: str

    def __str__(self) -> str:
        return f"{_shortened(self.value)} ({self.preview})"


class Question(DataError):  # noqa: N818 - an answer to it lets the import continue
    """The file alone does not determine how to read it.

    Attributes
    ----------
    kind
        The field of `Answers` that is missing, and the option of the command line.
    text
        The question, in a sentence.
    choices
        The possible answers.
    """

    def __init__(self, kind: str, text: str, choices: Sequence[Choice]) -> None:
        self.kind, self.text, self.choices = kind, text, tuple(choices)
        named = "; ".join(map(str, self.choices[:MAX_CHOICES]))
        more = len(self.choices) - MAX_CHOICES
        rest = f"; and {more:,} more" if more > 0 else ""
        super().__init__(f"{text} Choose one with --{kind}: {named}{rest}.")


def index_of_answer(kind: str, answer: str, choices: Sequence[Choice]) -> int:
    """Return which of the choices an answer names, ignoring case if need be.

    Raises
    ------
    DataError
        If it names none of them.
    """
    values = [choice.value for choice in choices]
    if answer in values:
        return values.index(answer)
    lower = [value.casefold() for value in values]
    if (wanted := answer.strip().casefold()) in lower:
        return lower.index(wanted)
    known = ", ".join(map(_shortened, values[:MAX_CHOICES]))
    if len(values) > MAX_CHOICES:
        known += ", ..."
    raise DataError(
        f"{kind}: expected one of {known}, got {_shortened(answer)!r}. "
        "Choose one of them."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"
