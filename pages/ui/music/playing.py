"""Play it yourself: a keyboard, whose melody the model continues or answers."""

from dataclasses import dataclass

import streamlit as st

from core.music.playing.clicks import clicks
from core.music.playing.piano_roll import in_seconds
from core.music.playing.played import (
    MOST_BARS,
    MOST_EXCHANGES,
    answer,
    as_primer,
    bar_chords,
    played_piece,
    read_notes,
    sounding,
)
from core.music.playing.takes import Take
from core.music.score.piece import Piece
from core.music.theory.keys import pitch_name
from core.music.theory.notes import STEPS_A_QUARTER, Meter
from core.task import UserError
from pages.ui.address import set_widgets
from pages.ui.intents import button, carry_out, once_a_press, want
from pages.ui.music.generate import (
    PLAY,
    PLAYED,
    NowPlaying,
    Request,
    sheet_of,
)
from pages.ui.music.keyboard import keyboard
from pages.ui.music.models import Model
from pages.ui.music.player import begin_sound
from pages.ui.words import as_text

RECORDED, EXCHANGE = "music_recorded", "music_exchange"
ANSWER = "music_answer"  # the button; a recording asks for it, too
SHOWN = MOST_BARS  # bars whose chords the keyboard shows


@dataclass(frozen=True, eq=False)
class Exchange:
    """Calls and answers so far, of one model."""

    version: object
    piece: Piece
    count: int


def play_it_yourself(model: Model, request: Request) -> None:
    """Draw the section, closed at first: nothing of it is drawn until it is opened."""
    expander = st.expander(
        "Play it yourself",
        key="music_play_open",
        icon=":material/piano:",
        on_change="rerun",
    )
    if expander.open:
        with expander:
            _panel(model, request)


def _panel(model: Model, request: Request) -> None:
    st.caption(
        "Play on the screen, on your computer's keys or on a MIDI keyboard. Your "
        "recording is rounded to sixteenths, one note at a time. Then the model "
        "continues it, or answers it with as many bars over the chords that "
        "follow. What it plays is its own; yours stays as it is."
    )
    if request.how is None:
        st.info("First correct the settings above.", icon=":material/tune:")
        return
    carry_out(ANSWER, _answer, model, request)
    exchange = _exchange(model)
    try:
        _keyboard(model, request, exchange)
    except UserError as error:
        st.info(as_text(str(error)), icon=":material/tune:")
        return
    if played := st.session_state.get(RECORDED):
        st.markdown(as_text(_about(played)))
    _buttons(model, request, played, exchange)
    if exchange and exchange.count < MOST_EXCHANGES:
        st.markdown(
            f"**Your turn, {_turn(exchange)}.** Press *Record*, and play over the "
            "chords that follow; the model answers."
        )
    elif exchange:
        st.markdown(
            f"That was the last of {MOST_EXCHANGES} exchanges. Listen to the whole "
            "above, or press *Begin anew*."
        )


def _exchange(model: Model) -> Exchange | None:
    """The current exchange with this model, if any."""
    found = st.session_state.get(EXCHANGE)
    return found if found and found.version == model.version else None


def _turn(exchange: Exchange) -> str:
    return f"exchange {exchange.count + 1} of {MOST_EXCHANGES}"


def _keyboard(model: Model, request: Request, exchange: Exchange | None) -> None:
    goes_on = exchange and exchange.count < MOST_EXCHANGES
    past = exchange.piece.bars if goes_on else 0
    over = sounding(model.result, request.how, request.chords, past + SHOWN)
    keyboard(
        "music_keyboard",
        "music_sound",
        clicks(over.meter, over.tempo),
        over.meter.quarters,
        bar_chords(over)[past:],
        f"Your turn, {_turn(exchange)}: press Record." if goes_on else "",
        on_played=lambda sent: _record(model, request, over.meter, sent),
    )


def _record(model: Model, request: Request, meter: Meter, sent) -> None:
    """Read a recording; in an exchange, generate the answer."""
    fields = sent if isinstance(sent, dict) else {}
    notes, bars = read_notes(fields.get("notes")), fields.get("bars")
    played = played_piece(notes, bars, meter, float(request.how.tempo))
    st.session_state[RECORDED] = played
    exchange = _exchange(model)
    if exchange and exchange.count < MOST_EXCHANGES:
        want(ANSWER)


def _buttons(
    model: Model, request: Request, played: Piece | None, exchange: Exchange | None
) -> None:
    """Draw the actions on the recording."""
    reads = model.result.config.model != "classic"
    full = exchange is not None and exchange.count >= MOST_EXCHANGES
    with st.container(horizontal=True):
        button(
            "Continue it",
            "music_continue",
            _continue,
            model,
            request,
            icon=":material/arrow_forward:",
            help="The model reads what you played as the primer and goes on.",
            disabled=not (played and reads),
        )
        button(
            "Answer again" if exchange else "Call and response",
            ANSWER,
            icon=":material/forum:",
            help="The model answers with as many bars over the next chords, and its "
            "answer plays at once. From then on it answers each recording by itself.",
            disabled=not (played and reads) or full,
        )
        if exchange:
            button(
                "Begin anew",
                "music_answer_new",
                st.session_state.pop,
                EXCHANGE,
                None,
                icon=":material/restart_alt:",
                help="Ends this exchange; the next answer begins another one.",
            )
    if not reads:
        st.caption("The classic recipe begins from zeros: it cannot read a melody.")


def _about(played: Piece) -> str:
    """The recording in a sentence."""
    pitches = played.melody[played.onsets]
    low, high = (pitch_name(int(pitch)) for pitch in (pitches.min(), pitches.max()))
    notes, bars = len(pitches), played.bars
    return (
        f"You played {notes} note{'s' if notes > 1 else ''} in {bars} "
        f"bar{'s' if bars > 1 else ''} of {played.meter}, {low} to {high}."
    )


def _continue(model: Model, request: Request) -> None:
    """Make the recording the primer, and request a continuation."""
    played = st.session_state[RECORDED]
    primer = as_primer(played, model.result, request.how, request.chords)
    st.session_state[PLAYED] = primer
    read = st.session_state.get("music_primer_bars") or 0
    bars = float(max(read, primer.bars))
    set_widgets("music", {"primer": primer.title, "primer_bars": bars})
    begin_sound(0.0)
    want(PLAY)


def _answer(model: Model, request: Request) -> None:
    """Generate the answer to the last recording, and play it."""
    call, exchange = st.session_state[RECORDED], _exchange(model)
    before = exchange.piece if exchange else None
    take = once_a_press(answer, model.result, request.how, call, request.chords, before)
    count = exchange.count + 1 if exchange else 1
    sheet = sheet_of(model)
    begin_sound(_begins(take))
    # Last: a repetition would count another exchange, and have the take twice.
    st.session_state[EXCHANGE] = Exchange(model.version, take.piece, count)
    sheet.put(NowPlaying(take, request.how, request.chords))


def _begins(take: Take) -> float:
    """The second at which the generated part of a take begins."""
    return in_seconds(take.score, take.given / STEPS_A_QUARTER)
