"""The class page: a class is started, joined, given tasks, and ended."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import StoreError
from core.runs.classes.goals import Goal
from core.runs.classes.links import parse_link
from pages.ui.classes.destinations import destinations
from pages.ui.session import platform
from pages.ui.web.server import new_owner
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.finished import finished
from tests.driver.pages.lessons import play
from tests.pages.answers import answer, part
from tests.pages.classes.conftest import student

ADDING = "http://here/lstm?lstm_step=Learning&lstm_task=adding&lstm_epochs=7"
BACKWARD = "http://here/lstm?lstm_step=Backward"
SUM = "Add two numbers"


def joined(code, name):
    """The page of somebody who follows the link to a class, and gives a name."""
    page = open_page("classes", new_owner(), code=code)
    page.text_input(key="classes_name").set_value(name)
    return page.button(key="classes_join").click().run()


def names(code):
    return [member.name for member in platform().classes.members(code)]


def buttons(page, start):
    return [button for button in page.button if (button.key or "").startswith(start)]


def bar(page):
    """The line of the class on a page, or None."""
    lines = [p for p in page.get("popover") if "Class " in p.proto.popover.label]
    return lines[0].proto.popover.label if lines else None


def test_a_class_is_started_with_a_code_and_a_link_for_others(teacher):
    page = open_page("classes", teacher)
    page.text_input(key="classes_title").set_value("Physics 10b")
    page.button(key="classes_start").click().run()
    (found,) = platform().classes.taught(teacher)
    assert not page.exception
    assert page.title[0].value == "Physics 10b"
    assert f"/classes?code={found.code}" in text_of(page)
    assert page.query_params["code"] == found.code


def test_who_tries_it_alone_sees_a_training_of_their_own_on_the_board(teacher):
    page = open_page("classes", teacher)
    page.button(key="classes_alone").click().run()
    (found,) = platform().classes.taught(teacher)
    assert names(found.code) == ["You"]
    (run,) = platform().store.runs_of(teacher)
    assert run.active
    assert page.query_params["class"] == found.code
    assert platform().boards.member_of(found.code, run.id).name == "You"
    platform().stop(teacher, run.id)


def test_a_student_joins_with_the_code_in_small_letters_and_spaces(code):
    page = open_page("classes", new_owner())
    page.text_input(key="classes_code").set_value(f" {code[:3]} {code[3:]} ".lower())
    page.text_input(key="classes_name").set_value("ann")
    page.button(key="classes_join").click().run()
    assert not page.exception
    assert bar(page) == f"Class {code} · ann"
    assert "Eleven stations" in text_of(page)  # without tasks, the path
    assert names(code) == ["ann"]


def test_joining_another_class_shows_what_the_first_still_sees(teacher, code):
    owner = student(code, "ann")
    second = platform().classes.create(teacher, "Chemistry")
    page = open_page("classes", owner, code=second)
    assert "until you leave one" in page.info[0].value


def test_the_link_of_a_class_asks_for_a_name_only(code):
    page = open_page("classes", new_owner(), code=code)
    assert [box.label for box in page.text_input] == ["Your name"]
    page.text_input(key="classes_name").set_value("7")
    page.button(key="classes_join").click().run()
    assert bar(page) == f"Class {code} · 7"
    page.switch_page("pages/classes.py").run()
    assert "You are **7**" in text_of(page)


def test_joining_leads_to_the_current_task_and_an_empty_name_is_asked_for(
    teacher, code
):
    platform().classes.add_task(teacher, code, SUM, ADDING)
    page = joined(code, "  ")
    assert page.error[0].value.startswith("Type your name")
    assert names(code) == []
    page = joined(code, "ann")
    assert page.number_input(key="lstm_epochs").value == 7


def test_a_wrong_code_is_refused_in_a_sentence_and_asked_for_once(code):
    page = open_page("classes", new_owner(), code="ZZZZZZ")
    assert len(page.error) == 1
    assert "code" not in page.query_params
    assert not page.run().error
    page.text_input(key="classes_code").set_value("ZZZZZZ")
    page.text_input(key="classes_name").set_value("ann")
    page.button(key="classes_join").click().run()
    assert len(page.error) == 1
    assert names(code) == []


def test_a_name_that_another_student_has_is_refused_but_not_logged(code, caplog):
    joined(code, "ann")
    page = joined(code, "ANN")
    assert "already called" in page.error[0].value
    assert "refused classes_join: UserError" in caplog.text
    assert "ANN" not in caplog.text
    assert names(code) == ["ann"]


def test_a_closed_class_takes_nobody_new(teacher, code):
    page = open_page("classes", teacher, code=code)
    page.toggle(key="classes_open").set_value(False).run()
    assert "New students cannot join" in text_of(page)
    assert "closed" in joined(code, "ann").error[0].value
    page.toggle(key="classes_open").set_value(True).run()
    assert not joined(code, "ann").error


def test_markup_in_names_titles_and_tasks_is_shown_as_text(teacher):
    markup = "**b** :red[x] $y$"
    code = platform().classes.create(teacher, markup)
    platform().classes.add_task(teacher, code, markup, ADDING)
    mine, page = open_page("classes", teacher, code=code), joined(code, markup)
    page.switch_page("pages/classes.py").run()
    escaped = r"\*\*b\*\* \:red\[x\] \$y\$"
    for each in (mine, page):
        assert each.title[0].value == escaped
        assert not any(markup in label for label in _labels(each))
    assert f"You are **{escaped}**" in text_of(page)
    assert escaped in text_of(mine)
    assert escaped in bar(page.switch_page("pages/lstm.py").run())


def _labels(page):
    boxes = (*page.button, *page.checkbox, *page.markdown, *page.caption)
    return [getattr(box, "label", None) or str(box.value) for box in boxes]


def add_task(page, text, link, check=None, number=None):
    page.text_input(key="classes_task_text").set_value(text)
    page.text_input(key="classes_task_link").set_value(link).run()
    if check:
        page.selectbox(key="classes_task_check").set_value(check).run()
    if number is not None:
        page.number_input(key="classes_task_number").set_value(number).run()
    page.button(key="classes_task_add").click().run()
    assert not page.exception


def test_the_teacher_sets_a_task_with_a_figure_to_be_reached(teacher, code):
    page = open_page("classes", teacher, code=code)
    add_task(page, SUM, ADDING, "Squared error, LSTM", 0.02)
    (task,) = platform().classes.tasks(code)
    assert (task.text, task.page) == (SUM, "lstm")
    assert parse_qs(task.query)["lstm_epochs"] == ["7"]
    assert (task.goal.most, task.goal.least) == (0.02, None)
    assert SUM in text_of(page)
    assert "below 0.02" in text_of(page).replace("\\", "")
    assert page.text_input(key="classes_task_text").value == ""
    add_task(page, "Look back", BACKWARD)
    assert platform().classes.tasks(code)[1].goal is None


def test_a_goal_that_is_typed_just_before_the_click_is_that_of_the_task(teacher, code):
    page = open_page("classes", teacher, code=code)
    page.text_input(key="classes_task_text").set_value(SUM)
    page.text_input(key="classes_task_link").set_value(ADDING).run()
    check = page.selectbox(key="classes_task_check").set_value("Squared error, LSTM")
    check.run()
    page.number_input(key="classes_task_number").set_value(0.02)
    page.button(key="classes_task_add").click().run()
    assert platform().classes.tasks(code)[0].goal.most == 0.02


def test_a_task_and_an_invitation_are_chosen_from_a_menu(teacher, code):
    page = open_page("lstm", teacher, lstm_step="Learning", lstm_task="adding")
    page.number_input(key="lstm_epochs").set_value(9).run()
    page.switch_page("pages/classes.py").run()
    menu = page.selectbox(key="classes_task_page")
    found = destinations({"lstm": page.session_state["address"].visited["lstm"]})
    links = {title: link for link, title in found.items()}
    assert menu.options == list(links)
    assert menu.options[0] == "LSTM · as I have it now"
    for title in (menu.options[0], "LSTM · Adding problem · Ten steps only"):
        page.text_input(key="classes_task_text").set_value(title)
        page.selectbox(key="classes_task_page").set_value(links[title]).run()
        page.button(key="classes_task_add").click().run()
        assert not page.exception
    tasks = platform().classes.tasks(code)
    assert [task.task for task in tasks] == ["adding", "adding"]
    assert parse_qs(tasks[0].query)["lstm_epochs"] == ["9"]
    page.selectbox(key="board_bring_page").set_value(links["RNN · Forward"]).run()
    page.button(key="board_bring").click().run()
    assert platform().classes.get(code).brought_query == "rnn_step=Forward"


@pytest.mark.parametrize("link", destinations({}))
def test_each_page_of_the_menu_is_a_link_with_settings(link):
    page, query, _ = parse_link(link)
    assert link == f"{page}?{query}"


def test_a_share_is_typed_in_percent(teacher, code):
    page = open_page("classes", teacher, code=code)
    page.text_input(key="classes_task_link").set_value("http://here/emoji").run()
    shares = page.selectbox(key="classes_task_check").options
    add_task(
        page,
        "Be right often",
        "http://here/emoji",
        next(title for title in shares if "ccuracy" in title),
        60,
    )
    assert platform().classes.tasks(code)[0].goal.least == pytest.approx(0.6)


def test_an_invalid_task_link_is_refused_in_a_sentence(teacher, code):
    page = open_page("classes", teacher, code=code)
    for link in ("https://elsewhere.example/", "http://here/shared?share=x"):
        page.text_input(key="classes_task_link").set_value(link).run()
        assert "expected one to" in page.error[0].value
        assert not buttons(page, "classes_task_add")


def test_tasks_are_moved_and_removed(teacher, code):
    classes = platform().classes
    for text in "abc":
        classes.add_task(teacher, code, text, ADDING)
    page = open_page("classes", teacher, code=code)
    first, _, third = classes.tasks(code)
    page.button(key=f"classes_up_{third.id}").click().run()
    assert [task.text for task in classes.tasks(code)] == ["a", "c", "b"]
    page.button(key=f"classes_remove_{first.id}").click().run()
    assert [task.text for task in classes.tasks(code)] == ["c", "b"]


def test_a_student_ticks_a_task_and_every_page_says_so(teacher, code):
    platform().classes.add_task(teacher, code, "Look back", BACKWARD)
    owner = student(code, "ann")
    (task,) = platform().classes.tasks(code)
    page = open_page("classes", owner)
    page.checkbox(key=f"classes_tick_{task.id}").check().run()
    assert platform().classes.done(owner) == {task.id}
    page.switch_page("pages/lstm.py").run()
    assert bar(page) == f"Class {code} · ann · 1 of 1 task done"
    page.session_state["class_bar"] = True
    page.run().checkbox(key=f"class_bar_tick_{task.id}").uncheck().run()
    assert platform().classes.done(owner) == set()
    assert bar(page).endswith("0 of 1 task done")


def test_a_task_opens_with_its_settings_even_on_the_page_that_is_shown(teacher, code):
    platform().classes.add_task(teacher, code, SUM, ADDING)
    (task,) = platform().classes.tasks(code)
    page = open_page("lstm", student(code, "ann"))
    for _ in range(2):
        page.session_state["class_bar"] = True
        page.run().button(key=f"class_bar_open_{task.id}").click().run()
        assert not page.exception
        assert page.number_input(key="lstm_epochs").value == 7
        page.number_input(key="lstm_epochs").set_value(9).run()


def test_a_finished_run_that_reaches_the_figure_does_the_task(teacher, code):
    for most in (1e-9, 1e9):
        goal = Goal(measure="lstm_mse", most=most)
        platform().classes.add_task(teacher, code, SUM, ADDING, goal)
    owner = student(code, "ann")
    finished(owner, "adding")
    assert bar(open_page("home", owner)).endswith("1 of 2 tasks done")


def test_the_right_answer_to_the_question_of_a_step_does_the_task(teacher, code):
    goal = Goal(event="question lstm Backward")
    platform().classes.add_task(teacher, code, "Answer it", BACKWARD, goal)
    owner = student(code, "ann")
    page = open_page("lstm", owner, lstm_step="Backward")
    play(page, "seen_backward lstm")
    for chosen, done in (("By the output gate", 0), ("By the forget gate", 1)):
        page.pills(key="lstm_ask_backward").set_value(chosen).run()
        assert not page.exception
        assert len(platform().classes.done(owner)) == done


def test_a_repeated_event_counts_for_a_student_who_left_and_came_back(teacher, code):
    classes = platform().classes
    goal = Goal(event="question lstm Backward")
    classes.add_task(teacher, code, "Predict", BACKWARD, goal)
    owner = student(code, "ann")
    script = AppTest.from_function(_note_leave_and_come_back)
    script.session_state["owner"], script.session_state["code"] = owner, code
    assert not script.run().exception
    (task,) = classes.tasks(code)
    assert classes.done(owner) == {task.id}


def _note_leave_and_come_back():
    import streamlit as st

    from pages.ui.classes.student import _leave
    from pages.ui.membership import note_event, note_presence
    from pages.ui.session import owner, platform

    note_presence()
    note_event("question lstm Backward")
    _leave()
    platform().classes.join(owner(), st.session_state["code"], "ann")
    note_presence()
    note_event("question lstm Backward")


def test_only_students_see_the_class_line(teacher, code):
    assert bar(open_page("lstm", teacher)) is None
    assert bar(open_page("lstm", new_owner())) is None
    assert bar(open_page("lstm", student(code, "ann"))) == f"Class {code} · ann"


def test_the_class_line_returns_when_the_store_does(code, monkeypatch):
    page = open_page("lstm", student(code, "ann"))
    with monkeypatch.context() as away:
        away.setattr(platform().store, "reading", _away)
        platform().boards.forget(code)
        page.run()
        assert bar(page) is None
        assert part(page, "class_away")["first"] is None
    platform().boards.forget(code)
    assert bar(page.run()) == f"Class {code} · ann"


def _away():
    raise StoreError("The store is away.")


def test_a_student_is_called_another_and_leaves(code):
    owner = student(code, "ann")
    page = open_page("classes", owner)
    page.text_input(key=f"classes_rename_{code}").set_value("bob").run()
    assert "You are **bob**" in text_of(page)
    student(code, "ann")
    page.text_input(key=f"classes_rename_{code}").set_value("Ann").run()
    assert "already called" in page.error[0].value
    page.button(key="classes_leave").click().run()
    assert names(code) == ["ann"]
    assert page.button(key="classes_join")


def test_the_board_is_linked_for_students_only_when_it_is_shown(teacher, code):
    owner = student(code, "ann")
    assert not open_page("classes", owner).get("link_button")
    page = open_page("classes", teacher, code=code)
    page.toggle(key="classes_board_shown").set_value(True).run()
    (link,) = open_page("classes", owner).get("link_button")
    assert urlsplit(link.proto.url).query == f"class={code}"


def test_the_teacher_hides_a_name_and_shows_it_again(teacher, code):
    student(code, "ann")
    page = open_page("classes", teacher, code=code)
    board = open_page("board", teacher, **{"class": code})
    for hidden in (True, False):
        (name,) = buttons(page, "classes_hide_")
        name.click().run()
        shown = answer(board.run(), "board_live")["board"]["students"]
        assert [each["name"] for each in shown] == ([] if hidden else ["ann"])
        assert [m.hidden for m in platform().classes.members(code)] == [hidden]


def test_a_teachers_link_moves_the_class_to_another_browser_once(teacher, code):
    page = open_page("classes", teacher, code=code)
    page.button(key="classes_teacher_link").click().run()
    link = page.success[0].value.split("```")[1].removeprefix("text\n").strip()
    query = dict(parse_qsl(urlsplit(link).query))
    # In the browser that teaches, whose address is shown and passed on, it is removed.
    own = open_page("classes", teacher, **query)
    assert buttons(own, "classes_end")
    assert "teacher" not in own.query_params
    first, second = (open_page("classes", new_owner(), **query) for _ in range(2))
    for each in (first, second):
        assert not buttons(each, "classes_end")
        each.button(key="classes_take_over").click().run()
    assert buttons(first, "classes_end")
    assert "teacher" not in first.query_params
    assert not buttons(page.run(), "classes_end")
    assert "used or replaced" in second.error[0].value
    assert not buttons(second, "classes_end")


def test_a_student_with_a_new_device_is_let_in_again_under_the_name(teacher, code):
    former = student(code, "ann")
    page = open_page("classes", teacher, code=code)
    page.button(key="classes_readmit").click().run()
    assert "ann" in page.success[0].value
    assert not joined(code, "ann").error
    assert names(code) == ["ann"]
    assert platform().classes.member(former) is None


def test_another_browser_does_not_teach_a_class_whose_code_it_knows(code):
    page = open_page("classes", student(code, "ann"), code=code)
    keys = {button.key for button in page.button}
    assert not keys & {"classes_keep", "classes_end", "classes_task_add"}


def test_a_class_is_kept_for_a_week_and_ended_for_all(teacher, code):
    owner = student(code, "ann")
    looks, elsewhere = open_page("classes", owner), open_page("lstm", owner)
    page = open_page("classes", teacher, code=code)
    page.button(key="classes_keep").click().run()
    assert "about 7 days" in text_of(page)
    page.button(key="classes_end").click().run()
    assert page.button(key="classes_start")
    assert "has ended" in text_of(looks.run())
    assert platform().classes.member(owner) is None
    assert "has ended" in text_of(elsewhere.run())
    assert "has ended" in text_of(elsewhere.run())
    elsewhere.button(key="class_ended_seen").click().run()
    assert "has ended" not in text_of(elsewhere)
    assert bar(elsewhere) is None
    assert not elsewhere.run().toast


def test_a_page_that_is_drawn_anew_by_itself_is_no_action_of_its_student(code):
    owner = student(code, "ann")
    (before,) = platform().classes.members(code)
    script = AppTest.from_function(_draw_anew)
    script.session_state["owner"] = owner
    assert not script.run().exception
    assert platform().classes.members(code) == [before]


def _draw_anew():
    from pages.ui.classes.state import _without_action
    from pages.ui.membership import note_presence

    _without_action()
    note_presence()


def test_a_teacher_of_two_classes_chooses_between_them(teacher, code):
    second = platform().classes.create(teacher, "Chemistry")
    page = open_page("classes", teacher)
    assert page.title[0].value == "Chemistry"
    links = [link.proto for link in page.get("page_link")]
    assert [link.query_string for link in links] == [f"code={code}"]
    page = open_page("classes", teacher, code=code)
    assert page.title[0].value == "Physics 10b"
    assert second in page.get("page_link")[0].proto.label
