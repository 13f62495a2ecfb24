"""A class in three browsers: the teacher's, and two students', one with a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.driver.browser.links import path_of
from tests.driver.tours.classes import join, started

TASK = "Find out by what the gradient is multiplied"


def set_task(page, text, address):
    page.fill("classes_task_text", text)
    page.fill("classes_task_link", address)
    page.press("classes_task_add")
    page.sees(f"1. {text}")


@pytest.fixture
def lesson(visit, dashboard):
    """A class with a task, its teacher's page, and the way to it."""
    teacher = visit("classes", scheme="dark")
    address = started(teacher)
    assert address.startswith(dashboard.url)
    set_task(teacher, TASK, f"{dashboard.url}/lstm?lstm_step=Backward")
    return teacher, path_of(address)


def test_students_join_do_their_tasks_and_see_the_end_without_a_reload(lesson, visit):
    teacher, path = lesson
    code = path[-6:]
    expect(teacher.page.get_by_label(f"Code: {' '.join(code)}")).to_be_visible()
    picture = teacher.page.get_by_role("img", name="QR code of the link")
    expect(picture).to_be_visible()

    ann = visit(path, width=390)
    join(ann, "ann")
    bob = visit("classes")
    bob.keyed("classes_code").locator("input").fill(code.lower())
    join(bob, "**bob** <b>x</b>")
    for name in ("ann", "**bob** <b>x</b>"):
        teacher.sees(f"^{re.escape(name)}$")

    bob.open("classes")
    ann.sees(f"Class {code} · ann · 0 of 1 task done")
    expect(ann.page).to_have_url(re.compile("lstm_step=Backward"))
    ann.page.get_by_role("button", name=f"Class {code}").click()
    ann.page.get_by_role("checkbox", name=TASK).click(force=True)
    ann.sees(f"Class {code} · ann · 1 of 1 task done")
    for page in (teacher, ann, bob):
        page.fits(page.page.viewport_size["width"])

    teacher.press("classes_end_menu")
    teacher.press("classes_end")
    teacher.sees("^Start a class$")
    for page in (ann, bob):  # on the page of a lesson, and on that of classes
        page.sees("The class has ended")
    expect(ann.keyed("class_bar")).to_have_count(0)
    for page in (teacher, ann, bob):
        page.assert_quiet()
