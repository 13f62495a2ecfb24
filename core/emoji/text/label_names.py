"""Every way in which files name a class: number, name, emoji, or another word for it.

A class is named by its number, its name and its emoji, in whatever case, colour or
skin. The classes that ship have further names. These count only where no class of the
model has that name itself: in a model with a class "love" that is no heart.
"""

import functools
import re
import unicodedata

from core.emoji.labels import LABELS, MAX_NAME, NONE, NONE_NAME, Labels, NewLabels
from core.task import DataError

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


def _key(cell: str) -> str:
    """Return a name without case, spacing and the looks of an emoji."""
    plain = LOOKS.sub("", unicodedata.normalize("NFC", cell))
    return " ".join(plain.replace("_", " ").casefold().split())


@functools.cache
def _names(labels: Labels) -> dict[str, int]:
    """Return the number of each class by all that it may be called."""
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
    """Return the class that a cell names, `NONE` for none of them, or None.

    Of `NewLabels` any short cell may be one: then this is 0.

    Parameters
    ----------
    cell
        A number, a name, an emoji, or several that name the same class: "⚾ ball".
    labels
        The classes that there are.
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


def read_label(
    cell: str,
    where: str,
    labels: Labels | NewLabels = LABELS,
) -> int:
    """Return the class that a cell names, or `NONE`.

    Parameters
    ----------
    cell, labels
        As in `find_label`.
    where
        What the error begins with, such as "Row 3".

    Raises
    ------
    DataError
        If it names no class.
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
