"""The current take: its player, its copied passages, and its metrics."""

import streamlit as st

from core.music import Result
from core.music.figures import (
    compared_with_corpus,
    compared_with_corpus_alt,
    copy_rates,
    copy_rates_alt,
)
from core.music.playing.notation import marks_legend
from core.music.playing.piano_roll import describe_copy
from core.music.playing.takes import PARTS, Take, part_of
from core.music.score.instruments import instrument_of
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.controls import choose
from pages.ui.music.generate import NowPlaying
from pages.ui.music.models import Model
from pages.ui.music.notation import notation
from pages.ui.music.player import START, listen, player, practice_controls
from pages.ui.music.writing import heard, writing, writing_panel
from pages.ui.words import as_text

TITLE = "Improvisation"
VIEWS = {"roll": "Piano roll", "notation": "Notation"}
METRICS = """
**Pitch-class entropy**: how many of the twelve pitch classes are used, and how evenly.
**Scale consistency**: the share of notes that fit the best-fitting scale. **Groove
consistency**: how similar neighbouring bars are in rhythm. **Empty-beat rate**: the
share of beats without a note.
"""


def now_playing(
    model: Model, now: NowPlaying | None, editable: bool = True
) -> Take | None:
    """Draw the player of a take, and its editing; return what plays."""
    if now is None:
        st.info(
            "Nothing has been generated yet. Correct the settings and press "
            "*Generate*.",
            icon=":material/info:",
        )
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part, view = _choose_part(now), _choose_view()
    editable = editable and part != "network"
    shown = _part(model, now, heard(model, now) if editable else now.take, part)
    start = st.session_state.get(START)
    if view == "roll":
        player(
            "music",
            shown.score,
            TITLE,
            shown.copied,
            shown.given,
            writing=writing(model, now, shown) if editable else None,
            practice=True,
            start=start,
            origins=shown.note_origins,
        )
        _about(model, now, shown)
        if editable:
            writing_panel(model, now)
    elif listen("music_sound", shown.score, TITLE):
        practice_controls("music", shown.score, start)
        notation("music_notation", "music_sound", shown, now.how, TITLE)
        if by := instrument_of(now.how.instrument).transposition:
            st.caption(
                f"The melody is written for {now.how.instrument.lower()}, which sounds "
                f"{-by} semitones lower."
            )
        st.caption(f"Notes of the melody, {marks_legend(shown)}.")
        _about(model, now, shown)
    return shown


def _about(model: Model, now: NowPlaying, shown: Take) -> None:
    """Draw whose notes they are."""
    edited = "" if now.options == () else ", then edited by you"
    st.caption(f"Played by {model.about}{edited}. {shown.credits.words}")


def _choose_view() -> str:
    """Draw the choice of one of the `VIEWS`; return it."""
    return choose(
        "View",
        VIEWS,
        "music_view",
        label_visibility="collapsed",
    )


HEARD = {  # what the `PARTS` are
    "network": "the melody that the network samples from this seed, without plan and "
    "accompaniment.",
    "plan": "the melody of the take. A plan, where there is one, pushed the network "
    "and chose among candidates.",
    "accompaniment": "the same with chords and bass, which are all by rule.",
}


def _choose_part(now: NowPlaying) -> str:
    """Draw the choice of the audible parts; return one of the `PARTS`."""
    parts = dict(PARTS)
    if now.options != () or (now.take.given and now.primer is None):
        del parts["network"]  # the same seed does not make the same piece again
    if not now.take.kept:
        parts["plan"] = "Without accompaniment"
    return choose(
        "Hear",
        parts,
        "music_part",
        default="accompaniment",
        wrap=True,
        help=" ".join(f"{label}: {HEARD[part]}" for part, label in parts.items()),
    )


def _part(model: Model, now: NowPlaying, take: Take, part: str) -> Take:
    return shared_cache(
        part_of, model.result, now.how, take, part, now.chords, now.primer
    )


def melody_view(model: Model, now: NowPlaying) -> None:
    """Draw how much of the melody is copied, and its metrics."""
    take, result = now.take, model.result
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### How much is copied")
            st.markdown(_copied(model, now))
            rates = take.originality.rates
            alt = copy_rates_alt(rates, result.human)
            chart(shared_cache(_copy_rates, result, take, ink()), "music_copied", alt)
            st.caption(
                "The share of its passages of so many notes that occur, in any key, in "
                "the training pieces. Held-out pieces by composers share some as well, "
                "which shows how much is common property."
            )
        with st.container():
            st.markdown("##### Compared with the training pieces")
            alt = compared_with_corpus_alt(take.metrics, result.usual)
            chart(shared_cache(_metrics, result, take, ink()), "music_figures", alt)
            st.caption(METRICS)


def _copied(model: Model, now: NowPlaying) -> str:
    """The longest copied run in words, and what the guard did."""
    take, human = now.take, model.result.human
    longest = "No passage of six notes or more occurs in the training pieces."
    if found := take.copied:
        longest = (
            f"Longest copied passage: **{as_text(describe_copy(found))}** "
            f"({as_text(found.source)}), marked blue on the roll."
        )
    usual = (
        f"Held-out pieces by composers share passages with them too: half of these "
        f"pieces one of {human.median:.0f} notes or more, one in twenty one of more "
        f"than {human.rare:.0f}."
    )
    if now.how.originality == "free":
        guard = "The guard against copying was off."
    elif take.refused:
        times = "once" if take.refused == 1 else f"{take.refused} times"
        guard = f"The guard {times} rejected a note that would have copied more."
    else:
        guard = "The guard rejected no note."
    return f"{longest} {usual} {guard}"


def _copy_rates(result: Result, take: Take, ink: str):
    return copy_rates(take.originality.rates, result.human, ink)


def _metrics(result: Result, take: Take, ink: str):
    return compared_with_corpus(take.metrics, result.usual, ink)
