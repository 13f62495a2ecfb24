"""A lesson: its four steps, the glossary and the literature, for any cell."""

from pages.ui.address import read_address, write_address
from pages.ui.lesson.backward import backward
from pages.ui.lesson.cell import cell
from pages.ui.lesson.learning import learning
from pages.ui.lesson.sequence import forward
from pages.ui.lesson.steps import STEPS, appendix, choose_step

VIEWS = dict(zip(STEPS, (cell, forward, backward, learning), strict=True))


def lesson(page: str) -> None:
    """Draw the chosen step of a page."""
    place = read_address(page)
    VIEWS[choose_step(page)](page)
    appendix()
    write_address(page, place)
