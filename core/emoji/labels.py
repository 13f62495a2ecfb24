"""The classes of a model, and their names in files.

A class is named by its number, its name and its emoji, in any case, colour or
skin. The classes that ship have further names. These count only where no class of the
model has that name itself: in a model with a class "love" that is no heart.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

from core.task import DataError

# The letters of which the flag of a country is written.
FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


@dataclass(frozen=True)
class Label:
    """One class of a model, whose number is its index in `Model.labels`."""

    name: str  # name as typed; an emoji where there is no word
    emoji: str = ""  # one that is drawn; a class may have none

    def __str__(self) -> str:
        return (
            self.name if self.emoji in ("", self.name) else f"{self.emoji} {self.name}"
        )

    @property
    def words(self) -> str:
        """The name in words, for fonts without emojis and for screen readers."""
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
NONE_NAMES = frozenset(
    ("none", "none of these", "no emoji", "other", "neutral", "off topic", "🚫", "😐")
)
# Marks that change how an emoji looks and not what it is: text or colour, skin, gender.
LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2640\u2642]")
NUMBER = re.compile(r"(\d+)[.,]0*")  # "3.0", as pandas and spreadsheets write labels

# Name of a class -> other words, then other emojis.
ALIASES = {
    "heart": (
        "hearts, love, loving, romance, affection, red heart",
        "❤ ♥ ❣ 💟 💌 💕 💖 💗 💘 💓 💞 💝 🧡 💛 💚 💙 💜 🖤 🤍 🤎 🩷 🩵 🩶 🥰 😍 😘 🫶",
    ),
    "ball": (
        "balls, sport, sports, game, games, baseball, football, soccer, basketball",
        "⚾ ⚽ 🥎 🏀 🏐 🏈 🏉 🎾 🎱 🏓 🏸 🏏 🏑 🏒 🥍 ⛳ 🎳 🥅 🏅 🏆 🏃 🏊 🚴",
    ),
    "smile": (
        "smiley, smiling, happy, happiness, joy, joyful, positive, good, laugh, glad",
        "😄 😀 😃 😁 😆 😅 😊 🙂 ☺ 😂 🤣 😇 😎 🤗 🥳 🤩 😺 😸 👍 🎉 :) :-) :D",
    ),
    "sad": (
        "sadness, unhappy, negative, bad, disappointed, crying, tears",
        "😞 😢 😭 😔 😟 🙁 ☹ 😥 😓 😩 😫 😣 😖 😠 😡 🥺 😿 💔 👎 :( :-(",
    ),
    "food": (
        "foods, eat, eating, meal, drink, hungry, hunger, cooking, fork and knife",
        "🍴 🍽 🍕 🍔 🍟 🍝 🍜 🍣 🍞 🍎 🍌 🍇 🍓 🥗 🥪 🌮 🌭 🍳 🥘 🍲 🍰 🎂 🍩 🍪 🍫 ☕",
    ),
}


def name_of(label: int, labels: Labels = LABELS) -> str:
    """Return the name of a class, or "none" of `NONE`."""
    return NONE_NAME if label == NONE else labels[label].name


def title_of(label: int | None, labels: Labels) -> str:
    """Return emoji and name of a class, "none" of `NONE`, a dash if it is not known."""
    if label is None:
        return "–"
    return NONE_NAME if label == NONE else str(labels[label])


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
    for label in LABELS:
        if _key(text) in (_key(label.name), _key(label.emoji)):
            return label
    if _is_emoji(first):
        return Label(rest or first, first)
    return Label(text)


def _is_emoji(text: str) -> bool:
    if any(letter.isalpha() for letter in text):
        return False
    # A symbol, or a digit in a key.
    return any(unicodedata.category(c) == "So" or c == "\u20e3" for c in text)


class NewLabels:
    """Classes in the order in which they are first named."""

    def __init__(self) -> None:
        self.labels: Labels = ()  # those so far
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
    """Return a name without case, spacing and the looks of an emoji."""
    plain = LOOKS.sub("", unicodedata.normalize("NFC", name))
    return " ".join(plain.replace("_", " ").casefold().split())


@functools.cache
def _names(labels: Labels) -> dict[str, int]:
    """Return the number of each class by each of its names."""
    found = {str(index): index for index in range(len(labels))}
    own = [_key(label.name) for label in labels]
    for canonical, (words, emojis) in ALIASES.items():
        if canonical in own:
            for name in [*words.split(", "), *emojis.split()]:
                found[_key(name)] = own.index(canonical)
    for index, label in enumerate(labels):
        # A class's own name counts before a number and another class's alias.
        found |= {_key(name): index for name in (label.emoji, label.name) if name}
    return found


def find_label(cell: str, labels: Labels | NewLabels = LABELS) -> int | None:
    """Return the class of a cell, `NONE` for none of them, or None if unknown.

    A cell is a number, a name, an emoji, or several that name the same class:
    "⚾ ball". Of `NewLabels` any short cell may be one: then this is 0.
    """
    if isinstance(labels, NewLabels):
        return 0 if 0 < len(cell.strip()) <= MAX_NAME else None
    names, key = _names(labels), _key(cell)
    if key in names:
        return names[key]
    if key in NONE_NAMES:
        return NONE
    if number := NUMBER.fullmatch(key):
        return names.get(number[1])
    parts = {names.get(part) for part in key.split()}
    return parts.pop() if len(parts) == 1 else None


def read_label(cell: str, where: str, labels: Labels | NewLabels = LABELS) -> int:
    """Return the class of a cell, or `NONE`; see `find_label`.

    If it names none, a DataError begins with `where`, such as "Row 3".
    """
    if isinstance(labels, NewLabels):
        return labels.parse(cell, where)
    found = find_label(cell, labels)
    if found is None:
        names = [f"{index} {label.name}" for index, label in enumerate(labels)]
        names.append(NONE_NAME)
        quoted = repr(cell[:40]) if cell.strip() else "an empty cell"
        raise DataError(
            f"{where}: expected a label, one of {', '.join(names)} (the number, the "
            f"name or the emoji), got {quoted}. Correct or remove that row."
        )
    return found
