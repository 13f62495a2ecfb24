"""What is to be played, and how: the controls under the roll."""

import secrets
from typing import NamedTuple

import streamlit as st

from core.music.config import Performance
from core.music.film import FIRST_CHORDS
from core.music.piece import Piece
from core.music.progression import parse_chords
from core.music.progressions import PROGRESSIONS
from core.task import UserError
from pages.ui.address import hold
from pages.ui.controls import setting
from pages.ui.music.choosing import choosing
from pages.ui.music.models import Voice
from pages.ui.music.primers import ASKED, choose_primer
from pages.ui.words import as_text

BY_NAME = {one.name: one for one in PROGRESSIONS}
NUMBERS = ("temperature", "top_k", "top_p", "seed", "bars", "tempo")
INSTRUMENTS = ("instrument", "chord_instrument")
PLAYED = ("style", "key", "meter")
SEEDS = 1_000_000


class Ask(NamedTuple):
    """What the controls ask for; `how` is None where it cannot be played."""

    how: Performance | None
    chords: str
    primer: Piece | None
    pressed: bool


def ask(voice: Voice) -> Ask:
    """Draw the controls; return what they ask for."""
    hears = voice.result.hears_chords
    left, right = st.columns([2, 1], gap="medium")
    with left:
        chords = _chords(hears)
    with right:
        st.selectbox(
            "Progressions",
            list(BY_NAME),
            index=None,
            key=hold("music_progression", None, BY_NAME),
            placeholder="Choose a progression",
            help="Fills in the chords, with their usual number of bars, meter and "
            "tempo.",
            on_change=_take_progression,
            disabled=not hears,
            persist_state="session",
        )
        pressed = _buttons()
    trouble = st.container()
    with st.grid(4, min_column_width=130):
        values = {name: setting("music", Performance, name) for name in NUMBERS}
        for name in INSTRUMENTS:
            values[name] = choosing("music", Performance, name)
    with st.expander("Key, meter, swing, primer, originality", icon=":material/tune:"):
        with st.grid(3, min_column_width=150):
            for name in PLAYED:
                values[name] = choosing("music", Performance, name)
            values["swing"] = setting("music", Performance, "swing")
            primer = choose_primer(voice)
            values["primer_bars"] = setting("music", Performance, "primer_bars")
        values["originality"] = setting("music", Performance, "originality")
    how = None
    try:
        how = Performance(**values)
        if chords.strip():
            parse_chords(chords, how.written_meter or voice.result.meter)
    except UserError as error:
        how = None
        trouble.error(as_text(str(error)), icon=":material/error:")
    return Ask(how, chords, primer, pressed)


def _buttons() -> bool:
    """Draw what makes the model play; tell whether it was asked to."""
    with st.container(horizontal=True):
        pressed = st.button(
            "Generate",
            type="primary",
            icon=":material/music_note:",
            width="stretch",
            key="music_generate",
            help="Generates a new melody with these settings.",
        )
        st.button(
            "Another",
            icon=":material/casino:",
            width="stretch",
            key="music_another",
            help="Generates with a new random seed: the same settings, other notes.",
            on_click=_draw_seed,
        )
    return pressed or st.session_state.pop(ASKED, False)


def _draw_seed() -> None:
    st.session_state["music_seed"] = secrets.randbelow(SEEDS)
    st.session_state[ASKED] = True


def _chords(hears: bool) -> str:
    chords = st.text_area(
        "Chords",
        key=hold("music_chords", FIRST_CHORDS.text),
        height=110,
        placeholder="Dm7 G7 | Cmaj7 | %",
        help="The chords to improvise over: | separates bars, % repeats the previous "
        "bar. They are repeated until all bars are filled.",
        disabled=not hears,
        persist_state="session",
    )
    if hears:
        return chords
    st.caption(
        ":material/info: This model was trained on melodies without chords. It plays "
        "freely, and chords are then chosen to fit its melody."
    )
    return ""


def _take_progression() -> None:
    chosen = BY_NAME.get(st.session_state["music_progression"])
    if chosen is None:
        return
    st.session_state["music_chords"] = chosen.text
    st.session_state["music_bars"] = min(64, max(8, chosen.bars))
    st.session_state["music_tempo"] = round(chosen.tempo)
    st.session_state["music_meter"] = str(chosen.meter)
