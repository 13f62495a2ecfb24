"""The classes of a model, and every way in which a person may name one."""

import functools
import unicodedata
from dataclasses import dataclass

from core.task import DataError

# The letters of which the flag of a country is written.
FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


@dataclass(frozen=True)
class Label:
    """One class of a model, whose number is its index in `Model.labels`."""

    name: str  # as it was written; an emoji where there is no word
    emoji: str = ""  # one that is drawn; a class may have none

    def __str__(self) -> str:
        return (
            self.name if self.emoji in ("", self.name) else f"{self.emoji} {self.name}"
        )

    @property
    def words(self) -> str:
        """The name in words, for where a font may lack an emoji or it is read aloud."""
        if any(letter.isalnum() for letter in self.name):
            return self.name
        flag = "".join(unicodedata.name(c, "")[-1:] for c in self.name if c in FLAGS)
        others = [
            unicodedata.name(letter, letter).lower()
            for letter in self.name
            if unicodedata.category(letter) == "So" and letter not in FLAGS
        ]
        return ", ".join([f"flag {flag}"] * bool(flag) + others) or self.name

    @property
    def shown(self) -> str:
        """The emoji, or the name of a class without one."""
        return self.emoji or self.name


Labels = tuple[Label, ...]


# The five of the classic data set, in its order; a model may have others.
LABELS: Labels = (
    Label("heart", "❤️"),  # love, tenderness, missing someone
    Label("ball", "⚾"),  # playing, training or watching a sport
    Label("smile", "😄"),  # joy, praise, success, good news
    Label("sad", "😞"),  # sorrow, anger, fear, failure, bad news
    Label("food", "🍴"),  # eating, drinking, cooking, hunger
)
NONE = -1  # instead of an index: the sentence is none of the classes
NONE_NAME = "none"
VARIATION_SELECTOR = "\ufe0f"  # may follow an emoji, to have it shown in colour


def _key(name: str) -> str:
    return name.strip().replace(VARIATION_SELECTOR, "").casefold()


@functools.cache
def indices(labels: Labels) -> dict[str, int]:
    """Return the number of each class by all that it may be called."""
    found = {NONE_NAME: NONE, **{str(index): index for index in range(len(labels))}}
    for index, label in enumerate(labels):
        # A name counts before a number: a class may be called "1", or "none".
        found |= {_key(name): index for name in (label.emoji, label.name) if name}
    return found


def parse_label(cell: str, where: str, labels: Labels = LABELS) -> int:
    """Read a label that is written as a number, a name or an emoji; NONE for "none".

    Parameters
    ----------
    cell
        What was written.
    where
        What the error begins with, such as "Row 3".
    labels
        The classes that there are.
    """
    if (index := indices(labels).get(_key(cell))) is None:
        names = ", ".join(f"{n} {label.name}" for n, label in enumerate(labels))
        raise DataError(
            f"{where}: expected a label, one of {names} (the number, the name or the "
            f"emoji) or none, got {cell[:40]!r}. Correct or remove that row."
        )
    return index
