"""The music that ships: folk tunes as a cache, rags as MIDI files."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.arrays import pack, unpack
from core.music.duplicates import Split, clusters
from core.music.lead import piece_of
from core.music.packing import from_arrays, to_arrays
from core.music.piece import Piece
from core.music.reading import read
from core.task import DataError

DATA = Path(__file__).parents[2] / "data" / "music"
FOLK = DATA / "folk.npz"
RAGTIME = DATA / "ragtime"
FEWEST_TO_DEAL = 5  # different pieces
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


@dataclass(frozen=True, eq=False)
class Corpus:
    """Pieces to learn from, and others, of no tune in common, to be judged on.

    Attributes
    ----------
    title
        What the pieces are.
    train, validation, test
        Whole pieces. What a training may see, what it may choose by, and what it is
        judged on in the end.
    """

    title: str
    train: tuple[Piece, ...]
    validation: tuple[Piece, ...]
    test: tuple[Piece, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece."""
        return self.train + self.validation + self.test


@functools.cache
def folk() -> Corpus:
    """Return the folk tunes: dances and airs, melodies without chords."""
    return unpack_corpus(FOLK.read_bytes())


@functools.cache
def ragtime() -> Corpus:
    """Return the rags: the right hand's melody over the left hand's chords."""
    pieces = []
    for name in RAGS:
        content = (RAGTIME / f"{name}.mid").read_bytes()
        title = name.replace("-", " ").title()
        pieces.append(piece_of(read(content, title), source="Scott Joplin"))
    return dealt("Rags", pieces, list(RAGS.values()))


def of_pieces(title: str, pieces: Sequence[Piece]) -> Corpus:
    """Return a corpus of somebody's own pieces.

    Five or more different ones are split by whole piece. Fewer are cut, each at a bar
    line after four fifths and after nine tenths of its bars: then the parts know each
    other's motifs, and figures on held-out parts flatter.

    Raises
    ------
    DataError
        If there is no piece, or those to cut have fewer than 20 bars together.
    """
    found = clusters(pieces)
    firsts = list(dict.fromkeys(found))
    if len(firsts) >= FEWEST_TO_DEAL:
        held_out: dict[int, Split] = {firsts[-1]: "test", firsts[-2]: "validation"}
        return dealt(title, pieces, [held_out.get(first, "train") for first in found])
    bars = sum(piece.bars for piece in pieces)
    if bars < FEWEST_BARS:
        raise DataError(
            f"Expected at least {FEWEST_BARS} bars to learn from and to be judged on, "
            f"got {bars}. Add longer pieces."
        )
    parts = [part for piece in pieces for part in _cut(piece)]
    return dealt(title, parts, SPLITS * len(pieces))


def pack_corpus(corpus: Corpus) -> bytes:
    """Write a corpus as one file, without pickle."""
    arrays = to_arrays(corpus.pieces)
    counts = (len(corpus.train), len(corpus.validation), len(corpus.test))
    arrays["split"] = np.repeat(np.arange(3, dtype=np.uint8), counts)
    arrays["title"] = np.array(corpus.title)
    return pack(arrays, compress=True)


def unpack_corpus(content: bytes) -> Corpus:
    """Read what `pack_corpus` wrote.

    Raises
    ------
    ValueError
        If the content is not such a file.
    """
    arrays = unpack(content)
    parts = [SPLITS[place] for place in arrays["split"].tolist()]
    return dealt(str(arrays["title"]), from_arrays(arrays), parts)


def dealt(title: str, pieces: Sequence[Piece], parts: Sequence[Split]) -> Corpus:
    """Return the corpus in which each piece is in its part."""
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
