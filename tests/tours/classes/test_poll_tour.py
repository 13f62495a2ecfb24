"""A question for the class in three browsers: from the code to the reveal."""

import re

from playwright.sync_api import expect

from pages.ui.lesson.texts import QUESTIONS

QUESTION = QUESTIONS["lstm", "Backward"]
WRONG = next(n for n in range(len(QUESTION.options)) if n != QUESTION.right)


def start_class(page):
    """Start a class; return its code."""
    page.press("classes_start")
    page.page.wait_for_url("**code=**")
    page.settle()
    return re.search(r"code=([A-Z]{6})", page.page.url)[1]


def join(page, name):
    page.keyed("classes_name").locator("input").fill(name)
    page.press("classes_join")
    page.sees(f"Class [A-Z]{{6}} · {name}")


def answer(page, option):
    """Choose an option of the class's question, wherever the student is."""
    text = QUESTION.options[option]
    prompt = page.keyed("class_poll")
    prompt.get_by_role("radio", name=text).or_(
        prompt.get_by_role("button", name=text)
    ).first.click()
    page.sees("Answered. You can change it")


def test_two_students_answer_and_learn_with_the_class_what_is_right(visit):
    teacher = visit("classes")
    code = start_class(teacher)
    ann, bob = visit(f"classes?code={code}", width=390), visit(f"classes?code={code}")
    join(ann, "ann")
    join(bob, "bob")
    bob.open("rnn")

    teacher.open(f"classes?code={code}")
    teacher.page.get_by_role("button", name="Ask the class").click()
    teacher.pick("board_question", re.compile("LSTM · Backward"))
    teacher.press("board_ask")
    teacher.sees("0 of 2 have answered")

    answer(ann, QUESTION.right)
    answer(bob, QUESTION.right)
    answer(bob, WRONG)
    teacher.sees("2 of 2 have answered")
    changed = re.compile(re.escape(f"{QUESTION.options[WRONG]} 1 · 50%"))
    bars = teacher.keyed("board_poll_bars")
    expect(bars).to_have_attribute("aria-label", changed)
    for page in (ann, bob, teacher):
        assert QUESTION.why not in page.page.content()

    teacher.press("board_reveal")
    teacher.sees("1 of 2 had it right")
    ann.sees("Correct")
    bob.sees("Not quite")
    for page in (ann, bob, teacher):
        page.sees(re.escape(QUESTION.why))
        page.fits(page.page.viewport_size["width"])

    teacher.press("board_close")
    for page in (ann, bob):
        expect(page.keyed("class_poll")).to_have_count(0)
        page.assert_quiet()
