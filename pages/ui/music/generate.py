"""The controls of a performance, and the generated take."""

import secrets
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from core.music.config import AS_WRITTEN, JAZZ_SWING, SWUNG, Performance
from core.music.playing.form import Form, read_as, remarks
from core.music.playing.rewriting import Rewriting
from core.music.playing.takes import Take, perform
from core.music.score.piece import Piece
from core.music.theory.progressions import DEFAULT_CHART, PROGRESSIONS
from core.task import bounds_of
from pages.ui.address import bind, is_given, persistent, set_widget, set_widgets
from pages.ui.cache import shared_cache
from pages.ui.controls import refusals, setting, settings_grid
from pages.ui.intents import button, carry_out, flash, intent, want, wanted
from pages.ui.membership import note_event
from pages.ui.music.corpus_files import uploaded_pieces
from pages.ui.music.models import Model
from pages.ui.shape import main_action
from pages.ui.words import as_text

BY_NAME = {one.name: one for one in PROGRESSIONS}
PLAYING = ("tempo", "choruses", "bars", "key", "meter", "swing")
SAMPLING = ("top_k", "top_p", "seed")
INSTRUMENTS = ("instrument", "chord_instrument")
RULES = ("plan", "ending", "originality")
SEEDS = 1_000_000
NO_PRIMER = "None"
MOST_PRIMERS = 40  # pieces of a corpus in the list
PLAY = "music_generate"  # the button; other actions ask for it, too
PLAYED = "music_played"  # a primer that was played on the keyboard
FEWEST_BARS = 8  # fewest bars of a built-in progression
USUAL_BARS = Performance.__dataclass_fields__["bars"].default
JAZZ_METERS = (AS_WRITTEN, "4/4", "3/4")
JAZZ_RULES = (
    ":material/info: In jazz only the melody's notes are the model's. Bass, chords, "
    "cymbal, swing and triplets follow rules."
)
SAME = "This is the melody for these settings. Press *Another* for a new one."
NOT_YET = "**Press *Generate* to hear these settings.**"
PLANNED = (
    "With the plan the model still picks each note, but is nudged. Rests come from a "
    "training piece; the ending follows a rule. The classic recipe always plays "
    "without the plan."
)
HIGH = 1.2  # temperature from which a melody is full of surprises
MODELS = 3  # most models whose takes a session has
MOST_UNDONE = 30  # takes


class Request(NamedTuple):
    """The values of the controls; `how` is None if they are invalid."""

    how: Performance | None
    chords: str
    primer: Piece | None


def controls(model: Model) -> Request:
    """Draw the controls; return their values."""
    chords_read = model.result.chords_read
    _choose_progression(chords_read)
    chords = _chords(chords_read)
    with st.grid(2, min_column_width=120):
        values = {"style": _selectbox("style", intent("music_style", _use_jazz))}
        values["temperature"] = setting("music", Performance, "temperature")
    _buttons()
    errors, words = st.container(), st.container()
    primer = _more_controls(model, values)
    with refusals(errors):
        how = Performance(**values)
        with words:
            _describe(model, how, chords, primer)
        return Request(how, chords, primer)
    return Request(None, chords, primer)


def _more_controls(model: Model, values: dict[str, object]) -> Piece | None:
    """Draw the other settings of a performance, folded; return the primer."""
    options = {
        "choruses": {"default": _usual_choruses()},
        # A typed number of bars has precedence.
        "bars": {"act": intent("music_bars", set_widget, "music_choruses", 0)},
    }
    with (
        st.expander("Tempo, length, key, instruments", icon=":material/tune:"),
        settings_grid(),
    ):
        for name in PLAYING:
            is_list = name in ("key", "meter")
            values[name] = (
                _selectbox(name)
                if is_list
                else setting("music", Performance, name, **options.get(name, {}))
            )
        for name in INSTRUMENTS:
            values[name] = _selectbox(name)
    with st.expander("Sampling, primer, plan", icon=":material/casino:"):
        with settings_grid():
            for name in SAMPLING:
                values[name] = setting("music", Performance, name)
        primer = _choose_primer(model)
        for name in ("primer_bars", *RULES):
            values[name] = setting("music", Performance, name)
        st.caption(PLANNED)
    return primer


