"""What the live route answers of a class: to whom, and what before a reveal."""

import json
import secrets

import pytest

from pages.ui.lesson.texts import QUESTIONS
from pages.ui.live.view import VIEWS, view_of
from pages.ui.session import platform
from tests.driver.pages.finished import finished

ASKED = "lstm Backward"
QUESTION = QUESTIONS["lstm", "Backward"]
WRONG = next(n for n in range(len(QUESTION.options)) if n != QUESTION.right)
BOARD = ("board", "class_runs", "poll")  # what a board's viewers are sent
ALL = (*BOARD, "class", "students")
ADDING = {"training": "adding", "setting": "epochs", "measure": "lstm_mse"}


class Class:
    """A class of Ann and Bob, and what its views answer."""

    def __init__(self):
        names = ("teacher", "ann", "bob", "eve")
        self.owners = {name: secrets.token_urlsafe(32) for name in names}
        self.code = self.create("teacher")
        self.screen = platform().classes.get(self.code).screen
        for name in ("ann", "bob"):
            platform().classes.join(self.owners[name], self.code, name)

    def create(self, name):
        return platform().classes.create(self.owners[name], "")

    def view(self, name, view, code=None, **query):
        """What the route answers somebody now, or None: not found."""
        code = self.code if code is None else code
        platform().boards.forget(code)
        return view_of(f"{view}/{code}", self.owners.get(name), query)

    def told(self, name, view, **query):
        return json.loads(self.view(name, view, **query).encoded())

    def seen_by(self, name, code=None):
        """The views that somebody is answered."""
        return {each for each in ALL if self.view(name, each, code)}

    def show(self, shown=True):
        platform().classes.show_board(self.owners["teacher"], self.code, shown)

    def hide(self, name):
        members = platform().classes.members(self.code)
        (member,) = (each for each in members if each.name == name)
        platform().classes.hide(self.owners["teacher"], self.code, member.id, True)

    def ask(self):
        ask, teacher = platform().polls.ask, self.owners["teacher"]
        return ask(teacher, self.code, ASKED, len(QUESTION.options))


@pytest.fixture
def school():
    return Class()


def test_these_tests_cover_every_view_of_a_class():
    folders = {each: module.split(".")[2] for each, module in VIEWS.items()}
    of_classes = {each for each in VIEWS if folders[each] in ("board", "classes")}
    assert of_classes == set(ALL)


def test_students_are_answered_of_the_board_only_while_it_is_shown(school):
    assert school.seen_by("teacher") == {*BOARD, "students"}
    assert school.seen_by("ann") == {"class"}
    school.show()
    assert school.seen_by("ann") == {*BOARD, "class"}
    school.show(False)
    assert school.seen_by("ann") == {"class"}


def test_strangers_and_other_classes_are_answered_nothing(school):
    school.show()
    other = school.create("eve")
    for code in (None, "BCDFGH", "", "\0", "%", school.code.lower(), "B" * 10_000):
        assert school.seen_by("eve", code) == set()
        assert school.seen_by("nobody", code) == set()
    for name in ("teacher", "ann"):
        assert school.seen_by(name, other) == set()


def test_the_screens_token_shows_tiles_and_question_of_its_class_alone(school):
    other = school.create("eve")
    for token, shown in ((school.screen, {"board", "poll"}), ("x", set()), ("", set())):
        assert {v for v in ALL if school.view("bob", v, screen=token)} - {
            "class"
        } == shown
        assert not any(school.view("bob", view, other, screen=token) for view in ALL)
    finished(school.owners["ann"], "adding")
    tiles = school.told("bob", "board", screen=school.screen)["board"]["students"]
    assert [tile["run"] for tile in tiles] == [None, None]


def test_an_ended_class_answers_no_request(school):
    school.show()
    platform().classes.end(school.owners["teacher"], school.code)
    for name in school.owners:
        assert school.seen_by(name) == set()


def test_a_student_who_left_gets_no_answer(school):
    school.show()
    platform().classes.leave(school.owners["ann"])
    assert school.seen_by("ann") == set()
    assert [each["name"] for each in _students(school)] == ["bob"]


def test_neither_tile_nor_dot_of_a_hidden_student_is_sent(school):
    finished(school.owners["ann"], "adding")
    school.show()
    assert "ann" in str(school.told("bob", "class_runs", **ADDING))
    school.hide("ann")
    for name in ("teacher", "bob"):
        assert [each["name"] for each in _students(school, name)] == ["bob"]
        assert "ann" not in str(school.told(name, "class_runs", **ADDING))
    assert school.view("ann", "class")


