"""What the two tasks of the lessons share: their pages and links to them."""

from collections.abc import Mapping
from typing import TypeVar

from core.lesson.cells import CELLS_OF
from core.lesson.settings import LessonSettings
from core.task import Outcome, Scalar, Task

C = TypeVar("C", bound=LessonSettings)
D = TypeVar("D")
R = TypeVar("R", bound=Outcome)


class LessonTask(Task[C, D, R]):
    """A task whose runs are on the page of their cell."""

    PAGES = tuple(CELLS_OF)

    def page_of(self, settings: Mapping[str, Scalar]) -> str:
        """Return the page of a training; the adding problem is on all of them."""
        adds = "gru" if "gru" in str(settings.get("cells")) else "lstm"
        cell = settings.get("cell", adds)
        return next((page for page, cells in CELLS_OF.items() if cell in cells), "lstm")

    def address_on(self, page: str) -> dict[str, str]:
        """Return the parameters that lead to the task on the page of a lesson."""
        return {f"{page}_step": "Learning", f"{page}_task": self.name}
