"""Shared by the components in the browser: elements, buttons, player, live answers."""

from pathlib import Path

UI = Path(__file__).parents[1]


def read(*names: str) -> str:
    """Return files joined, scripts or styles, by their paths within `pages/ui`."""
    return "\n".join((UI / name).read_text() for name in names)
