"""Pieces as named arrays and scores as JSON, to store or send to another process."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np

from core.music.score.piece import Grid, Piece
from core.music.score.score import Score, Track
from core.music.theory.chord import Chord
from core.music.theory.keys import Key
from core.music.theory.notes import ChordSpan, Meter, Note
from core.task import State

NO_KEY = -1


def to_arrays(pieces: Sequence[Piece]) -> State:
    """Write pieces one after the other into five arrays.

    Returns
    -------
    dict
        `melody` and `harmony` (all steps,), `numbers` (pieces, 7): steps, beats and
        unit of the meter, pickup, tonic (-1 unknown), minor, tempo; `words`: titles,
        sources and chords of each piece as one JSON text; `inferred` (pieces,):
        whether the chords are inferred from the melody.
    """
    words = [
        [
            piece.title,
            piece.source,
            [(chord.root, chord.quality, chord.bass) for chord in piece.chords],
        ]
        for piece in pieces
    ]
    return {
        "melody": _joined([piece.melody for piece in pieces]),
        "harmony": _joined([piece.harmony for piece in pieces]),
        "numbers": np.array([_numbers(piece) for piece in pieces]).reshape(-1, 7),
        "words": np.array(json.dumps(words, ensure_ascii=False)),
        "inferred": np.array([piece.inferred for piece in pieces], bool),
    }


def from_arrays(arrays: State) -> tuple[Piece, ...]:
    """Decode the arrays of `to_arrays`."""
    numbers, words = arrays["numbers"], json.loads(str(arrays["words"]))
    ends = np.cumsum([0, *numbers[:, 0].astype(int)]).tolist()
    # Old files have no such key.
    inferred = arrays.get("inferred", np.zeros(len(numbers), bool))
    pieces = []
    for row, text, (begin, end), from_melody in zip(
        numbers.tolist(),
        words,
        itertools.pairwise(ends),
        inferred.tolist(),
        strict=True,
    ):
        _, beats, unit, pickup, tonic, minor, tempo = row
        title, source, chords = text
        pieces.append(
            Piece(
                title=title,
                source=source,
                melody=arrays["melody"][begin:end],
                meter=Meter(int(beats), int(unit)),
                pickup=int(pickup),
                chords=tuple(Chord(*chord) for chord in chords),
                harmony=arrays["harmony"][begin:end],
                key=None if tonic == NO_KEY else Key(int(tonic), bool(minor)),
                tempo=tempo,
                inferred=from_melody,
            )
        )
    return tuple(pieces)


def _numbers(piece: Piece) -> list[float]:
    key, meter = piece.key or Key(NO_KEY), piece.meter
    size = [piece.steps, meter.beats, meter.unit, piece.pickup]
    return [*size, key.tonic, key.minor, piece.tempo]


def _joined(grids: Sequence[Grid]) -> Grid:
    return np.concatenate([np.empty(0, np.int16), *grids]).astype(np.int16)


def pack_score(score: Score) -> bytes:
    """Write a score as JSON."""
    return json.dumps(asdict(score)).encode()


def unpack_score(content: bytes) -> Score:
    """Decode the bytes of `pack_score`."""
    fields = json.loads(content)
    tracks = (
        replace(Track(**track), notes=tuple(Note(**note) for note in track["notes"]))
        for track in fields["tracks"]
    )
    chords = (
        replace(ChordSpan(**span), chord=span["chord"] and Chord(**span["chord"]))
        for span in fields["chords"]
    )
    decoded = {
        "tracks": tuple(tracks),
        "chords": tuple(chords),
        "meter": Meter(**fields["meter"]),
        "meters": tuple((start, Meter(**meter)) for start, meter in fields["meters"]),
        "key": fields["key"] and Key(**fields["key"]),
    }
    return Score(**fields | decoded)
