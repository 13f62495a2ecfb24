"""Play it yourself: what is recorded is continued and answered, and by whom."""

import pytest

from core.music.playing.played import MOST_EXCHANGES, played_piece
from core.music.theory.notes import Meter, Note
from pages.ui.music.playing import EXCHANGE, RECORDED
from tests.driver.pages.app import open_page, words
from tests.driver.pages.music import generate, take

CALL = played_piece((Note(0, 1, 67), Note(1, 1, 72)), 2, Meter(2, 4), 120.0)


@pytest.fixture
def box():
    """A page with an opened keyboard and a recording."""
    page = open_page("music")
    page.session_state["music_tabs"] = "Take away"  # the least work to draw
    page.session_state["music_play_open"] = True
    page.session_state[RECORDED] = CALL
    generate(page, meter="2/4", bars=8, tempo=120, chords="C | G7")
    return page


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    assert not page.error


def test_recorded_notes_are_continued_as_the_primer(box):
    assert "You played 2 notes in 2 bars of 2/4, G4 to C5" in words(box)
    press(box, "music_continue")
    assert box.selectbox(key="music_primer").value == "What you played"
    assert take(box).given == CALL.steps
    assert list(take(box).piece.melody[: CALL.steps]) == list(CALL.melody)
    generate(box, seed=5)
    assert list(take(box).piece.melody[: CALL.steps]) == list(CALL.melody)


def test_calls_are_answered_until_the_exchange_is_full_or_begun_anew(box):
    press(box, "music_answer")
    assert "Your turn, exchange 2 of 8" in words(box)
    first = list(take(box).piece.melody)
    assert first[: CALL.steps] == list(CALL.melody)
    assert len(first) == 2 * CALL.steps
    for _ in range(MOST_EXCHANGES - 1):
        press(box, "music_answer")
    assert list(take(box).piece.melody[: len(first)]) == first
    assert "That was the last of 8 exchanges" in words(box)
    assert box.button(key="music_answer").disabled
    press(box, "music_answer_new")
    assert EXCHANGE not in box.session_state
    assert not box.button(key="music_answer").disabled


def test_an_answer_has_the_settings_that_were_changed_just_before_the_click(box):
    box.number_input(key="music_temperature").set_value(0.4)
    press(box, "music_answer")
    (now,) = (
        each.current
        for each in box.session_state["music_takes"].values()
        if each.current.chords == "C | G7"
    )
    assert now.how.temperature == 0.4


def test_the_classic_recipe_cannot_read_what_is_played(box):
    box.session_state["music_voice"] = "classic"
    box.run()
    assert not box.exception
    assert box.button(key="music_continue").disabled
    assert box.button(key="music_answer").disabled
    assert "cannot read a melody" in words(box)
