"""Text to train on: a list of names, or a passage, cut into examples."""

import functools
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.lesson.network import PADDING, Tokens
from core.recurrent import Array
from core.task import DataError

MOST_BYTES = 200_000
FEWEST_CHARACTERS = 10
MOST_DIFFERENT = 256
EVALUATED = 200  # examples, at most, on which a loss is computed
REPETITION = 20  # characters; shorter matches with the training text do not count
LONGEST_NAME = 32  # a text with no line longer than this is a list of names
START = END = "\n"  # a name begins after a line break and ends with one
NAMES = Path(__file__).parents[3] / "data" / "names" / "names.txt"
SENTENCE = "The longer the thread, the more a network must carry to the end of it."


@dataclass(frozen=True)
class Corpus:
    """A text and its title."""

    title: str  # for a list of runs
    text: str  # cleaned by `from_text`: no control characters but line breaks

    @classmethod
    def from_text(cls, text: str, title: str = "Own text") -> Self:
        """Clean and check a pasted text.

        Raise a DataError if it is longer than 200 kB, shorter than 10 characters, or
        has more than 256 different characters, or fewer than 2.
        """
        size = len(text.encode(errors="replace"))
        if size > MOST_BYTES:
            raise DataError(
                f"Text: expected at most {MOST_BYTES // 1000} kB, got more: "
                f"{size:,} bytes. Take a shorter part of it."
            )
        text = _clean(text)
        if len(text) < FEWEST_CHARACTERS:
            raise DataError(
                f"Text: expected at least {FEWEST_CHARACTERS} characters, got "
                f"{len(text)}. Paste a sentence, or a list of names, one a line."
            )
        different = len(set(text))
        if not 2 <= different <= MOST_DIFFERENT:
            raise DataError(
                f"Text: expected 2 to {MOST_DIFFERENT} different characters, got "
                f"{different}. Use a text in one alphabet."
            )
        return cls(title, text)

    @classmethod
    def from_bytes(cls, content: bytes, title: str = "Own text") -> Self:
        """Read a file's content as `from_text` does; it must be UTF-8."""
        try:
            return cls.from_text(content.decode("utf-8-sig"), title)
        except UnicodeDecodeError as error:
            raise DataError(
                f"Text: expected a text file in UTF-8, got byte "
                f"{content[error.start]:#04x} at place {error.start}. "
                "Save the file as plain text in UTF-8."
            ) from error

    def to_json(self) -> bytes:
        """Write title and text for a worker."""
        return json.dumps({"title": self.title, "text": self.text}).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Decode the bytes of `to_json`; a DataError if they are something else."""
        try:
            parts = json.loads(content)
            return cls.from_text(str(parts["text"]), str(parts["title"]))
        except DataError:
            raise
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                "Text: expected what encode_data wrote. Send it again."
            ) from error

    @functools.cached_property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in self.text.split("\n") if line]

    @property
    def is_names(self) -> bool:
        """Whether the text is a list of short lines, each an example of its own."""
        return len(self.lines) > 1 and max(map(len, self.lines)) <= LONGEST_NAME

    @functools.cached_property
    def characters(self) -> str:
        """Every character of the text, line break first, then by frequency."""
        often = Counter(self.text.replace(END, ""))
        return END + "".join(sorted(often, key=lambda c: (-often[c], c)))

    def encode(self, text: str) -> Tokens:
        """Return the index of each character in `characters`, (len(text),)."""
        index = {character: i for i, character in enumerate(self.characters)}
        return np.array([index[character] for character in text], dtype=np.int64)

    def decode(self, tokens: Tokens) -> str:
        """Return the text that tokens stand for."""
        return "".join(self.characters[int(token)] for token in tokens)


@dataclass(frozen=True)
class Excerpts:
    """A corpus cut into training and held-out examples."""

    # Tokens (T + 1, examples), padded with PADDING where a name is shorter. At most 200
    # are held out, and none if the text is too short.
    train: Tokens
    held_out: Tokens

    def some_of_train(self) -> Tokens:
        """Return at most 200 training examples, evenly chosen."""
        return _some(self.train)

    def batch(self, rng: np.random.Generator, size: int) -> tuple[Tokens, Tokens]:
        """Draw inputs and targets, (T, size) each, without common padding."""
        chosen = self.train[:, rng.integers(0, self.train.shape[1], size)]
        return inputs_and_targets(chosen)


def inputs_and_targets(tokens: Tokens) -> tuple[Tokens, Tokens]:
    """Split tokens (T + 1, m) into inputs and next characters, (T, m) each."""
    longest = int((tokens != PADDING).any(axis=1).sum())
    return tokens[: longest - 1], tokens[1:longest]


def cut(corpus: Corpus, window: int) -> Excerpts:
    """Cut a corpus into examples; every tenth name or the last tenth is held out.

    Parameters
    ----------
    corpus
        A list of names, each one an example from line break to line break, or a
        passage, every stretch of `window` characters an example.
    window
        Characters of an example. Longer names are cut.

    Returns
    -------
    Excerpts
        Nothing is held out of fewer than 20 names or 20 windows of a passage.
    """
    if corpus.is_names:
        return _cut_names(corpus, window)
    train, held_out = _split(corpus, window)
    return Excerpts(_windows(train, window), _some(_windows(held_out, window)))


def repeated_share(corpus: Corpus, window: int) -> float:
    """Return the share of the held-out text that also occurs in the training text.

    Returns
    -------
    float
        Of a list: the share of the held-out names. Of a passage: the share of the
        held-out characters that are part of a stretch of 20 characters found in
        the training part. 0 where nothing is held out.
    """
    if corpus.is_names:
        examples = cut(corpus, window)  # two long names may be the same once cut
        known = {name.tobytes() for name in examples.train.T}
        found = np.array([name.tobytes() in known for name in examples.held_out.T])
    else:
        stretches = [
            _windows(part.astype(np.uint16), REPETITION - 1).T
            for part in _split(corpus, window)
        ]
        known = {stretch.tobytes() for stretch in stretches[0]}
        found = np.zeros(len(stretches[1]) + REPETITION - 1, dtype=bool)
        for start, stretch in enumerate(stretches[1]):
            if stretch.tobytes() in known:
                found[start : start + REPETITION] = True
    return float(found.mean()) if found.size else 0.0


def split(corpus: Corpus, window: int) -> tuple[str, str]:
    """Return the training text and the held-out text; "" if nothing is held out.

    That of a list of names begins and ends with a line break.
    """
    if corpus.is_names:
        names = np.array(_names(corpus))
        chosen = _held_out(len(names))
        parts = [names[~chosen].tolist(), names[chosen].tolist()]
        train, held_out = (
            START + END.join(part) + END if part else "" for part in parts
        )
        return train, held_out
    train, held_out = (corpus.decode(part) for part in _split(corpus, window))
    return train, held_out


def _names(corpus: Corpus) -> list[str]:
    return list(dict.fromkeys(corpus.lines))


def _held_out(count: int) -> NDArray[np.bool_]:
    """Return which of a list of names are held out: every tenth of 20 or more."""
    return np.asarray((np.arange(count) % 10 == 9) & (count >= 20))


def _split(corpus: Corpus, window: int) -> tuple[Tokens, Tokens]:
    """Return the training part of a passage, and the last tenth, which is held out."""
    tokens = corpus.encode(corpus.text)
    held_out = len(tokens) // 10 if len(tokens) >= 20 * window else 0
    return tokens[: len(tokens) - held_out], tokens[len(tokens) - held_out :]


def _cut_names(corpus: Corpus, window: int) -> Excerpts:
    names = _names(corpus)
    longest = min(window, max(map(len, names)) + 1)
    tokens = np.full((longest + 1, len(names)), PADDING, dtype=np.int64)
    for column, name in enumerate(names):
        sequence = corpus.encode(START + name + END)[: longest + 1]
        tokens[: len(sequence), column] = sequence
    held_out = _held_out(len(names))
    return Excerpts(tokens[:, ~held_out], _some(tokens[:, held_out]))


def _windows(tokens: Tokens, window: int) -> Tokens:
    """Return every stretch of window + 1 tokens as a column."""
    if not len(tokens):
        return np.empty((window + 1, 0), dtype=np.int64)
    width = min(window + 1, len(tokens))
    return np.lib.stride_tricks.sliding_window_view(tokens, width).T


def _some(tokens: Tokens) -> Tokens:
    """Return at most `EVALUATED` examples, evenly spaced."""
    return tokens[:, :: -(-tokens.shape[1] // EVALUATED) or 1]


def one_hot(tokens: Tokens, classes: int) -> Array:
    """Return tokens (T, m) as one-hot columns, (T, classes, m)."""
    hot = tokens[:, np.newaxis] == np.arange(classes)[:, np.newaxis]
    return np.asarray(hot, dtype=np.float64)


@functools.cache
def own_names() -> Corpus:
    """Return the bundled list of names."""
    return Corpus.from_bytes(NAMES.read_bytes(), "Names")


def one_sentence() -> Corpus:
    """Return the sentence of the preset that memorises one."""
    return Corpus.from_text(SENTENCE, "One sentence")


def _clean(text: str) -> str:
    """Normalise the text and drop control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\t", " ")
    text = "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")
    )
    return "\n".join(line.strip() for line in text.split("\n")).strip()
