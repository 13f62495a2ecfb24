"""The five emojis."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """One class: its number in the classic data set is its index in `LABELS`."""

    name: str
    emoji: str

    def __str__(self) -> str:
        return f"{self.emoji} {self.name}"


Labels = tuple[Label, ...]

LABELS: Labels = (
    Label("heart", "❤️"),  # love, tenderness, missing someone
    Label("ball", "⚾"),  # playing, training or watching a sport
    Label("smile", "😄"),  # joy, praise, success, good news
    Label("sad", "😞"),  # sorrow, anger, fear, failure, bad news
    Label("food", "🍴"),  # eating, drinking, cooking, hunger
)
CLASSES = len(LABELS)
NONE = -1  # instead of an index: the sentence is none of the classes
