"""The five emojis, and every way in which a person may name one."""

from dataclasses import dataclass

from core.task import DataError


@dataclass(frozen=True)
class Label:
    """One class: its number in the classic data set is its place in `LABELS`."""

    name: str
    emoji: str
    meaning: str


LABELS = (
    Label("heart", "❤️", "love, tenderness, missing someone"),
    Label("ball", "⚾", "playing, training or watching a sport"),
    Label("smile", "😄", "joy, praise, success, good news"),
    Label("sad", "😞", "sorrow, anger, fear, failure, bad news"),
    Label("food", "🍴", "eating, drinking, cooking, hunger"),
)
CLASSES = len(LABELS)
PLAIN = "\ufe0f"  # follows an emoji that is to be shown in colour, or does not


def _names() -> dict[str, int]:
    places: dict[str, int] = {}
    for place, label in enumerate(LABELS):
        for name in (str(place), label.name, label.emoji.replace(PLAIN, "")):
            places[name] = place
    return places


PLACES = _names()


def parse_label(cell: str, where: str) -> int:
    """Read a label that is written as a number, a name or an emoji.

    Parameters
    ----------
    cell
        What was written.
    where
        What the error begins with, such as "Row 3".

    Raises
    ------
    DataError
        If it is none of the five.
    """
    key = cell.strip().replace(PLAIN, "").casefold()
    if key not in PLACES:
        names = ", ".join(f"{n} {label.name}" for n, label in enumerate(LABELS))
        raise DataError(
            f"{where}: expected a label, one of {names} (the number, the name or the "
            f"emoji), got {cell[:40]!r}. Correct or remove that row."
        )
    return PLACES[key]
