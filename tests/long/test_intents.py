"""No press is lost or done twice, wherever a request of the browser interrupts it."""

import math
import re
import secrets
from dataclasses import replace

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner, StopException
from streamlit.testing.v1 import AppTest

from core.registry import get_task
from pages.ui import intents, training
from pages.ui.session import platform
from pages.ui.web.server import new_owner
from tests.conftest import wait_until
from tests.driver.pages.app import arrive, open_page
from tests.driver.pages.finished import finished
from tests.driver.pages.search import begin
from tests.rows import change


class Interruptions:
    """Requests that end the script of the first press at chosen calls of Streamlit.

    The first one comes before the page is drawn, the second one after the last call of
    Streamlit in the action: what it has done by then must not be done again.
    """

    def __init__(self, patch):
        self.due, self.inside, self.calls = [], False, 0
        self.carried = []  # keys, when their actions have ended
        handle = ScriptRunner._maybe_handle_execution_control_request
        note, carry_out = intents._note, intents._carry_out

        def handled(runner):
            handle(runner)
            if runner._execing and self._is_due():
                self.ended = True
                raise StopException

        def noted(*args):
            note(*args)
            self.noted = True

        def carried_out(session, key, act):
            self.inside, self.calls = True, 0
            try:
                made = carry_out(session, key, act)
            finally:
                self.inside = False
            self.carried.append((key, self.calls))
            return made

        patch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", handled)
        patch.setattr(intents, "_note", noted)
        patch.setattr(intents, "_carry_out", carried_out)

    def _is_due(self):
        self.calls += self.inside
        before = self.due[:1] == ["before"]
        now = self.noted if before else self.inside and self.calls in self.due[:1]
        return bool(self.due and now and self.due.pop(0))

    def press(self, page, key, due=()):
        """Press a button; return the keys of what was carried out."""
        self.noted, self.due, self.carried, self.ended = False, list(due), [], True
        shown, pressed = page._tree, page.button(key=key).click()
        first = shown.get_widget_states()
        pressed._value = False
        later = shown.get_widget_states()  # of a request without the press
        for states in (first, *[later] * len(due)):
            if self.ended:
                self.ended, page._tree = False, shown
                shown.get_widget_states = lambda states=states: states
                page.run(timeout=120)
        assert not page.exception, page.exception[0].message
        return self.carried


@pytest.fixture
def interruptions(monkeypatch):
    return Interruptions(monkeypatch)


def script():
    import streamlit as st

    from core.task import DataError
    from pages.ui.intents import (
        button,
        carry_out,
        flash_place,
        forget_intents,
        once_a_press,
        run_intents,
    )

    state, made = st.session_state, st.session_state.setdefault("made", [])

    def add():
        once_a_press(made.append, "added")
        state["counted"] = True

    def fail(error):
        raise error

    run_intents("")
    flash_place()
    button("Add", "add", add)
    button("Refuse", "refuse", fail, DataError("Expected a, got *b*."))
    button("Fail", "fail", fail, KeyError("secret"))
    button("Page", "page")
    carry_out("page", lambda: made.append("by the page"))
    forget_intents()


def test_an_action_is_repeated_by_an_interruption_only_and_its_effect_is_not(
    interruptions,
):
    page = AppTest.from_function(script).run()
    interruptions.press(page, "add", ["before", 2])
    assert page.session_state["made"] == ["added"]
    assert page.session_state["counted"]
    interruptions.press(page, "page", ["before"])
    assert page.session_state["made"] == ["added", "by the page"]
    assert page.run().session_state["made"] == ["added", "by the page"]


def test_an_error_drops_the_action_and_is_shown_until_the_next_one(interruptions):
    page = AppTest.from_function(script).run()
    interruptions.press(page, "refuse", ["before"])
    for _ in range(2):
        assert [error.value for error in page.error] == [r"Expected a, got \*b\*\."]
        page.run()
    assert interruptions.carried == [("refuse", 0)]  # nothing could repeat it
    interruptions.press(page, "fail")
    assert [error.value for error in page.error] == [intents.FAILED]
    interruptions.press(page, "add")
    assert not page.error


def nothing(_owner):
    return {}


def on_path(owner):
    platform().paths.go_to(owner, "cell")
    return {}


def own_seed():
    """The first to stop a joined training has no result of it."""
    return secrets.randbelow(999_999)


def long_with_own_seed(_owner):
    own = {"seed": own_seed(), "epochs": EPOCHS, "patience": 0}
    return {f"emoji_{name}": value for name, value in own.items()}


def music_with_own_seed(_owner):
    return {"music_train_seed": own_seed()}


def ended_with_own_seed(owner):
    return ended("stock")(owner) | {"stock_seed": own_seed()}


def ended(task, **changes):
    def prepare(owner):
        run_id = finished(owner, task, epochs=EPOCHS)
        change(platform().store, run_id, **changes)
        return {"run": run_id}

    return prepare


def runs_of_each_kind(owner):
    adding = get_task("adding")
    config, data = adding.tiny()
    finished(owner, "adding")
    platform().start(owner, "adding", replace(config, epochs=EPOCHS), data, join=True)
    return {}


def compared(owner):
    runs = [finished(owner, "adding", learning_rate=rate) for rate in (0.1, 0.2)]
    return {"runs": ",".join(runs)}


def stopped_search(owner):
    study = begin(owner, trials=50, seeds=1)
    platform().stop_search(owner, study)
    return {"study": study}


