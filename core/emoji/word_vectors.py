"""Make the vectors of the small model: python -m core.emoji.word_vectors FOLDER.

A sentence encoder is trained to give sentences of like meaning like vectors. For that
it learns a vector of every piece of a word, its first layer, which has to be good as a
part of a sentence; here a word is the mean of its pieces, in fewer dimensions by
principal components. FOLDER has model.safetensors and tokenizer.json of all-
MiniLM-L6-v2 (Reimers & Gurevych 2019; Wang et al. 2020), under the Apache licence 2.0.
Nothing of it is needed to train or to answer. The rest of the encoder reads a word
alone no better: vectors from its last layer are as accurate with 32 sentences a class.
"""

import json
import logging
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np

from core.arrays import pack
from core.emoji.own_classes import STARTERS, starter
from core.emoji.text.corpus import shipped
from core.emoji.text.tokens import tokenize
from core.emoji.vectors.glove import glove
from core.emoji.vectors.sentence_words import FILE
from core.process import one_thread

log = logging.getLogger(__name__)

FREQUENT = 15_000  # words of GloVe; further ones are those of the training sentences
SIZE = 256  # dimensions that are left, of 384
LEVELS = 127  # levels of a number in a byte
PIECES = "embeddings.word_embeddings.weight"


def read_weights(file: Path, name: str) -> np.ndarray:
    """Read weights of a file of safetensors: a header of JSON, then the numbers."""
    content = file.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    about = json.loads(content[8:end])[name]
    first, last = (end + place for place in about["data_offsets"])
    return np.frombuffer(content[first:last], np.float32).reshape(about["shape"])


def pieces(word: str, vocabulary: dict[str, int]) -> list[int]:
    """Split a word into the longest pieces that are known (Wu et al. 2016)."""
    plain = unicodedata.normalize("NFD", word)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    found = []
    for part in re.findall(r"\w+|[^\w\s]", plain):
        first = 0
        while first < len(part):
            for last in range(len(part), first, -1):
                piece = "##" * bool(first) + part[first:last]
                if piece in vocabulary:
                    break
            else:
                piece, last = "[UNK]", len(part)
            found.append(vocabulary[piece])
            first = last
    return found or [vocabulary["[UNK]"]]


def rows_to_read() -> list[int]:
    """Return the rows in GloVe of the words that get a vector."""
    sets = [shipped().all_learned, *(starter(name).train for name in STARTERS)]
    found = set(range(FREQUENT))
    for rows in sets:
        for text in rows.texts:
            words = [t.word for t in tokenize(text, glove().row).tokens if t.word]
            found |= {row for word in words if (row := glove().row(word)) is not None}
    return sorted(found)


def make(folder: Path) -> None:
    """Look all words up, and write their vectors."""
    from sklearn.decomposition import PCA

    table = read_weights(folder / "model.safetensors", PIECES)
    about = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    rows = rows_to_read()
    names, _ = glove().most_frequent(max(rows) + 1)
    means = [
        table[pieces(names[row], about["model"]["vocab"])].mean(axis=0) for row in rows
    ]
    vectors = PCA(SIZE, svd_solver="full").fit_transform(np.array(means))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scale = np.abs(vectors).max(axis=0) / LEVELS
    arrays = {
        "rows": np.array(rows, np.uint32),
        "vectors": np.rint(vectors / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
    }
    FILE.write_bytes(pack(arrays, compress=True))
    log.info("%d words, %d bytes", len(rows), FILE.stat().st_size)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    one_thread()
    make(Path(sys.argv[1]))