def _describe(model: Model, how: Performance, chords: str, primer) -> None:
    """Draw a summary of the performance; a UserError if it is impossible."""
    form = Form.of(model.result, how, chords, primer)
    if chords.strip() and (explained := read_as(model.result, how, chords, primer)):
        st.caption(f"Read as {as_text(explained)}")
    sheet = sheet_of(model)
    heard = sheet.current
    same = heard and _same_settings(heard, Request(how, chords, primer))
    plays = not heard or same or wanted(PLAY)
    st.caption(as_text(form.words) + ("" if plays else f" {NOT_YET}"))
    for remark in remarks(model.result, how, chords, primer):
        st.caption(f":material/info: {as_text(remark)}")
    if how.style == "jazz":
        st.caption(JAZZ_RULES)


def _same_settings(take: "NowPlaying", request: Request) -> bool:
    """Whether a request has the settings that made a take."""
    titles = [primer and primer.title for primer in (take.primer, request.primer)]
    return (take.how, take.chords) == request[:2] and titles[0] == titles[1]


def _choose_progression(chords_read: bool) -> None:
    """Draw the list of progressions."""
    st.selectbox(
        "Progressions",
        list(BY_NAME),
        index=None,
        **persistent(bind("music_progression", None, BY_NAME)),
        placeholder="Choose a progression",
        help="Fills in the chords, one chorus or more of them, with their usual "
        "meter and tempo.",
        on_change=intent("music_progression", _use_progression),
        disabled=not chords_read,
    )


def _buttons() -> None:
    """Draw the buttons with which the model plays."""
    with main_action(), st.container(horizontal=True):
        button(
            "Generate",
            PLAY,
            type="primary",
            icon=":material/music_note:",
            width="stretch",
            help="Generates a new melody with these settings.",
        )
        button(
            "Another",
            "music_another",
            _new_seed,
            icon=":material/casino:",
            width="stretch",
            help="Generates with a new random seed: the same settings, other notes. "
            "Locked bars stay.",
        )


def _new_seed() -> None:
    set_widget("music_seed", secrets.randbelow(SEEDS))
    want(PLAY)


def _chords(chords_read: bool) -> str:
    chords = st.text_area(
        "Chords",
        **persistent(bind("music_chords", DEFAULT_CHART)),
        height=110,
        placeholder="Dm7 G7 | Cmaj7 | %",
        help="The chords to improvise over, in 4/4 unless they begin with another "
        "meter, such as 3/4: | separates bars, % repeats the previous "
        "bar, |: and :| a part, x3 after it says how often. [A] begins a section, and "
        "its name alone plays it again; D.C. al Coda and D.S. al Fine are followed. "
        "After Key: Bb you may write degrees, such as ii7 V7 I. A link of iReal Pro "
        "may be pasted.",
        disabled=not chords_read,
    )
    if chords_read:
        return chords
    st.caption(
        ":material/info: This model was trained on melodies without chords. It plays "
        "freely, and chords are then chosen to fit its melody."
    )
    return ""