def test_a_hidden_student_still_sees_what_is_done(school):
    school.hide("ann")
    add = platform().classes.add_task
    add(school.owners["teacher"], school.code, "Look back", "lstm")
    (task,) = platform().classes.tasks(school.code)
    before = school.view("ann", "class").page
    platform().classes.tick(school.owners["ann"], task.id, True)
    assert school.view("ann", "class").page != before


def _students(school, name="teacher"):
    return school.told(name, "board")["board"]["students"]


def test_a_poll_tells_students_nothing_but_a_count_before_the_reveal(school):
    school.show()
    poll_id = school.ask()
    answers = {"ann": QUESTION.right, "bob": WRONG}
    seen = []
    for option in (QUESTION.right, WRONG):
        platform().polls.answer(school.owners["bob"], poll_id, option)
        seen.append(school.told("ann", "poll"))
    assert seen[0] == seen[1]  # not even its version tells what was chosen
    (count,) = seen[0]["blocks"]
    assert count["text"] == "1 of 2 have answered"
    for name, option in answers.items():
        platform().polls.answer(school.owners[name], poll_id, option)

    def kinds(name, **query):
        return [each["kind"] for each in school.told(name, "poll", **query)["blocks"]]

    assert kinds("teacher", console="true") == ["text", "figure"]
    screens = ("teacher", {}), ("bob", {"screen": school.screen})
    assert [kinds(name, **query) for name, query in screens] == [["text"]] * 2
    platform().classes.show_bars(school.owners["teacher"], school.code, True)
    assert [kinds(name, **query) for name, query in screens] == [["text", "figure"]] * 2
    for query in ({}, {"console": "true"}, {"screen": "x"}):
        assert kinds("ann", **query) == ["text"]
    platform().polls.reveal(school.owners["teacher"], poll_id)
    count, bars = school.told("ann", "poll")["blocks"]
    assert count["text"] == "1 of 2 had it right"
    assert f"{QUESTION.options[QUESTION.right]} 1 · 50% (right)" in bars["alt"]


def test_the_pages_of_a_class_are_drawn_anew_when_a_poll_or_an_own_answer_changes(
    school,
):
    def pages():
        return [school.view(name, "class").page for name in ("ann", "bob")]

    stages = [pages()]
    poll_id = school.ask()
    stages.append(pages())
    platform().polls.answer(school.owners["ann"], poll_id, WRONG)
    stages.append(pages())
    platform().polls.reveal(school.owners["teacher"], poll_id)
    stages.append(pages())
    platform().polls.close(school.owners["teacher"], poll_id)
    stages.append(pages())
    ann, bob = zip(*stages, strict=True)
    assert len(set(ann[:-1])) == 4
    assert ann[-1] == ann[0]
    assert len(set(bob[:-1])) == 3
    assert bob[1] == bob[2]  # somebody else's answer draws no page


def test_only_pages_that_show_the_tasks_are_drawn_anew_when_these_are_moved(school):
    classes, teacher = platform().classes, school.owners["teacher"]

    def pages():
        views = school.view("ann", "class"), school.view("ann", "class", tasks="true")
        return [view.page for view in views]

    first = pages()
    for text in ("a", "b"):
        classes.add_task(teacher, school.code, text, "lstm")
    second = pages()
    assert all(a != b for a, b in zip(first, second, strict=True))
    (_, task) = classes.tasks(school.code)
    classes.move_task(teacher, school.code, task.id, 0)
    line, tasks = pages()
    assert line == second[0]
    assert tasks != second[1]


def test_odd_queries_are_answered_and_harm_nothing(school):
    finished(school.owners["ann"], "adding")
    odd = {"sort": "x", "task": "\0", "ink": "x", **dict.fromkeys(ADDING, "__class__")}
    for view in BOARD:
        assert school.told("teacher", view, **odd)["page"]
    assert "blocks" not in school.told("teacher", "class_runs", **odd)


def test_unchanged_class_views_keep_their_version(school):
    finished(school.owners["ann"], "adding")
    school.ask()
    for view in ALL:
        name = "ann" if view == "class" else "teacher"
        versions = {school.view(name, view, **ADDING).version for _ in range(2)}
        assert len(versions) == 1, view
