"""The classes of a model."""

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


def name_of(label: int, labels: Labels = LABELS) -> str:
    """Return the name of a class, or "none" of `NONE`."""
    return NONE_NAME if label == NONE else labels[label].name


MAX_NAME = 24  # characters of a class's name


def read_class(text: str, where: str) -> Label:
    """Read a new class: an emoji, a word or words, or an emoji and then words."""
    text = " ".join(text.split())
    first, _, rest = text.partition(" ")
    if not text or len(text) > MAX_NAME + len(first) * _is_emoji(first):
        raise DataError(
            f"{where}: expected a class of 1 to {MAX_NAME} characters, an emoji or a "
            f"word, got {text[:40]!r}. Name it or make it shorter."
        )
    known = indices(LABELS).get(_key(text))
    if known not in (None, NONE) and not text.isdigit():
        return LABELS[known]
    if _is_emoji(first):
        return Label(rest or first, first)
    return Label(text)


def _is_emoji(text: str) -> bool:
    if any(letter.isalpha() for letter in text):
        return False
    # A symbol, or a digit in a key.
    return any(unicodedata.category(c) == "So" or c == "\u20e3" for c in text)


class NewLabels:
    """Classes in the order in which they are first named.

    Attributes
    ----------
    labels
        Those so far.
    """

    def __init__(self) -> None:
        self.labels: Labels = ()
        self._indices: dict[str, int] = {}

    def parse(self, cell: str, where: str) -> int:
        """Return the index of a class, which is a new one if it was not named yet."""
        label = read_class(cell, where)
        # Of a name with and without its emoji, the emoji is shown.
        key = _key(label.name)
        index = self._indices.setdefault(key, len(self.labels))
        if index == len(self.labels):
            self.labels += (label,)
        elif label.emoji and not self.labels[index].emoji:
            self.labels = (*self.labels[:index], label, *self.labels[index + 1 :])
        return index


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
