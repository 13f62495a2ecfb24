"""The classes of a model."""

import unicodedata
from dataclasses import dataclass

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
