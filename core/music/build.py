"""Builds data/music/folk.npz from music21's collections: `make music-data`.

It takes some three minutes of one core, and needs music21, a development tool. Repeats
are read once; grace notes are left out. The tunes have no chords: some that fit are
inferred from the notes, so that a model can learn what chords do to a melody.
"""

import hashlib
import logging
import re
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
from music21 import chord, key, meter, note, stream
from music21 import corpus as music
from music21.exceptions21 import Music21Exception

from core.arrays import pack, unpack
from core.music.arranger.harmonizing import harmonized
from core.music.corpora import (
    FOLK,
    Corpus,
    pack_corpus,
    split_corpus,
    splits,
    without_leaks,
)
from core.music.score.piece import Piece, melody_grid
from core.music.theory.keys import Key
from core.music.theory.notes import HIGHEST, STEPS_A_QUARTER, Meter, Note

log = logging.getLogger(__name__)

COLLECTIONS = {
    "ryansMammoth": "Ryan's Mammoth Collection",
    "oneills1850": "O'Neill's Music of Ireland",
    "airdsAirs": "Aird's Airs",
}
METERS = {"2/2", "2/4", "3/4", "4/4", "3/8", "6/8", "9/8", "12/8"}
SHORTEST, LONGEST = 32, 1024  # steps
FEWEST_NOTES = 16


def tunes(collection: str) -> Iterator[Piece]:
    """Read every tune of one of the `COLLECTIONS`. Takes three to eight minutes."""
    for path in sorted(music.getComposer(collection)):
        parsed = music.parse(path, forceSource=True)
        scores = parsed.scores if isinstance(parsed, stream.Opus) else [parsed]
        for score in scores:
            try:
                yield _piece(cast(stream.Score, score), COLLECTIONS[collection])
            except (Music21Exception, ValueError, IndexError) as error:
                log.warning("%s: left out: %s", path, error)


def _piece(score: stream.Score, source: str) -> Piece:
    part = score.parts[0]
    metadata = score.metadata
    title = (metadata and (metadata.title or metadata.movementName)) or "Untitled"
    notes = [found for item in part.flatten().notes for found in _note(item)]
    end = float(part.flatten().highestTime)
    bar = _meter(part)
    piece = Piece(
        title=tidy(str(title)),
        source=source,
        melody=melody_grid(_tied(notes, part), round(end * STEPS_A_QUARTER)),
        meter=bar,
        key=_key(part),
    )
    return replace(piece, pickup=_pickup(part, bar))


def tidy(title: str) -> str:
    """Return a title without capitals throughout, stray colons and dashes."""
    words = re.sub(r"(?<=\w):(?=\w)", "", " ".join(title.split()))
    words = re.sub(r",?\s*--\s*", ", ", words).strip(" .,")
    return string.capwords(words) if words.isupper() else words


def _note(item: note.GeneralNote) -> list[Note]:
    if item.duration.isGrace or not item.quarterLength:
        return []
    if not isinstance(item, note.Note | chord.Chord):
        return []
    pitch = max(found.midi for found in item.pitches)
    return [Note(float(item.offset), float(item.quarterLength), int(pitch))]


def _tied(notes: list[Note], part: stream.Part) -> list[Note]:
    """Join notes that a tie goes on with to those it begins at."""
    goes_on = {
        float(item.offset)
        for item in part.flatten().notes
        if item.tie is not None and item.tie.type in ("stop", "continue")
    }
    joined: list[Note] = []
    for found in notes:
        last = joined[-1] if joined else None
        if last and found.start in goes_on and last.pitch == found.pitch:
            joined[-1] = replace(last, length=found.end - last.start)
        else:
            joined.append(found)
    return joined


def _meter(part: stream.Part) -> Meter:
    """Return the meter of the longest duration: music21 adds others to odd bars."""
    lasting: dict[Meter, float] = {}
    found = list(part[meter.TimeSignature])
    starts = [float(item.getOffsetInHierarchy(part)) for item in found]
    ends = [*starts[1:], float(part.highestTime)]
    for item, start, end in zip(found, starts, ends, strict=True):
        bar = Meter(int(item.numerator), int(item.denominator))
        lasting[bar] = lasting.get(bar, 0.0) + end - start
    return max(lasting, key=lambda bar: lasting[bar], default=Meter())


def _key(part: stream.Part) -> Key | None:
    found = part.flatten().getElementsByClass(key.KeySignature).first()
    if found is None:
        return None
    named = found if isinstance(found, key.Key) else found.asKey("major")
    return Key(int(named.tonic.pitchClass), named.mode in ("minor", "dorian"))


def _pickup(part: stream.Part, bar: Meter) -> int:
    first = part.getElementsByClass(stream.Measure).first()
    if first is None:
        return 0
    return round(float(first.highestTime) * STEPS_A_QUARTER) % bar.steps


def usable(piece: Piece) -> bool:
    """Tell whether a tune has a usual meter, length and number of notes."""
    return (
        str(piece.meter) in METERS
        and SHORTEST <= piece.steps <= LONGEST
        and len(piece.onsets) >= FEWEST_NOTES
        and piece.melody.max() <= HIGHEST
    )


def folk(pieces: list[Piece]) -> bytes:
    """Write the usable tunes, split, as one file."""
    usable_tunes = [piece for piece in pieces if usable(piece)]
    parts = splits(usable_tunes)
    log.info("%d of %d tunes, %s", len(usable_tunes), len(pieces), Counter(parts))
    over_chords = [harmonized(piece) for piece in usable_tunes]
    corpus = without_leaks(split_corpus("Folk tunes", over_chords, parts))
    return packed(corpus)


def packed(corpus: Corpus) -> bytes:
    """Write a corpus of folk tunes in small numbers."""
    arrays = unpack(pack_corpus(corpus))
    arrays["melody"] = arrays["melody"].astype(np.int8)
    arrays["harmony"] = arrays["harmony"].astype(np.int8)
    arrays["numbers"] = arrays["numbers"].astype(np.int16)
    return pack(arrays, compress=True)


def main() -> None:
    """Read the collections and write the file."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    content = folk([piece for name in COLLECTIONS for piece in tunes(name)])
    FOLK.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    log.info("%s: %d bytes, SHA-256 %s", FOLK.name, len(content), digest)


if __name__ == "__main__":
    main()