def _use_progression() -> None:
    chosen = BY_NAME.get(st.session_state["music_progression"])
    if chosen is None:
        return
    choruses = -(-FEWEST_BARS // chosen.bars)
    values = {
        "chords": chosen.text,
        "choruses": choruses,
        "bars": choruses * chosen.bars,
        "tempo": round(chosen.tempo),
        "meter": str(chosen.meter),
    }
    set_widgets("music", values)


def _usual_choruses() -> int:
    """One chorus, or none where a link or a person has set the number of bars."""
    bars = st.session_state.get("music_bars", USUAL_BARS)
    return 0 if is_given("music_bars") or bars != USUAL_BARS else 1


def _use_jazz() -> None:
    """Set swing for jazz and swing, and a meter that is possible in jazz."""
    style = st.session_state["music_style"]
    if style in SWUNG:
        set_widget("music_swing", JAZZ_SWING)
    if style == "jazz" and st.session_state["music_meter"] not in JAZZ_METERS:
        set_widget("music_meter", "4/4")


def _selectbox(name: str, on_change=None) -> str:
    """Draw a setting of many options as a list."""
    field = Performance.__dataclass_fields__[name]
    bounds = bounds_of(field)
    return st.selectbox(
        name.replace("_", " ").capitalize(),
        bounds.options,
        format_func=lambda option: option[:1].upper() + option[1:],
        **persistent(bind(f"music_{name}", field.default, bounds.options)),
        help=bounds.help,
        on_change=on_change,
    )


def _choose_primer(model: Model) -> Piece | None:
    """Draw the list of primers; return the chosen one."""
    found = _primers(model)
    chosen = st.selectbox(
        "Primer",
        list(found),
        **persistent(bind("music_primer", NO_PRIMER, list(found))),
        help="A piece whose first bars the model reads and continues. To use your own, "
        "choose Upload in the tab Training. The classic recipe cannot use a primer.",
    )
    return found[chosen]


def improvise_on(piece: Piece) -> None:
    """Choose an uploaded piece as the primer, over its own chords, and play."""
    set_widgets("music", {"primer": _own(piece), "chords": "", "meter": AS_WRITTEN})
    want(PLAY)


def _own(piece: Piece) -> str:
    return f"{piece.title} (your file)"


def _primers(model: Model) -> dict[str, Piece | None]:
    """Pieces by their names in the list: uploads, held-out ones, others."""
    corpus = model.result.corpus
    unseen = (*corpus.test, *corpus.validation)
    found: dict[str, Piece | None] = {NO_PRIMER: None}
    if played := st.session_state.get(PLAYED):
        found[played.title] = played
    for piece in uploaded_pieces():
        found[_own(piece)] = piece
    for piece in unseen[:MOST_PRIMERS]:
        found[f"{piece.title} (held out)"] = piece
    for piece in corpus.train[: max(0, MOST_PRIMERS - len(unseen))]:
        found[f"{piece.title} (training piece)"] = piece
    return found


class NowPlaying(NamedTuple):
    """A take and its settings.

    `locked` are bars that stay as they are. `options` of the command line, besides the
    settings, make the same take; None if none do, because it was edited by hand.
    `primer` is what it continues, if it was generated with one.
    """

    take: Take
    how: Performance
    chords: str
    locked: frozenset[int] = frozenset()
    options: tuple[str, ...] | None = ()
    primer: Piece | None = None


@dataclass
class Sheet:
    """A session's takes of one model, and its candidates for some bars."""

    # The present take, those before it, and those that were undone
    history: list[NowPlaying] = field(default_factory=list)
    place: int = -1  # place of the present take
    # The candidates to choose from, and the bars they are for
    rewriting: Rewriting | None = None
    bars: tuple[int, int] = (0, 0)
    heard: int = 0  # the place of the candidate in the player
    # How often the same bars of the same take have been rewritten before
    again: int = 0
    moves: int = 0  # counted for the roll

    @property
    def current(self) -> NowPlaying | None:
        """The present take."""
        return self.history[self.place] if self.history else None

    def put(self, now: NowPlaying) -> None:
        """Set the present take; the former one can be restored."""
        self.history = [*self.history[: self.place + 1], now][-1 - MOST_UNDONE :]
        self.show(len(self.history) - 1)

    def show(self, place: int) -> None:
        """Set the present take to another one."""
        self.place = place
        self.rewriting, self.again = None, 0


def sheet_of(model: Model) -> Sheet:
    """The session's takes of a model; it has those of the latest `MODELS` models."""
    sheets = st.session_state.setdefault("music_takes", {})
    sheets[model.version] = sheets.pop(model.version, None) or Sheet()
    for oldest in list(sheets)[:-MODELS]:
        del sheets[oldest]
    return sheets[model.version]


def current_take(model: Model, request: Request) -> NowPlaying | None:
    """The present take of a model, or a new one if Generate was pressed."""
    sheet = sheet_of(model)
    if wanted(PLAY):
        carry_out(PLAY, _play, model, request)
    elif not sheet.history:
        with refusals():
            _generate(model, request)
    return sheet.current


def _play(model: Model, request: Request) -> None:
    if request.how and request.how.temperature >= HIGH:
        note_event("melody music")
    take = sheet_of(model).current
    if take and take.options is not None and _same_settings(take, request):
        flash(SAME, "info")
    _generate(model, request)


def _generate(model: Model, request: Request) -> None:
    if request.how is None:  # the error is shown below the chords
        return
    sheet, locked, before = sheet_of(model), frozenset(), ()
    if sheet.current and (locked := sheet.current.locked):
        before = sheet.current.take, locked
    take = shared_cache(perform, model.result, *request, *before)
    options = None if locked else ()
    how, chords, primer = request
    sheet.put(NowPlaying(take, how, chords, locked, options, primer))
