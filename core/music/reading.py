"""Reads any music file: MIDI, or MusicXML that is not compressed."""

from dataclasses import replace

from core.music.midi import read_midi
from core.music.midi_check import HEADER
from core.music.musicxml import read_musicxml
from core.music.score import Score
from core.music.voices import FEWEST_NOTES, skyline
from core.task import DataError

MOST_BYTES = 1_000_000
WANTED = "Expected a MIDI file (.mid) or a MusicXML file (.musicxml, .xml)"


def read(content: bytes, title: str = "") -> Score:
    """Read a music file and make sure that there is a melody in it.

    What kind of file it is, is seen from its content. A file may take long: where
    somebody waits, use `apart.read_in_time`.

    Parameters
    ----------
    content
        The file.
    title
        What to call the score; by default what the file calls itself.

    Raises
    ------
    DataError
        If it is no such file, broken, or too large, or holds no melody.
    """
    _check_kind(content)
    midi = content.startswith(HEADER)
    score = read_midi(content) if midi else read_musicxml(content)
    _check_notes(score)
    return replace(score, title=title or score.title)


def _check_kind(content: bytes) -> None:
    if not content.strip():
        raise DataError(f"{WANTED}, got an empty file. Choose another file.")
    if len(content) > MOST_BYTES:
        raise DataError(
            f"Expected a file of at most {MOST_BYTES // 10**6} MB, got a larger one. "
            "Cut the piece, or delete tracks."
        )
    if content.startswith(b"PK\x03\x04"):
        raise DataError(
            f"{WANTED}, got a compressed file, such as .mxl, which is not taken. "
            "Export it as uncompressed MusicXML (.musicxml)."
        )
    if not content.startswith(HEADER) and not _looks_like_xml(content):
        raise DataError(f"{WANTED}, got something else. Choose another file.")


def _looks_like_xml(content: bytes) -> bool:
    beginning = content[:64].replace(b"\0", b"")  # UTF-16 has one beside each letter
    return beginning.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def _check_notes(score: Score) -> None:
    if not score.tracks:
        raise DataError("Expected notes, got a file with none. Choose another file.")
    melodic = [len(skyline(t.notes)) for t in score.tracks if not t.drums]
    if not melodic:
        raise DataError(
            "Expected a melody, got drums only. Choose a file with another instrument."
        )
    if max(melodic) < FEWEST_NOTES:
        raise DataError(
            f"Expected a track of at least {FEWEST_NOTES} notes one after the other, "
            f"got {max(melodic)} at most. Choose a longer piece."
        )
