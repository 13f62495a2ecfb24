"""A question for the class: students answer on their page, the teacher on the board."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from core.task import UserError
from pages.ui.board.poll_panel import polls_csv
from pages.ui.lesson.texts import QUESTIONS
from pages.ui.live.view import view_of
from pages.ui.session import platform
from pages.ui.web.server import new_owner
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.lessons import play
from tests.pages.answers import answer, figures
from tests.pages.classes.conftest import student

ASKED = "lstm Backward"
QUESTION = QUESTIONS["lstm", "Backward"]
WRONG = next(n for n in range(len(QUESTION.options)) if n != QUESTION.right)


def ask(teacher, code):
    return platform().polls.ask(teacher, code, ASKED, len(QUESTION.options))


def choices(page):
    """The answers that a student is offered, or None."""
    found = [p for p in page.pills if (p.key or "").startswith("class_answer")]
    return found[0] if found else None


def progress_of(page):
    return [bar.proto.text for bar in page.get("progress")]


def board(code, owner, **query):
    """What a teacher, or a student, sees of the questions on the board."""

    def script(code, query):
        from pages.ui.board.poll_panel import poll_panel
        from pages.ui.intents import run_intents
        from pages.ui.session import platform

        run_intents("board")
        poll_panel(platform().boards.state(code), 1.0, query)

    given = {"code": code, "query": query}
    page = AppTest.from_function(script, default_timeout=120, kwargs=given)
    page.session_state["owner"] = owner
    page.run()
    assert not page.exception
    return page


def console(code, teacher):
    """What the teacher's page has of the questions."""
    return board(code, teacher, console="true")


def headings(page):
    return [each.value for each in (*page.header, *page.subheader)]


def count(page):
    """What the board says of the answers so far."""
    blocks = answer(page, live(page)).get("blocks", [])
    return [each["text"] for each in blocks if each["kind"] == "text"]


def live(page):
    at = "classes" if page.button else "board"
    return f"{at}_poll_live"


def has_bars(page):
    return bool(figures(page, live(page)))


@pytest.mark.parametrize("where", ["runs", "classes"])
def test_a_student_answers_changes_the_answer_and_sees_the_reveal(teacher, code, where):
    me = student(code, "Bob")
    page = open_page(where, me)
    assert choices(page) is None
    poll_id = ask(teacher, code)
    page.run()
    assert QUESTION.text in choices(page).label
    (before,) = platform().classes.members(code)
    choices(page).set_value(WRONG).run()
    (after,) = platform().classes.members(code)
    assert after.active > before.active
    choices(page).set_value(QUESTION.right).run()
    assert choices(page).value == QUESTION.right
    assert platform().polls.current(code).answers[QUESTION.right] == 1
    assert QUESTION.why not in text_of(page)
    assert "Correct" not in text_of(page)
    platform().polls.reveal(teacher, poll_id)
    page.run()
    assert choices(page) is None
    assert "Correct" in text_of(page)
    assert QUESTION.why in text_of(page)
    assert any("your answer · 1 of 1, 100%" in text for text in progress_of(page))
    platform().polls.close(teacher, poll_id)
    page.run()
    assert QUESTION.text not in text_of(page)


def test_wrong_and_missing_answers_are_judged_too(teacher, code):
    wrong, silent = student(code, "Bob"), student(code, "Cem")
    poll_id = ask(teacher, code)
    platform().polls.answer(wrong, poll_id, WRONG)
    platform().polls.reveal(teacher, poll_id)
    assert "Not quite" in text_of(open_page("runs", wrong))
    assert "Not answered" in text_of(open_page("runs", silent))


def test_an_answer_that_comes_after_the_reveal_is_not_counted(teacher, code):
    page = open_page("runs", student(code, "Bob"))
    poll_id = ask(teacher, code)
    page.run()
    late = choices(page).set_value(QUESTION.right)
    platform().polls.reveal(teacher, poll_id)
    late.run()
    assert not page.exception
    assert "while the question is open" in page.error[0].value
    assert platform().polls.current(code).answered == 0


