"""The game of the backward step: a mistake is planted, and found from its evidence."""

import secrets

import pytest

from core.lesson.backward_passes import PRESETS, hidden_mistake, mistakes_of
from core.lesson.cells import CELLS
from core.runs.classes.goals import Goal
from pages.ui.session import platform
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.lessons import data_of, open_lesson, page_of

MISTAKES = [(cell, mistakes_of(cell)[0]) for cell in CELLS]


def game(cell, owner=None, **address):
    """The page that a link to the game opens."""
    page = page_of(cell)
    link = {f"{page}_step": "Backward", f"{page}_preset": "hidden"}
    if cell != page:
        link[f"{page}_cell"] = cell
    return open_page(page, owner, **link, **address)


def seed_of(cell, mistake):
    every = mistakes_of(cell)
    return next(
        seed for seed in range(1, 99) if hidden_mistake(cell, seed, every) == mistake
    )


def planted_in(page, cell):
    return hidden_mistake(cell, seed_in(page), mistakes_of(cell))


def seed_in(page):
    given = page.query_params["mistake"]
    return int(given if isinstance(given, str) else given[0])


def suspect(page, cell):
    return page.pills(key=f"{page_of(cell)}_suspect")


@pytest.mark.parametrize(("cell", "mistake"), MISTAKES)
def test_a_mistake_is_judged_from_its_evidence_which_is_not_told_before(cell, mistake):
    page = game(cell, mistake=str(seed_of(cell, mistake)))
    shown = text_of(page)
    assert "red-badge" in shown
    assert not any(text in shown for text in texts_of(cell))
    assert mistake not in str(data_of(page))
    assert data_of(page)["equations"] is None
    assert PRESETS[mistake].mistake.wrong not in changed_lines(page)
    other = next(name for name in mistakes_of(cell) if name != mistake)
    suspect(page, cell).set_value(other).run()
    shown = text_of(page)
    assert "Not this one" in shown
    assert PRESETS[other].evidence in shown
    assert PRESETS[mistake].explanation not in shown
    suspect(page, cell).set_value(mistake).run()
    assert "Found" in text_of(page)
    assert data_of(page)["equations"]
    assert PRESETS[mistake].mistake.wrong in changed_lines(page)
    assert PRESETS[mistake].evidence in text_of(page)
    assert PRESETS[mistake].explanation in text_of(page)


def changed_lines(page):
    """The lines that are shown as a mistake."""
    shown = [code.value.splitlines() for code in page.code if code.language == "diff"]
    return [line.removeprefix("+ ") for lines in shown for line in lines]


def texts_of(cell):
    presets = [PRESETS[name] for name in mistakes_of(cell)]
    return [text for one in presets for text in (one.explanation, one.evidence)]


def test_a_reload_keeps_the_mistake_and_a_link_has_none():
    page = game("lstm")
    seed = seed_in(page)
    assert 1 <= seed <= 9999
    suspect(page, "lstm").set_value("overwritten").run()
    assert seed_in(page) == seed
    again = game("lstm", mistake=str(seed))
    assert seed_in(again) == seed
    assert seed_in(game("lstm", mistake="0")) != 0
    parts = [part.proto.json for part in page.get("bidi_component")]
    (link,) = [text for text in parts if "lstm_preset=hidden" in text]
    assert "mistake" not in link


def test_the_next_mistake_has_no_answer_yet_and_other_presets_have_none():
    page = game("rnn", mistake=str(seed_of("rnn", "no slope")))
    suspect(page, "rnn").set_value("no slope").run()
    seed = seed_in(page)
    page.button(key="rnn_another").click().run()
    assert suspect(page, "rnn").value is None
    assert seed_in(page) != seed
    page.selectbox(key="rnn_preset").set_value("right").run()
    assert "mistake" not in page.query_params
    assert "green-badge" in text_of(page)
    assert not [pills for pills in page.pills if pills.key == "rnn_suspect"]


def test_the_other_cell_of_a_page_brings_a_mistake_of_its_own():
    page = game("gru", mistake=str(seed_of("gru", "direct path cut")))
    suspect(page, "gru").set_value("direct path cut").run()
    page.segmented_control(key="gru_cell").set_value("mingru").run()
    assert suspect(page, "mingru").value is None
    planted = planted_in(page, "mingru")
    suspect(page, "mingru").set_value(planted).run()
    assert PRESETS[planted].evidence in text_of(page)


def test_the_game_is_entered_and_left_by_buttons():
    page = open_lesson("rnn", step="Backward")
    page.button(key="rnn_find").click().run()
    assert seed_in(page)
    assert "0 of 4 found" in text_of(page)
    page.button(key="rnn_end_game").click().run()
    assert page.selectbox(key="rnn_preset").value == "right"
    assert "mistake" not in page.query_params


def test_rounds_are_counted_until_all_mistakes_of_the_cell_are_found():
    page = game("mingru")
    planted = planted_in(page, "mingru")
    one, other = (name for name in mistakes_of("mingru") if name != planted)
    for answer in (one, other, one):  # the same guess counts once
        suspect(page, "mingru").set_value(answer).run()
    assert "Round 1" in text_of(page)
    assert "2 wrong guesses" in text_of(page)
    for name in mistakes_of("mingru"):
        page.query_params["mistake"] = str(seed_of("mingru", name))
        page.run()
        suspect(page, "mingru").set_value(name).run()
    assert "all 3 mistakes of the minGRU" in page.success[0].value
    page.button(key="gru_another").click().run()
    assert "Round 1" in text_of(page)
    assert "0 of 3 found" in text_of(page)
    assert "0 wrong guesses" in text_of(page)


def test_a_mistake_that_changes_nothing_is_not_hidden_whatever_settings_come():
    """Of two units with seed 0, Waa is its own transpose."""
    seed = str(seed_of("rnn", "transpose forgotten"))
    page = game("rnn", rnn_sequence_units="2", mistake=seed)
    assert "red-badge" in text_of(page)
    assert "Not hidden here: *Waa in place of Waaᵀ*" in text_of(page)
    page = game("rnn", mistake=seed)
    assert "Not hidden here" not in text_of(page)
    suspect(page, "rnn").set_value("no slope").run()
    assert "Not this one" in text_of(page)
    page.number_input(key="rnn_sequence_units").set_value(2).run()
    assert not page.exception
    assert "red-badge" in text_of(page)
    assert suspect(page, "rnn").value is None
    assert "Round 1" in text_of(page)


@pytest.mark.parametrize("cell", ["lstm", "mingru"])
def test_a_found_mistake_is_noted_for_the_class_and_a_wrong_guess_is_not(cell):
    classes = platform().classes
    teacher, student = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    code = classes.create(teacher, "")
    classes.join(student, code, "Bob")
    link = {
        "lstm": "lstm?lstm_step=Backward&lstm_preset=hidden",
        "mingru": "gru?gru_step=Backward&gru_preset=hidden&gru_cell=mingru",
    }
    goal = Goal(event=f"mistake {cell}")
    classes.add_task(teacher, code, "Find it", link[cell], goal)
    page = game(cell, student, mistake=str(seed_of(cell, "dropped")))
    suspect(page, cell).set_value("overwritten").run()
    assert classes.done(student) == set()
    suspect(page, cell).set_value("dropped").run()
    assert classes.done(student) == {classes.tasks(code)[0].id}
