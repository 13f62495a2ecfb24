"""Makes data/music/folk.npz from music21's collections: `make music-data`.

Takes some three minutes of one core, and needs music21, a development tool.
"""

import hashlib
import logging
from collections import Counter

import numpy as np

from core.arrays import pack, unpack
from core.music.corpora import FOLK, dealt, pack_corpus
from core.music.duplicates import splits
from core.music.piece import Piece
from core.music.score import HIGHEST
from core.music.tunebooks import COLLECTIONS, tunes

log = logging.getLogger(__name__)

METERS = {"2/2", "2/4", "3/4", "4/4", "3/8", "6/8", "9/8", "12/8"}
SHORTEST, LONGEST = 32, 1024  # steps
FEWEST_NOTES = 16


def usable(piece: Piece) -> bool:
    """Tell whether a tune came through the reading whole: meter, length, notes."""
    return (
        str(piece.meter) in METERS
        and SHORTEST <= piece.steps <= LONGEST
        and len(piece.onsets) >= FEWEST_NOTES
        and piece.melody.max() <= HIGHEST
    )


def folk(pieces: list[Piece]) -> bytes:
    """Write the tunes that are usable, with the split of each, as one file."""
    kept = [piece for piece in pieces if usable(piece)]
    parts = splits(kept)
    log.info("%d of %d tunes, %s", len(kept), len(pieces), Counter(parts))
    corpus = dealt("Folk tunes", kept, parts)
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
