"""The board in front of a class: tiles, their order, names, freezing, and a run."""

import re
import secrets
import time
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from core.registry import get_task
from core.runs.classes.board import CACHE_SECONDS
from pages.ui.session import platform
from pages.ui.web.server import COOKIE
from tests.conftest import wait_until
from tests.driver.tours.board import names

STUDENTS = ("Ann", "Bob", "Carl <i>x</i>")


@pytest.fixture(scope="module")
def lesson():
    """A teacher, the code of a class, and its students by name; Ann has trained."""
    teacher = secrets.token_urlsafe(32)
    code = platform().classes.create(teacher, "Lesson")
    students = {name: secrets.token_urlsafe(32) for name in STUDENTS}
    for name, owner in students.items():
        platform().classes.join(owner, code, name)
    run_id = platform().start(students["Ann"], "adding", *get_task("adding").tiny())
    store = platform().store
    wait_until(lambda: store.get(students["Ann"], run_id).status == "done")
    return teacher, code, students


@pytest.fixture
def board(visit, lesson):
    """The board in the teacher's browser."""
    teacher, code, _ = lesson
    page = visit()
    cookie = {"name": COOKIE, "value": teacher, "url": page.dashboard.url}
    page.page.context.add_cookies([cookie])
    page.open(f"board?class={code}")
    return page


def tiles(page):
    return page.keyed("board_tiles").get_by_role("button")


def test_tiles_have_names_as_text_and_an_order(board):
    names(board, *STUDENTS)
    said = re.compile("^Ann, Finished, .*, Squared error, LSTM 0.*")
    expect(tiles(board).first).to_have_attribute("aria-label", said)
    expect(tiles(board).nth(1)).to_be_disabled()


def test_a_tile_opens_its_run_by_the_keyboard_and_leads_back_to_a_frozen_board(board):
    board.keyed("board_freeze").get_by_text("Freeze").click()
    board.sees("Frozen")
    ann = tiles(board).first
    ann.focus()
    ann.press("Enter")
    board.sees("Run of Ann")
    board.sees("Finished")
    board.page.get_by_role("link", name="Back to the board").click()
    names(board, *STUDENTS)
    board.sees("Frozen")
    board.assert_quiet()


def test_a_dot_that_is_clicked_leads_to_its_run(board):
    dot = board.keyed("board_runs").locator(".scatterlayer .point").first
    link = board.page.get_by_role("link", name="Open the run of Ann")

    def is_chosen():  # what is drawn between move and click takes the click away
        dot.click(force=True)
        with suppress(TimeoutError):
            link.wait_for(timeout=5_000)
        return link.is_visible()

    wait_until(is_chosen, what="the dot's run")
    link.click()
    board.sees("Run of Ann")
    board.assert_quiet()


def test_a_student_who_joins_is_there_at_once_unless_the_board_is_frozen(board, lesson):
    _, code, _ = lesson
    classes = platform().classes
    board.keyed("board_freeze").get_by_text("Freeze").click()
    board.sees("Frozen")
    late = secrets.token_urlsafe(32)
    classes.join(late, code, "Late")
    board.sees("3 students")
    board.keyed("board_freeze").get_by_text("Freeze").click()
    names(board, *STUDENTS, "Late")
    classes.leave(late)
    names(board, *STUDENTS)


def test_a_projector_shows_the_board_without_navigation(visit, lesson):
    _, code, _ = lesson
    screen = visit(f"board?class={code}&screen={platform().classes.get(code).screen}")
    names(screen, *STUDENTS)
    screen.page.wait_for_function("() => window.Plotly")  # before the first bars
    expect(screen.page.get_by_label(f"Code: {' '.join(code)}")).to_be_visible()
    picture = screen.page.get_by_role("img", name="QR code of the link").locator("svg")
    height = screen.page.viewport_size["height"]
    assert picture.bounding_box()["height"] == pytest.approx(height / 4, abs=2)
    expect(screen.page.get_by_role("navigation")).to_have_count(0)
    expect(screen.page.get_by_role("switch")).to_have_count(0)
    expect(tiles(screen).first).to_be_disabled()
    screen.assert_quiet()


def test_students_look_on_while_the_board_is_shown(visit, lesson):
    teacher, code, students = lesson
    student = visit(width=390)
    cookie = {"name": COOKIE, "value": students["Bob"], "url": student.dashboard.url}
    student.page.context.add_cookies([cookie])
    student.open(f"board?class={code}")
    student.sees("cannot see this board")
    platform().classes.show_board(teacher, code, True)
    time.sleep(CACHE_SECONDS)  # the dashboard, another process, may know no better
    student.open(f"board?class={code}")
    names(student, *STUDENTS)
    student.fits(390)
    platform().classes.show_board(teacher, code, False)
    student.sees("cannot see this board")
