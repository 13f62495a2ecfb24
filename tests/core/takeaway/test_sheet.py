"""The path on paper: with solutions for teachers, without them for students."""

import pytest

from core.takeaway.sheet import Exercise, make_sheet
from tests.driver.core.report import Page

START = "https://host.example/path"


def exercise(**changes):
    given = {
        "title": "Gates",
        "minutes": 11,
        "link": f"{START}?station=1",
        "goal": "What a gate is.",
        "steps": ("Set **bf** to 10.", "Look at *c*."),
        "question": "What is left?",
        "options": ("Nothing", "Everything & more"),
        "right": 1,
        "why": "It is kept.",
        "check": "You kept it.",
        "solution": "One sees 0.56.",
    }
    return Exercise(**given | changes)


def sheet(*exercises, solutions):
    return Page(make_sheet(exercises, START, solutions=solutions).encode())


def test_the_sheet_for_students_has_tasks_and_space_but_no_solution():
    page = sheet(exercise(), solutions=False)
    assert "Set bf to 10." in page.text
    assert "☐Everything & more" in page.text
    assert "☑" not in page.text
    for told in ("It is kept", "One sees", "You kept it"):
        assert told not in page.text
    assert "Name" in page.text


def test_the_sheet_for_teachers_has_solutions_and_the_time_of_each_station():
    page = sheet(exercise(), exercise(title="Music", minutes=62), solutions=True)
    assert "☑Everything & more" in page.text
    assert page.text.count("One sees 0.56.") == 2
    assert "Music62 min0:11–1:13" in page.text
    assert "73 minutes" in page.headings[0]


@pytest.mark.parametrize("solutions", [True, False])
def test_the_sheet_refers_to_the_stations_and_nothing_else(solutions):
    page = sheet(exercise(title="<script>alert(1)</script>"), solutions=solutions)
    assert set(page.addresses) == {START, f"{START}?station=1"}
    assert "script" not in page.tags
