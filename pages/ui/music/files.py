"""A person's own pieces: files that are read once, and stay until taken away."""

from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st

from core.music.apart import read_in_time
from core.music.corpora import Corpus, of_pieces
from core.music.lead import piece_of
from core.music.piece import Piece
from core.music.progression import parse_chords
from core.music.score import Score
from core.music.voices import guess
from core.task import DataError, UserError
from pages.ui.cache import session_cache
from pages.ui.music.tracks import choose_file, choose_track
from pages.ui.words import as_text, refusal

MOST = 30  # files
FORM = (
    "MIDI or MusicXML, not compressed, at most 1 MB each. "
    "Several files are several pieces."
)


@dataclass
class File:
    """An uploaded file: its score, or why there is none, and what was chosen."""

    id: str
    name: str
    score: Score | None = None
    error: str = ""
    track: int = 0
    chords: str = ""

    def piece(self) -> Piece:
        """The chosen track as a melody over its chords.

        Raises
        ------
        DataError
            If it is no melody, or the typed chords are none.
        """
        version = (self.id, self.track, self.chords)
        return session_cache("music", "pieces", version, self._piece, MOST)

    def _piece(self) -> Piece:
        typed = parse_chords(self.chords, self.score.meter) if self.chords else ()
        return piece_of(self.score, self.track, typed, source="your file")


def keep_files() -> None:
    """Read what has just been uploaded. Before anything is drawn.

    The uploader forgets its files when another page is visited; here they stay, until
    they are taken out of the uploader or forgotten by its button.
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
                continue  # what is wrong is said where the track is chosen
    return pieces


def own_corpus() -> tuple[Corpus | None, Piece | None]:
    """Draw uploader and track; return what can be learned from, and the shown piece."""
    uploaded = st.file_uploader(
        "MIDI or MusicXML",
        type=["mid", "midi", "musicxml", "xml"],
        accept_multiple_files=True,
        max_upload_size=1,
        key="music_upload",
        help=FORM,
    )
    _say_what_is_wrong(len(uploaded))
    readable = [file for file in all_files() if file.score]
    if not readable:
        return _of_run()
    piece = choose_track(choose_file(readable))
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


def _say_what_is_wrong(uploaded: int) -> None:
    """Draw what cannot be used, and why; and the way to be rid of earlier files."""
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
        st.button(
            f"Remove {earlier} earlier file{'s' if earlier > 1 else ''}",
            key="music_forget",
            icon=":material/delete:",
            type="tertiary",
            help="Files uploaded before you visited another page. They are still in "
            "use.",
            on_click=_forget_earlier,
        )


def _forget_earlier() -> None:
    here = set(st.session_state["music_uploaded"])
    st.session_state["music_files"] = [file for file in all_files() if file.id in here]


def all_files() -> list[File]:
    """The files of this session, the readable ones and the others."""
    return st.session_state.setdefault("music_files", [])


def _read(file) -> File:
    name = PurePath(file.name).stem
    try:
        score = read_in_time(file.getvalue(), name)
    except UserError as error:
        return File(file.file_id, file.name, error=refusal("a music file", error))
    return File(file.file_id, file.name, score, track=guess(score))


def _of_run() -> tuple[Corpus | None, None]:
    """The pieces of the run that this page shows, if they were somebody's own."""
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
    return of_pieces(title, pieces)
