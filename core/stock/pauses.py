"""How long work lets others have a turn."""

from collections.abc import Generator
from typing import TypeVar

Answer = TypeVar("Answer")

# Work that pauses now and then, each time with metrics or nothing ({}).
Pauses = Generator[dict[str, float], bool | None, Answer]
