"""What is heard on this page: kept until somebody asks for something new."""

from typing import NamedTuple

import streamlit as st

from core.music.config import Performance
from core.music.generating import Take, perform
from core.task import UserError
from pages.ui.cache import shared_cache
from pages.ui.music.ask import Ask
from pages.ui.music.models import Voice
from pages.ui.words import as_text

TAKES = 3  # kept in a session: each model's last


class Played(NamedTuple):
    """A take, and what it was asked with."""

    take: Take
    how: Performance
    chords: str


def played(voice: Voice, ask: Ask) -> Played | None:
    """What a model plays: its last take, or a new one where that is asked for."""
    shelf = st.session_state.setdefault("music_takes", {})
    asked = ask.pressed or voice.version not in shelf
    if asked and (made := _play(voice, ask)):
        shelf.pop(voice.version, None)
        shelf[voice.version] = made
        for old in list(shelf)[:-TAKES]:
            del shelf[old]
    return shelf.get(voice.version)


def _play(voice: Voice, ask: Ask) -> Played | None:
    if ask.how is None:  # what is wrong is said beside the chords
        return None
    try:
        take = shared_cache(perform, voice.result, ask.how, ask.chords, ask.primer)
    except UserError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None
    return Played(take, ask.how, ask.chords)
