"""From a text to an answer: tokens, vectors, the reader, and what to say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.labels import CLASSES, LABELS
from core.emoji.model.reading import Reader
from core.emoji.text.csvfile import write_csv
from core.emoji.text.tokens import Reading, Token, read
from core.emoji.vectors.glove import Vectors

AT_ONCE = 64  # texts that are read in one batch
NOTHING = "There are no words in it. Type a sentence."
ALL_UNKNOWN = "None of these words is known, so the emoji is only a guess."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a model says to one text.

    Attributes
    ----------
    text
        As it came.
    label
        Place in `core.emoji.labels.LABELS`; None if there was nothing to read.
    probabilities
        Of each emoji (5,); all alike if there was nothing to read.
    sure
        Whether the confidence reaches the model's threshold.
    reading
        The tokens.
    notices
        What the person should know about this answer, in sentences.
    """

    text: str
    label: int | None
    probabilities: np.ndarray
    sure: bool
    reading: Reading
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the label; empty without one."""
        return "" if self.label is None else LABELS[self.label].name

    @property
    def emoji(self) -> str:
        """The emoji; empty without a label."""
        return "" if self.label is None else LABELS[self.label].emoji

    @property
    def confidence(self) -> float:
        """Probability of the emoji; 0 without one."""
        return 0.0 if self.label is None else float(self.probabilities[self.label])

    @property
    def tokens(self) -> list[str]:
        """The words that were read."""
        return self.reading.shown

    @property
    def unknown(self) -> list[str]:
        """The words that are not in the table of vectors."""
        return self.reading.unknown


@dataclass(frozen=True, kw_only=True)
class Model:
    """A reader with the words it knows.

    Attributes
    ----------
    reader
        The networks.
    table
        Vectors of all words.
    adapted
        Vectors that training changed, by word; the unknown word is "".
    threshold
        Confidence from which an answer is sure.
    """

    reader: Reader
    table: Vectors
    adapted: Mapping[str, np.ndarray]
    threshold: float

    def read(self, text: str) -> Reading:
        """Cut a text into tokens."""
        return read(text, self.table.row)

    def vectors(self, tokens: Sequence[Token]) -> np.ndarray:
        """Return the vector of each token (tokens, size); one unknown if none."""
        array = np.zeros((max(1, len(tokens)), self.table.size), np.float32)
        array[:] = self.adapted.get("", 0.0)
        fresh = []
        for place, token in enumerate(tokens):
            if token.word is None:
                continue
            if token.word in self.adapted:
                array[place] = self.adapted[token.word]
            elif (row := self.table.row(token.word)) is not None:
                fresh.append((place, row))
        if fresh:
            places, rows = zip(*fresh, strict=True)
            array[list(places)] = self.table.take(rows)
        return array

    def mean_vector(self, text: str) -> np.ndarray:
        """Return the mean of the vectors of a text's words (size,)."""
        return np.asarray(self.vectors(self.read(text).tokens).mean(axis=0))

    def probabilities(self, sentences: Sequence[np.ndarray]) -> np.ndarray:
        """Return the probability of each emoji (sentences, 5), of vectors of words."""
        rows = np.empty((len(sentences), CLASSES))
        # Sentences of like length together, so that little padding is read.
        order = np.argsort([len(sentence) for sentence in sentences], kind="stable")
        for first in range(0, len(order), AT_ONCE):
            part = order[first : first + AT_ONCE]
            rows[part] = self.reader.probabilities([sentences[n] for n in part])
        return rows

    def judge(self, texts: Sequence[str]) -> np.ndarray:
        """Return the probability of each emoji (texts, 5)."""
        vectors = [self.vectors(self.read(text).tokens) for text in texts]
        return self.probabilities(vectors)

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer texts, whatever they are."""
        readings = [self.read(text) for text in texts]
        vectors = [self.vectors(reading.tokens) for reading in readings]
        rows = self.probabilities(vectors)
        return [
            self._answer(text, reading, row)
            for text, reading, row in zip(texts, readings, rows, strict=True)
        ]

    def _answer(self, text: str, reading: Reading, row: np.ndarray) -> Answer:
        notices = list(reading.notices)
        known = any(token.word for token in reading.tokens)
        label: int | None = int(row.argmax())
        if not reading.tokens:
            label, row = None, np.full(CLASSES, 1 / CLASSES)
            notices.append(NOTHING)
        elif not known:
            notices.append(ALL_UNKNOWN)
        return Answer(
            text=text,
            label=label,
            probabilities=row,
            sure=known and float(row.max()) >= self.threshold,
            reading=reading,
            notices=tuple(notices),
        )


def answers_csv(answers: Sequence[Answer]) -> str:
    """Write one line an answer; `core.emoji.csvfile.read_csv` reads it again."""
    columns: dict[str, list[object]] = {
        "text": [answer.text for answer in answers],
        "label": [answer.name for answer in answers],
        "emoji": [answer.emoji for answer in answers],
        "confidence": [f"{answer.confidence:.4f}" for answer in answers],
        "sure": ["yes" if answer.sure else "no" for answer in answers],
        "unknown": [" ".join(answer.unknown) for answer in answers],
    }
    for place, label in enumerate(LABELS):
        columns[f"p_{label.name}"] = [f"{a.probabilities[place]:.4f}" for a in answers]
    return write_csv(columns)
