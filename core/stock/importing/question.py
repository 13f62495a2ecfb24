"""What the importer asks when a file can be read in more than one way."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.task import DataError

SHOWN = 12  # choices named in an error; a page shows them all
LONGEST = 40  # characters of a choice in an error


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person has settled about a file; None leaves it to the file.

    Attributes
    ----------
    symbol
        Which of several securities.
    column
        Which column holds the price, by its name in the file.
    dates
        How to read 03/04/2024: `day-first`, `month-first` or `year-first`.
    decimals
        How to read 1.234 or 1,234: with a decimal `point` or a decimal `comma`.
    """

    symbol: str | None = None
    column: str | None = None
    dates: str | None = None
    decimals: str | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer, and what the file would say if it were given."""

    value: str
    preview: str

    def __str__(self) -> str:
        return f"{_cut(self.value)} ({self.preview})"


class Question(DataError):  # noqa: N818 - it is answered, and reading goes on
    """The file alone does not settle how to read it.

    Attributes
    ----------
    kind
        The field of `Answers` that is missing, and the option of the command line.
    text
        The question, in a sentence.
    choices
        The answers there are.
    """

    def __init__(self, kind: str, text: str, choices: Sequence[Choice]) -> None:
        self.kind, self.text, self.choices = kind, text, tuple(choices)
        named = "; ".join(map(str, self.choices[:SHOWN]))
        more = len(self.choices) - SHOWN
        rest = f"; and {more:,} more" if more > 0 else ""
        super().__init__(f"{text} Choose one with --{kind}: {named}{rest}.")


def settle(kind: str, answer: str, choices: Sequence[Choice]) -> int:
    """Return which of the choices an answer names, in any case.

    Raises
    ------
    DataError
        If it names none of them.
    """
    values = [choice.value for choice in choices]
    if answer in values:
        return values.index(answer)
    folded = [value.casefold() for value in values]
    if (wanted := answer.strip().casefold()) in folded:
        return folded.index(wanted)
    known = ", ".join(map(_cut, values[:SHOWN]))
    if len(values) > SHOWN:
        known += ", ..."
    raise DataError(
        f"{kind}: expected one of {known}, got {_cut(answer)!r}. Choose one of them."
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
