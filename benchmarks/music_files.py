"""Read a hundred pieces of music21's corpus: python -m benchmarks.music_files.

Every second one is exported by music21 as MusicXML, the others as MIDI. What our reader
finds is compared with the onsets and pitches that music21 or mido finds in the same
file: right, refused with a sentence, or wrong. The exit status is 1 if one is wrong.
"""

import io
import itertools
import random
import sys
import warnings
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile

import mido

from core.music.files.reading import read
from core.task import DataError

PIECES = 100
SEED = 0
DIGITS = 2  # of an onset in quarter notes
KINDS = ("musicxml", "midi")


def exported(path: Path, kind: str) -> bytes:
    """Return a piece of the corpus as a file of this kind."""
    from music21 import converter

    with NamedTemporaryFile(suffix=f".{kind}") as file:
        converter.parse(path).write(kind, fp=file.name)
        return file.read()


def by_mido(content: bytes) -> Counter:
    """Count the notes of a MIDI file: (onset in quarter notes, pitch).

    A note counts if the next event of its pitch ends it. The end of a note without a
    length comes first: music21 writes grace notes and chord symbols so.
    """
    file, found = mido.MidiFile(file=io.BytesIO(content)), Counter()
    for track in file.tracks:
        now, events = 0, {}
        for message in track:
            now += message.time
            if message.type in ("note_on", "note_off"):
                is_on = message.type == "note_on" and message.velocity > 0
                key = message.channel, message.note
                events.setdefault(key, []).append((now, is_on))
        for (_, pitch), its in events.items():
            sounding, ended, stray = 0, None, None
            for (at, is_on), (_, goes_on) in itertools.pairwise(its):
                if not is_on and sounding:
                    sounding, ended = sounding - 1, at
                elif not is_on:
                    stray = None if ended == at else at
                elif stray != at:
                    sounding += 1
                    if not goes_on:
                        found[round(at / file.ticks_per_beat, DIGITS), pitch] += 1
    return found


def by_music21(content: bytes) -> Counter:
    """Count the notes of a MusicXML file in the same way."""
    from music21 import converter

    score = converter.parse(content, format="musicxml")
    return Counter(
        (round(float(item.offset), DIGITS), pitch.midi)
        for item in score.stripTies().flatten().notes
        if "Harmony" not in item.classes and item.quarterLength
        for pitch in item.pitches
    )


def by_reader(content: bytes) -> Counter:
    """Count the notes that our reader finds."""
    return Counter(
        (round(note.start, DIGITS), note.pitch)
        for track in read(content).tracks
        for note in track.notes
    )


def judge(content: bytes, kind: str) -> tuple[str, str]:
    """Return right, refused or wrong, and why."""
    try:
        found = by_reader(content)
    except DataError as error:
        return "refused", str(error)
    expected = by_mido(content) if kind == "midi" else by_music21(content)
    missing, more = expected - found, found - expected
    if not missing and not more:
        return "right", f"{found.total()} notes"
    return "wrong", (
        f"{missing.total()} of {expected.total()} notes are missing, there are "
        f"{more.total()} others: {sorted(missing)[:3]} {sorted(more)[:3]}"
    )


def main() -> int:
    """Judge each piece, print a line for it; return the exit status."""
    from music21 import corpus
    from music21.exceptions21 import Music21Exception

    warnings.simplefilter("ignore")
    found = Counter()
    paths = sorted(map(Path, corpus.getPaths()))
    random.Random(SEED).shuffle(paths)
    for path in paths:
        kind = KINDS[found.total() % len(KINDS)]
        try:
            content = exported(path, kind)
        except Music21Exception:
            continue  # music21 itself cannot write it
        if not content:
            continue  # several pieces, which it writes to files of other names
        what, why = judge(content, kind)
        found[what] += 1
        name = f"{path.parent.name}/{path.name}"
        print(f"{found.total():3} {kind:9}{name:44}{what:8} {why}", flush=True)
        if found.total() == PIECES:
            break
    print(", ".join(f"{count} {what}" for what, count in found.most_common()))
    return int(found["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
