"""Reads uploaded music files: MIDI, or MusicXML that is not compressed.

`python -m core.music.files.reading` is the process of `read_with_timeout`: a file on
its standard input, a packed score or an error on its standard output.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from core.music.files.midi_reader import HEADER, read_midi
from core.music.files.musicxml_reader import read_musicxml
from core.music.score.melody_track import FEWEST_NOTES, skyline
from core.music.score.packing import pack_score, unpack_score
from core.music.score.score import Score
from core.task import DataError

MOST_BYTES = 1_000_000
SECONDS = 10.0
REFUSED = 2  # exit status of the process: the message is on standard output
PROJECT = Path(__file__).parents[3]
WANTED = "Expected a MIDI file (.mid) or a MusicXML file (.musicxml, .xml)"


def read(content: bytes, title: str = "") -> Score:
    """Read a music file of either kind and check that it has a melody.

    The kind is detected from the content. Raise a DataError if it is another one, or if
    the file is broken, too large, or has no melody.
    """
    _check_kind(content)
    midi = content.startswith(HEADER)
    score = read_midi(content) if midi else read_musicxml(content)
    _check_notes(score)
    return replace(score, title=title or score.title)


def read_with_timeout(
    content: bytes, title: str = "", seconds: float = SECONDS
) -> Score:
    """Read a music file in a process of its own, which is ended after some seconds.

    A parser that crashes or never ends on a crafted file ends with this process, and
    the file is refused by a DataError as well. Starting the process takes about 0.3 s.
    """
    if len(content) > MOST_BYTES:
        return read(content, title)  # refuses it without parsing
    command = [sys.executable, "-m", "core.music.files.reading"]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=seconds, cwd=PROJECT
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(
            f"Expected a file that can be read in {seconds:g} s, got one that takes "
            "longer. Choose a shorter piece."
        ) from error
    if done.returncode == REFUSED:
        raise DataError(done.stdout.decode())
    if done.returncode:
        raise DataError(
            "Expected a music file, got one that cannot be read. Export it again."
        )
    score = unpack_score(done.stdout)
    return replace(score, title=title or score.title)


def main() -> int:
    """Read a file from standard input; write the packed score, or the error."""
    try:
        answer, status = pack_score(read(sys.stdin.buffer.read(MOST_BYTES + 1))), 0
    except DataError as error:
        answer, status = str(error).encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return status


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


if __name__ == "__main__":
    sys.exit(main())