def test_the_lesson_keeps_the_answer_back_while_the_class_is_asked(teacher, code):
    me = student(code, "Bob")
    poll_id = ask(teacher, code)
    page = open_page("lstm", me, lstm_step="Backward")
    assert "answer it above" in text_of(page)
    assert not [pills for pills in page.pills if pills.key == "lstm_ask_backward"]
    platform().polls.reveal(teacher, poll_id)
    play(page, "seen_backward lstm")
    assert page.pills(key="lstm_ask_backward")


def test_a_question_of_the_mingru_is_kept_back_where_that_cell_is_chosen(teacher, code):
    me, asked = student(code, "Bob"), QUESTIONS["mingru", "Backward"]
    platform().polls.ask(teacher, code, "mingru Backward", len(asked.options))
    page = open_page("gru", me, gru_step="Backward", gru_cell="mingru")
    assert asked.text in choices(page).label
    assert "answer it above" in text_of(page)
    page.segmented_control(key="gru_cell").set_value("gru")
    play(page, "seen_backward gru")
    assert page.pills(key="gru_ask_backward")


def test_the_question_is_for_this_class_only(teacher, code):
    elsewhere = student(platform().classes.create(new_owner(), ""), "Bob")
    ask(teacher, code)
    assert choices(open_page("runs", elsewhere)) is None
    assert choices(open_page("runs", new_owner())) is None


def test_the_teacher_asks_sees_the_answers_come_in_reveals_and_closes(teacher, code):
    bob, _ = student(code, "Bob"), student(code, "Cem")
    page = console(code, teacher)
    assert not has_bars(page)
    page.selectbox(key="board_question").set_value(("lstm", "Backward")).run()
    page.button(key="board_ask").click().run()
    assert headings(page) == [QUESTION.text]
    assert count(page) == ["0 of 2 have answered"]
    platform().polls.answer(bob, platform().polls.current(code).id, QUESTION.right)
    page.run()
    assert count(page) == ["1 of 2 have answered"]
    assert has_bars(page)
    assert "✓" not in str(figures(page, live(page)))
    screen = platform().classes.get(code).screen
    boards = [(teacher, {}), (new_owner(), {"screen": screen})]
    for hidden in (True, False, True):
        page.toggle(key="board_hide_bars").set_value(hidden).run()
        assert has_bars(page)
        shown = [board(code, owner, **query) for owner, query in boards]
        assert [has_bars(each) for each in shown] == [not hidden] * 2
        assert not any(each.button or each.toggle for each in shown)
    page.button(key="board_reveal").click().run()
    assert headings(page) == [QUESTION.text, QUESTION.why]
    assert count(page) == ["1 of 1 had it right"]
    assert "✓" in str(figures(page, live(page)))
    assert all(has_bars(each.run()) for each in shown)
    page.button(key="board_close").click().run()
    assert not headings(page)
    assert page.button(key="board_ask")


def test_a_question_that_is_chosen_just_before_the_click_is_asked(teacher, code):
    page = console(code, teacher)
    page.selectbox(key="board_question").set_value(("lstm", "Backward"))
    page.selectbox(key="board_question_time").set_value("1 minute")
    page.button(key="board_ask").click().run()
    assert headings(page) == [QUESTION.text]
    assert platform().polls.current(code).until is not None


def test_students_who_see_the_board_see_the_bars_after_the_reveal_only(teacher, code):
    bob = student(code, "Bob")
    platform().classes.show_board(teacher, code, True)
    assert not board(code, bob).button
    poll_id = ask(teacher, code)
    platform().polls.answer(bob, poll_id, WRONG)
    page = board(code, bob)
    assert count(page) == ["1 of 1 have answered"]
    assert QUESTION.why not in headings(page)
    assert not has_bars(page)
    assert not page.button
    platform().polls.reveal(teacher, poll_id)
    page.run()
    assert has_bars(page)
    assert QUESTION.why in headings(page)
    assert not page.button


