"""Corpora: the bundled music, and the split into training and test pieces.

Pieces that are one tune under several titles, in any key, are found by the runs of
intervals that they share, and are in one part of a split. Test tunes that share a fifth
of their runs with one of the other tunes are left out.
"""

import functools
import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from core.arrays import pack, unpack
from core.music.files.reading import read
from core.music.score.melody_track import extract_piece
from core.music.score.packing import from_arrays, to_arrays
from core.music.score.piece import Piece
from core.task import DataError

Split = Literal["train", "validation", "test"]

DATA = Path(__file__).parents[2] / "data" / "music"
FOLK = DATA / "folk.npz"
RAGTIME = DATA / "ragtime"
FEWEST_TO_SPLIT = 5  # different pieces
FEWEST_BARS = 20
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
# Whole rags are held out; by file name.
RAGS: dict[str, Split] = {
    "bethena": "train",
    "elite-syncopations": "train",
    "maple-leaf-rag": "train",
    "pineapple-rag": "train",
    "solace": "train",
    "the-easy-winners": "validation",
    "peacherine-rag": "test",
    "the-entertainer": "test",
}

RUN = 6  # intervals in a run
SHARED = 0.3  # share of the shorter tune's runs in another: then they are one tune
COMMON = 60  # a run in more tunes than this does not count
LEAKED = 0.2  # share of a test tune's runs in one tune of another part: left out
# Of 100 parts: the last ten are the test, the ten before them the validation.
VALIDATION, TEST = 80, 90


