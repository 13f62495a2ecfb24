"""Questions about a file that can be read in more than one way."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.task import DataError

MAX_CHOICES = 12  # named in an error message; a page shows them all
MAX_LENGTH = 40  # characters of a choice in an error message


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One possible answer, and a preview of what the file would then contain."""

    value: str
    preview: str = ""

    def __str__(self) -> str:
        return f"{_shortened(self.value)} ({self.preview})"


class Question(DataError):  # noqa: N818 - an answer to it lets the import continue
    """The file alone does not determine how to read it.

    Its `kind` is the option of the command line that answers it; `text` is a sentence.
    """

    def __init__(self, kind: str, text: str, choices: Sequence[Choice]) -> None:
        self.kind, self.text, self.choices = kind, text, tuple(choices)
        named = "; ".join(map(str, self.choices[:MAX_CHOICES]))
        more = len(self.choices) - MAX_CHOICES
        rest = f"; and {more:,} more" if more > 0 else ""
        super().__init__(f"{text} Choose one with --{kind}: {named}{rest}.")


def read_answer(kind: str, answer: str, values: Sequence[str]) -> str:
    """Return the value that an answer names, ignoring case if need be."""
    if answer in values:
        return answer
    wanted = answer.strip().casefold()
    for value in values:
        if value.casefold() == wanted:
            return value
    known = ", ".join(map(_shortened, values[:MAX_CHOICES]))
    if len(values) > MAX_CHOICES:
        known += ", ..."
    raise DataError(
        f"{kind}: expected one of {known}, got {_shortened(answer)!r}. "
        "Choose one of them."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"
