"""A person's own pieces: uploaded files, the melody's track and the chords."""

from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

from core.music.corpora import Corpus, corpus_of
from core.music.files.reading import read_with_timeout
from core.music.score.melody_track import (
    describe_piece,
    describe_tracks,
    extract_piece,
    guess_melody,
)
from core.music.score.piece import Piece
from core.music.score.score import Score
from core.music.theory.keys import pitch_name
from core.music.theory.progressions import parse_chords
from core.task import DataError, UserError
from pages.ui.cache import session_cache
from pages.ui.controls import refusals
from pages.ui.intents import button, intent
from pages.ui.words import as_text, refusal

MOST = 30  # files
FORM = (
    "MIDI or MusicXML, not compressed, at most 1 MB each. "
    "Several files are several pieces."
)


@dataclass
class File:
    """An uploaded file: its score or the error, and the chosen track."""

    id: str
    name: str
    score: Score | None = None
    error: str = ""
    track: int = 0
    chords: str = ""

    def piece(self) -> Piece:
        """The chosen track as a melody over its chords; it may raise a DataError."""
        version = (self.id, self.track, self.chords)
        return session_cache("music", "pieces", version, self._piece, MOST)

    def _piece(self) -> Piece:
        typed = parse_chords(self.chords, self.score.meter) if self.chords else ()
        return extract_piece(self.score, self.track, typed, source="your file")


def read_uploads() -> None:
    """Read new uploads, before anything is drawn.

    The uploader forgets its files when another page is visited; here they stay, until
    they are removed from the uploader or by the button.
    """
    uploaded = st.session_state.get("music_upload")
    before = st.session_state.get("music_uploaded", [])
    now = [file.file_id for file in uploaded or ()]
    st.session_state["music_uploaded"] = now
    if uploaded is None or now == before:
        return
    gone = set(before) - set(now)
    files = [file for file in all_files() if file.id not in gone]
    known = {file.id for file in files}
    new = [file for file in uploaded if file.file_id not in known]
    with st.spinner("Reading your files.") if new else st.empty():
        files += [_read(file) for file in new[: max(0, MOST - len(files))]]
    st.session_state["music_files"] = files


def uploaded_pieces() -> list[Piece]:
    """The pieces of all files that can be used."""
    pieces = []
    for file in all_files():
        if file.score:
            try:
                pieces.append(file.piece())
            except DataError:
                continue  # the error is shown where the track is chosen
    return pieces


def own_corpus() -> tuple[Corpus | None, Piece | None]:
    """Draw the uploader and the track; return the corpus, and the shown piece."""
    uploaded = st.file_uploader(
        "MIDI or MusicXML",
        type=["mid", "midi", "musicxml", "xml"],
        accept_multiple_files=True,
        max_upload_size=1,
        key="music_upload",
        help=FORM,
    )
    _show_errors(len(uploaded))
    readable = [file for file in all_files() if file.score]
    if not readable:
        return _of_run()
    piece = _choose_track(_choose_file(readable))
    pieces = uploaded_pieces()
    if not pieces:
        return None, None
    version = tuple((file.id, file.track, file.chords) for file in readable)
    try:
        corpus = session_cache("music", "corpus", version, lambda: _corpus(pieces))
    except DataError as error:
        st.info(
            f"{as_text(str(error))} You can still improvise on it.",
            icon=":material/info:",
        )
        return None, piece
    return corpus, piece


def _show_errors(uploaded: int) -> None:
    """Draw the errors of files, and the button that removes earlier ones."""
    if uploaded > MOST:
        st.warning(
            f"Expected at most {MOST} files, got {uploaded}. The first {MOST} are "
            "used.",
            icon=":material/info:",
        )
    for file in all_files():
        if file.error:
            st.error(
                f"**{as_text(file.name)}**: {file.error}",
                icon=":material/error:",
            )
    earlier = len(all_files()) - uploaded
    if earlier > 0:
        button(
            f"Remove {earlier} earlier file{'s' if earlier > 1 else ''}",
            "music_forget",
            _forget_earlier,
            icon=":material/delete:",
            type="tertiary",
            help="Files uploaded before you visited another page. They are still in "
            "use.",
        )


def _forget_earlier() -> None:
    here = set(st.session_state["music_uploaded"])
    st.session_state["music_files"] = [file for file in all_files() if file.id in here]


def all_files() -> list[File]:
    """The files of this session, readable or not."""
    return st.session_state.setdefault("music_files", [])


def _read(file) -> File:
    name = PurePath(file.name).stem
    try:
        score = read_with_timeout(file.getvalue(), name)
    except UserError as error:
        return File(file.file_id, file.name, error=refusal("a music file", error))
    return File(file.file_id, file.name, score, track=guess_melody(score))


def _of_run() -> tuple[Corpus | None, None]:
    """The pieces of the run that this page shows, if they were uploaded."""
    _, corpus = st.session_state.get("music_corpus_of", (None, None))
    if corpus is None:
        st.caption(FORM)
        return None, None
    st.caption(
        f"**{as_text(corpus.title)}**, the pieces of your run: {len(corpus.train)} for "
        "training."
    )
    return corpus, None


def _corpus(pieces: list[Piece]) -> Corpus:
    title = pieces[0].title if len(pieces) == 1 else f"{len(pieces)} files"
    return corpus_of(title, pieces)


def _choose_file(files: list[File]) -> File:
    """Draw the choice of the file whose track is chosen, if there are several."""
    if len(files) == 1:
        return files[0]
    by_id = {file.id: file for file in files}
    if st.session_state.get("music_file") not in by_id:
        st.session_state["music_file"] = files[0].id
    chosen = st.selectbox(
        "File to edit",
        list(by_id),
        format_func=lambda one: by_id[one].name,
        key="music_file",
        help=f"One of the {len(files)} files: its melody is chosen and shown.",
    )
    return by_id[chosen]


def _choose_track(file: File) -> Piece | None:
    """Draw the tracks and the chords of a file; return the chosen piece."""
    st.session_state["music_track"] = file.track
    st.session_state["music_track_chords"] = file.chords
    found = describe_tracks(file.score)
    st.selectbox(
        "Melody track",
        range(len(found)),
        format_func=lambda place: _description(found[place]),
        key="music_track",
        help="The track to train on; the initial choice is a guess. Of notes that "
        "sound together, the highest is used.",
        on_change=intent("music_track", _store_choice, file),
    )
    st.text_input(
        "Its chords",
        key="music_track_chords",
        placeholder="Found in the notes",
        help="If empty: the chord symbols of the file, or chords inferred from all "
        "notes, the melody's too. Typed chords are repeated to the end.",
        on_change=intent("music_track", _store_choice, file),
    )
    with refusals():
        piece = file.piece()
        st.caption(as_text(describe_piece(file.score, piece)))
        return piece
    return None


def _store_choice(file) -> None:
    file.track = st.session_state["music_track"]
    file.chords = st.session_state["music_track_chords"].strip()


def _description(track) -> str:
    """A track by its instrument, notes and range."""
    name = f" ({track.name})" if track.name else ""
    about = f"{track.track + 1}. {track.instrument}, {track.notes} notes"
    if track.drums:
        return about + name
    low, high = pitch_name(track.lowest), pitch_name(track.highest)
    return f"{about}, {low} to {high}{name}"
