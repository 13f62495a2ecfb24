"""Reads a file in a process apart, which is ended if it takes too long.

`python -m core.music.apart` is that process: a file on its standard input, a score or
an error on its standard output. A parser that crashes or never ends on a file made
for that purpose takes only this process with it.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from core.music.packing import pack_score, unpack_score
from core.music.reading import MOST_BYTES, read
from core.music.score import Score
from core.task import DataError

PROJECT = Path(__file__).parents[2]
SECONDS = 10.0
REFUSED = 2  # exit status: the error's text is on standard output


def read_in_time(content: bytes, title: str = "", seconds: float = SECONDS) -> Score:
    """Read a music file as `reading.read` does, within a time limit.

    Parameters
    ----------
    content
        The file.
    title
        What to call the score; by default what the file calls itself.
    seconds
        How long it may take, start of the process included (about 0.3 s).

    Raises
    ------
    DataError
        As `reading.read`; also if it takes too long or the parser crashes.
    """
    if len(content) > MOST_BYTES:
        return read(content, title)  # which refuses it without a look inside
    command = [sys.executable, "-m", "core.music.apart"]
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
    """Read a file from standard input; return the exit status."""
    try:
        answer, status = pack_score(read(sys.stdin.buffer.read(MOST_BYTES + 1))), 0
    except DataError as error:
        answer, status = str(error).encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return status


if __name__ == "__main__":
    sys.exit(main())
