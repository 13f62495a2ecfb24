"""What lies below: the melody, the model, the quiz, the files, the explanation."""

import streamlit as st

from pages.ui.address import hold
from pages.ui.music.away import take_away
from pages.ui.music.how import how_it_works
from pages.ui.music.judged import judgement_view
from pages.ui.music.melody import melody_view
from pages.ui.music.models import Voice
from pages.ui.music.quiz import quiz_view
from pages.ui.music.takes import Played

NAMES = ["Result", "Judgement", "Human or model?", "Take away", "How it works"]


def tabs(voice: Voice, now: Played | None) -> None:
    """Draw the tabs; only the open one is worked out."""
    result, judged, quiz, away, explained = st.tabs(
        NAMES, key=hold("music_tabs", NAMES[0], NAMES), on_change="rerun"
    )
    if result.open and now:
        with result:
            melody_view(voice, now)
    if judged.open:
        with judged:
            judgement_view(voice)
    if quiz.open:
        with quiz:
            quiz_view(voice)
    if away.open and now:
        with away:
            take_away(voice, now)
    if explained.open:
        with explained:
            how_it_works()
