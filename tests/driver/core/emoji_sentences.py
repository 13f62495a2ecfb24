"""The bundled sentences, as tests compare them."""

import csv
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

DATA = Path(__file__).parents[3] / "data" / "emoji"


# What is learned, what chooses, and each set that judges: the files of each.
SPLITS = {
    "train": ("train", "none"),
    "development": (
        "development",
        "development_mixed",
        "development_offtopic",
        "development_trades",
    ),
    "test": ("test",),
    "challenge": ("challenge",),
    "mixed": ("mixed",),
    "offtopic": ("offtopic",),
    "trades": ("trades",),
    "everyday": ("everyday",),
}


FILES = [name for names in SPLITS.values() for name in names]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return tuple(re.findall(r"[\w']+", plain))


def shared_words(texts: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """Of the words of each pair, the share that both have (texts, others)."""
    counter = CountVectorizer(analyzer=words, binary=True, dtype=np.float32)
    counts = counter.fit_transform([*texts, *others])
    ours, theirs = counts[: len(texts)], counts[len(texts) :]
    sizes = [np.asarray(each.sum(axis=1)).ravel() for each in (ours, theirs)]
    shared = (ours @ theirs.T).toarray()
    return shared / np.maximum(1, np.add.outer(*sizes) - shared)


def runs_of_four(text: str) -> set[tuple[str, ...]]:
    row = words(text)
    return {row[place : place + 4] for place in range(len(row) - 3)}