def test_a_question_of_the_teacher_is_text_to_students_and_on_the_board(teacher, code):
    me = student(code, "Bob")
    page = console(code, teacher)
    page.segmented_control(key="board_question_kind").set_value("To choose").run()
    page.text_input(key="board_own_text").set_value("<b>Why</b> **so** [x](http://e)?")
    page.text_input(key="board_own_option_1").set_value("*one*")
    page.text_input(key="board_own_option_2").set_value("<i>two</i>").run()
    right = page.selectbox(key="board_own_right")
    assert right.options == ["No right answer (opinion)", "*one*", "<i>two</i>"]
    right.set_value(1)
    page.button(key="board_own_ask").click().run()
    assert not page.exception
    poll = platform().polls.current(code)
    assert poll.own.options == ("*one*", "<i>two</i>")
    seen = open_page("runs", me)
    assert "\\<b\\>Why" in text_of(seen)
    assert choices(seen).options == ["\\*one\\*", "\\<i\\>two\\</i\\>"]
    choices(seen).set_value(1).run()
    page = console(code, teacher)
    (figure,) = figures(page, live(page)).values()
    shown = [each["text"] for each in figure["figure"]["layout"]["annotations"]]
    assert shown == ["*one*", "&lt;i&gt;two&lt;/i&gt;"]
    platform().polls.reveal(teacher, poll.id)
    assert "Correct" in text_of(seen.run())


def test_a_number_is_guessed_and_the_histogram_shown_after_the_reveal(teacher, code):
    me, other = student(code, "Bob"), student(code, "Cem")
    page = console(code, teacher)
    page.segmented_control(key="board_question_kind").set_value(
        "A number to guess"
    ).run()
    page.text_input(key="board_own_text").set_value("How many weights?")
    page.number_input(key="board_own_number").set_value(42)
    page.button(key="board_own_ask").click().run()
    poll_id = platform().polls.current(code).id
    for owner, guess in ((me, 42), (other, 50)):
        seen = open_page("runs", owner)
        seen.number_input(key=f"class_guess_{poll_id}").set_value(guess).run()
        assert not seen.exception
    assert platform().polls.current(code).numbers == (42, 50)
    assert "42" not in text_of(seen)
    assert has_bars(console(code, teacher))
    platform().polls.reveal(teacher, poll_id)
    seen.run()
    assert "the middle one is 46, yours is 50, right is **42**" in text_of(seen)
    assert not seen.exception
    assert "1 of 2 had it exactly" in count(board(code, teacher))


def test_after_the_time_the_question_waits_for_the_reveal(teacher, code, monkeypatch):
    me = student(code, "Bob")
    poll_id = platform().polls.ask(teacher, code, ASKED, len(QUESTION.options), 60)
    page = open_page("runs", me)
    before = view_of(f"class/{code}", me, {}).page
    assert choices(page) is not None
    now = time.time()
    monkeypatch.setattr("core.runs.classes.polls.time.time", lambda: now + 61)
    assert view_of(f"class/{code}", me, {}).page != before
    page.run()
    assert choices(page) is None
    assert "The time is over" in text_of(page)
    platform().polls.reveal(teacher, poll_id)
    assert "Not answered" in text_of(page.run())


def test_all_are_brought_to_a_page_until_each_has_gone(teacher, code):
    me = student(code, "Bob")
    page = open_page("runs", me)
    before = view_of(f"class/{code}", me, {}).page
    with pytest.raises(UserError, match="that you teach"):
        platform().classes.bring(me, code, "lstm?lstm_step=Forward")
    platform().classes.bring(teacher, code, "lstm?lstm_step=Forward")
    platform().boards.forget(code)
    assert view_of(f"class/{code}", me, {}).page != before
    page.run()
    assert "Your teacher invites everybody to: LSTM" in text_of(page)
    page.button(key="class_brought_go").click().run()
    assert page.segmented_control(key="lstm_step").value == "Forward"
    assert "invites everybody to" not in text_of(page)
    open_page("classes", teacher, code=code).button(key="board_let_go").click().run()
    platform().boards.forget(code)
    assert "invites everybody to" not in text_of(open_page("runs", me))


def test_only_the_teacher_gets_the_answers_of_all(teacher, code, files):
    me = student(code, "Bob")
    poll_id = ask(teacher, code)
    platform().polls.answer(me, poll_id, 0)
    open_page("classes", teacher, code=code)
    assert QUESTION.options[0] in str(files("board_polls_csv"))
    assert QUESTION.options[0].encode() not in polls_csv(code, me)()
