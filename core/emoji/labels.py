"""The five emojis, and every way in which a person may name one."""

from dataclasses import dataclass

from core.task import DataError


@dataclass(frozen=True)
class Label:
    """One class: its number in the classic data set is its index in `LABELS`."""

    name: str
    emoji: str

    def __str__(self) -> str:
        return f"{self.emoji} {self.name}"


LABELS = (
    Label("heart", "❤️"),  # love, tenderness, missing someone
    Label("ball", "⚾"),  # playing, training or watching a sport
    Label("smile", "😄"),  # joy, praise, success, good news
    Label("sad", "😞"),  # sorrow, anger, fear, failure, bad news
    Label("food", "🍴"),  # eating, drinking, cooking, hunger
)
CLASSES = len(LABELS)
VARIATION_SELECTOR = "\ufe0f"  # may follow an emoji, to have it shown in colour
INDICES = {
    name: index
    for index, label in enumerate(LABELS)
    for name in (str(index), label.name, label.emoji.replace(VARIATION_SELECTOR, ""))
}


def parse_label(cell: str, where: str) -> int:
    """Read a label that is written as a number, a name or an emoji.

    Parameters
    ----------
    cell
        What was written.
    where
        What the error begins with, such as "Row 3".
    """
    key = cell.strip().replace(VARIATION_SELECTOR, "").casefold()
    if key not in INDICES:
        names = ", ".join(f"{n} {label.name}" for n, label in enumerate(LABELS))
        raise DataError(
            f"{where}: expected a label, one of {names} (the number, the name or the "
            f"emoji), got {cell[:40]!r}. Correct or remove that row."
        )
    return INDICES[key]