def taught(owner):
    code = platform().classes.create(owner, "Physics")
    for text in ("First", "Second"):
        platform().classes.add_task(owner, code, text, "http://here/lstm")
    platform().classes.join(new_owner(), code, "Ann")
    return {"code": code}


def board(owner):
    code = taught(owner)["code"]
    platform().classes.bring(owner, code, "http://here/lstm")
    return {"class": code}


def poll(owner):
    query = board(owner)
    platform().polls.ask(owner, query["class"], "lstm The cell", 3, None)
    return query


def student(owner):
    teacher = new_owner()
    code = taught(teacher)["code"]
    platform().classes.bring(teacher, code, "http://here/lstm")
    platform().classes.join(owner, code, "Bob")
    return {}


EPOCHS = 500  # so that a training goes on until it is stopped
LONG = {"seconds": 10_000, "title": get_task("adding").title(None)}
PLACES = {
    "home": ("home", nothing, {}),
    "path": ("path", on_path, {}),
    "page on the path": ("rnn", on_path, {"rnn_step": "Backward"}),
    "gru": ("gru", nothing, {"gru_step": "Learning", "gru_epochs": EPOCHS}),
    "run": (
        "lstm",
        ended("adding", known_before=True, **LONG),
        {"lstm_step": "Learning"},
    ),
    "stopped": ("lstm", ended("adding", status="stopped"), {"lstm_step": "Learning"}),
    "stock": ("stock", ended_with_own_seed, {"stock_tabs": "Recipes"}),
    "emoji": ("emoji", long_with_own_seed, {"emoji_why": "Map", "emoji_model": "v1"}),
    "classes of one's own": ("emoji", nothing, {"emoji_source": "Own classes"}),
    "music": ("music", music_with_own_seed, {"music_tabs": "Human or model?"}),
    "runs": ("runs", runs_of_each_kind, {}),
    "search": ("search", stopped_search, {}),
    "compare": ("compare", compared, {}),
    "class": ("classes", nothing, {}),
    "teacher": ("classes", taught, {}),
    "student": ("classes", student, {}),
    "board": ("board", board, {}),
    "poll": ("board", poll, {}),
    "admin": ("admin", nothing, {}),
}


def plain(text):
    """A key or a sentence without what is random."""
    text = re.sub(r"^(share_(?:copy|revoke)_)\S{8}$", r"\1#", text)
    return re.sub(r"[0-9a-f]{16,}|\b[A-Z]{6}\b", "#", text)


def visible(page):
    """What a press has changed, as far as it is the same in any session."""
    keys = [each.key for each in (*page.button, *page.text_input)]
    said = [each.value for each in (*page.title, *page.error)]
    return sorted(plain(key) for key in keys), [plain(text) for text in said]


def active(owners):
    runs = [run for owner in owners for run in platform().store.runs_of(owner)]
    return [run for run in runs if run.active or run.closing]


def stop(owner, but=()):
    for run in platform().store.runs_of(owner):
        if run.id not in but:
            platform().store.request_stop(owner, run.id)


def stored(owner):
    at = platform()
    classes = at.classes.taught(owner)
    return (
        len(at.store.runs_of(owner)),
        len(at.studies.of_owner(owner)),
        len(at.shares.of(owner)),
        [len(at.classes.tasks(each.code)) for each in classes],
    )


@pytest.mark.parametrize("place", PLACES)
def test_every_button_does_once_what_it_does_undisturbed(
    place, interruptions, monkeypatch
):
    if place != "run":  # elsewhere the estimate depends on what was trained before
        monkeypatch.setattr(training, "LONG_SECONDS", math.inf)
    page_name, prepare, query = PLACES[place]
    owners = new_owner(), new_owner()
    queries = [query | prepare(owner) for owner in owners]
    pages = [
        open_page(page_name, owner, **each)
        for owner, each in zip(owners, queries, strict=True)
    ]
    pressed = set()
    title = pages[0].title[0].value
    while True:
        keys = [
            [button.key for button in page.button if not button.disabled]
            for page in pages
        ]
        assert [plain(key) for key in keys[0]] == [plain(key) for key in keys[1]]
        todo = [n for n, key in enumerate(keys[0]) if plain(key) not in pressed]
        if not todo:
            break
        # A run that is resumed has no replay.
        first = min(todo, key=lambda n: "replay" not in keys[0][n])
        key, other = (each[first] for each in keys)
        pressed.add(plain(key))
        stops = re.search(r"_stop(_|$)", key)
        if stops and not key.startswith("search"):
            for owner, page in zip(owners, pages, strict=True):
                stop(owner, but=page.query_params.get("run", []))
            wait_until(lambda: all(run.progress >= 2 for run in active(owners)))
        done = interruptions.press(pages[0], key)
        calls = [count for _, count in done if count]
        again = interruptions.press(pages[1], other, ["before", *calls[-1:]])
        assert not interruptions.due, (key, interruptions.due)
        assert [plain(k) for k, _ in again] == [plain(k) for k, _ in done], key
        if stops:  # the worker ends the training of the last owner
            wait_until(lambda: not active(owners), what="the end of the training")
            for page in pages:
                page.run(timeout=120)
        assert visible(pages[1]) == visible(pages[0]), key
        assert stored(owners[1]) == stored(owners[0]), key
        if pages[0].title[0].value != title:
            for page, each in zip(pages, queries, strict=True):
                arrive(page, page_name, each)
    for owner in owners:
        stop(owner)