@dataclass(frozen=True, eq=False)
class Corpus:
    """Pieces for training, and others for validation and testing."""

    title: str  # title of the corpus
    # Whole pieces. A tune's versions are in one of them.
    train: tuple[Piece, ...]
    validation: tuple[Piece, ...]
    test: tuple[Piece, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece."""
        return self.train + self.validation + self.test


@functools.cache
def folk() -> Corpus:
    """Return the folk tunes: dances and airs, over chords inferred from them."""
    return unpack_corpus(FOLK.read_bytes())


@functools.cache
def ragtime() -> Corpus:
    """Return the rags: the right hand's melody over the left hand's chords."""
    pieces = []
    for name in RAGS:
        content = (RAGTIME / f"{name}.mid").read_bytes()
        title = name.replace("-", " ").title()
        # The built-in model was trained with keys inferred from the notes.
        score = replace(read(content, title), key=None)
        pieces.append(
            # The chords are the left hand's, without the melody that is predicted.
            extract_piece(score, source="Scott Joplin", melody_in_chords=False)
        )
    return split_corpus("Rags", pieces, list(RAGS.values()))


def corpus_of(title: str, pieces: Sequence[Piece]) -> Corpus:
    """Return a corpus of a person's own pieces.

    Five or more different ones are split by whole piece. Fewer are cut, each at a bar
    line after four fifths and after nine tenths of its bars: then the parts share
    motifs, and results on the held-out parts are optimistic. Fewer than 20 bars
    together are refused by a DataError.
    """
    found = same_tunes(pieces)
    firsts = list(dict.fromkeys(found))
    if len(firsts) >= FEWEST_TO_SPLIT:
        held_out: dict[int, Split] = {firsts[-1]: "test", firsts[-2]: "validation"}
        return split_corpus(
            title, pieces, [held_out.get(first, "train") for first in found]
        )
    bars = sum(piece.bars for piece in pieces)
    if bars < FEWEST_BARS:
        raise DataError(
            f"Expected at least {FEWEST_BARS} bars to learn from and to be judged on, "
            f"got {bars}. Add longer pieces."
        )
    parts = [part for piece in pieces for part in _cut(piece)]
    return split_corpus(title, parts, SPLITS * len(pieces))


def pack_corpus(corpus: Corpus) -> bytes:
    """Write a corpus as one file, without pickle."""
    arrays = to_arrays(corpus.pieces)
    counts = (len(corpus.train), len(corpus.validation), len(corpus.test))
    arrays["split"] = np.repeat(np.arange(3, dtype=np.uint8), counts)
    arrays["title"] = np.array(corpus.title)
    return pack(arrays, compress=True)


def unpack_corpus(content: bytes) -> Corpus:
    """Decode the bytes of `pack_corpus`."""
    arrays = unpack(content)
    parts = [SPLITS[place] for place in arrays["split"].tolist()]
    return split_corpus(str(arrays["title"]), from_arrays(arrays), parts)


def split_corpus(title: str, pieces: Sequence[Piece], parts: Sequence[Split]) -> Corpus:
    """Return the corpus with each piece in its part."""
    pairs = list(zip(pieces, parts, strict=True))
    train, validation, test = (
        tuple(piece for piece, part in pairs if part == wanted) for wanted in SPLITS
    )
    return Corpus(title, train, validation, test)


def _cut(piece: Piece) -> tuple[Piece, Piece, Piece]:
    """Cut a piece in three at bar lines."""
    first, second = (
        piece.pickup + piece.meter.steps * (piece.bars * tenths // 10)
        for tenths in (8, 9)
    )
    return (
        piece.part(0, first),
        piece.part(first, second),
        piece.part(second, piece.steps),
    )


def same_tunes(pieces: Sequence[Piece]) -> list[int]:
    """Return for each piece the index of the first piece that is the same tune.

    Two pieces are the same tune if three in ten of the shorter one's different runs
    of six intervals are also in the other, or if a third is the same tune as both.
    Rhythm does not count: collections write one tune in eighths or in sixteenths.
    """
    runs = [_runs(piece) for piece in pieces]
    owner = list(range(len(pieces)))
    for (one, other), shared in _shared(runs).items():
        if shared >= SHARED * min(len(runs[one]), len(runs[other])):
            low, high = sorted((_first(owner, one), _first(owner, other)))
            owner[high] = low
    return [_first(owner, place) for place in range(len(pieces))]


def without_leaks(corpus: Corpus) -> Corpus:
    """Return a corpus without test pieces that overlap the training pieces.

    Those have a fifth or more of their own different runs in one piece for training or
    validation; frequent runs count too.
    """
    owners = _owners([_runs(piece) for piece in (*corpus.train, *corpus.validation)])

    def leaked(piece: Piece) -> float:
        runs = _runs(piece)
        counts = Counter(owner for run in runs for owner in owners.get(run, ()))
        return max(counts.values(), default=0) / max(1, len(runs))

    test = tuple(piece for piece in corpus.test if leaked(piece) < LEAKED)
    return replace(corpus, test=test)


def splits(pieces: Sequence[Piece]) -> list[Split]:
    """Split pieces; the part depends only on the notes of a tune's first version."""
    return [_part(pieces[first]) for first in same_tunes(pieces)]


def _part(piece: Piece) -> Split:
    content = np.diff(piece.melody[piece.onsets]).astype("<i2").tobytes()
    part = int.from_bytes(hashlib.sha256(content).digest()[:4]) % 100
    return "train" if part < VALIDATION else "validation" if part < TEST else "test"


def _runs(piece: Piece) -> set[bytes]:
    intervals = np.diff(piece.melody[piece.onsets]).astype("<i2")
    return {
        intervals[begin : begin + RUN].tobytes()
        for begin in range(len(intervals) - RUN + 1)
    }


def _owners(runs: Sequence[set[bytes]]) -> Mapping[bytes, list[int]]:
    """Return the indices of the pieces that have each run."""
    owners: dict[bytes, list[int]] = defaultdict(list)
    for place, found in enumerate(runs):
        for run in found:
            owners[run].append(place)
    return owners


def _shared(runs: Sequence[set[bytes]]) -> Counter[tuple[int, int]]:
    """Count the runs that each pair of pieces has in common."""
    rare = (found for found in _owners(runs).values() if len(found) <= COMMON)
    return Counter(pair for found in rare for pair in itertools.combinations(found, 2))


def _first(owner: list[int], place: int) -> int:
    while owner[place] != place:
        owner[place] = owner[owner[place]]
        place = owner[place]
    return place
