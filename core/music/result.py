"""What a training on music ends with."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack, with_prefix
from core.music.config import Config
from core.music.copy_guard import CopyGuard
from core.music.corpora import Corpus, folk, pack_corpus, ragtime, unpack_corpus
from core.music.forward import DefaultPlayer, Player, SeedPlayer, Weights
from core.music.judged import (
    Judgement,
    MarkovFigures,
    Swept,
    human_as_json,
    human_from_json,
)
from core.music.learned import bare, common_meter, has_chords, prepared
from core.music.melody_figures import Range, ranges
from core.music.note_tokens import NoteTokens
from core.music.originality import HumanRate, Originals
from core.music.piece import Piece
from core.music.score import Meter
from core.music.vocabulary import Vocabulary
from core.task import Scalar, State

WEIGHT, VOCABULARY = "weight ", "vocabulary "
BUNDLED = {"ragtime": ragtime, "folk": folk}
STRETCH = 16  # bars whose figures are compared: they depend on the length
MOST_STRETCHES = 500  # of a corpus; more take seconds and tell the same
FEWEST_COPIED = 5  # notes; shorter runs are anybody's
RARE_PITCHES = 0.002  # share of notes beyond the range that is played


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """A trained model, how it was judged, and what it takes to play.

    Attributes
    ----------
    config, corpus
        What it was trained with and on.
    epochs
        Epochs completed.
    seconds, fit_cpu_seconds
        Time and processor time spent training, pauses left out.
    started_from
        "folk" if it began with the shipped folk model's weights, else "nothing".
    weights
        By name; in half precision once they have travelled.
    vocabulary
        Its tokens.
    judgement
        What it reaches on held-out pieces.
    markov
        What the Markov baseline reaches on them.
    human
        How much of the training pieces is in the held-out ones, which are by people.
    sweep
        What it plays at some temperatures.
    """

    config: Config
    corpus: Corpus
    epochs: int
    seconds: float
    fit_cpu_seconds: float
    started_from: str
    weights: Mapping[str, np.ndarray]
    vocabulary: Vocabulary | NoteTokens
    judgement: Judgement
    markov: MarkovFigures
    human: HumanRate
    sweep: tuple[Swept, ...] = ()

    def player(self, over: Piece) -> Player:
        """Return the model at its beginning, over chords in C major or A minor."""
        return player_of(self.config, self.weights, self.vocabulary, over)

    @property
    def hears_chords(self) -> bool:
        """Whether the chords that it plays over can matter to it."""
        heard = self.config.harmony == "heard" or self.config.model == "seed"
        return heard and has_chords(self.corpus.train)

    @property
    def meter(self) -> Meter:
        """The commonest meter of the pieces that it learned from."""
        return common_meter(self.corpus.train)

    @functools.cached_property
    def originals(self) -> Originals:
        """The training pieces, in which copied runs are found."""
        return originals_of(self.corpus)

    @functools.cached_property
    def usual(self) -> dict[str, Range]:
        """Where the figures of nine in ten stretches of training pieces lie."""
        return _usual(self.corpus)

    @functools.cached_property
    def copy_guard(self) -> CopyGuard:
        """Refuses longer copied runs than nearly all held-out pieces have."""
        return _copy_guard(self.corpus, max(FEWEST_COPIED, self.most_copied))

    @property
    def most_copied(self) -> int:
        """Notes of the longest run that a guarded melody may copy."""
        return int(self.human.rare)

    @functools.cached_property
    def range(self) -> tuple[int, int]:
        """Lowest and highest pitch that it plays, in C major or A minor."""
        return range_of(self.corpus)

    def summary(self) -> dict[str, Scalar]:
        """Return the figures of the run, ready for JSON."""
        judged = self.judgement
        return {
            "model": self.config.model,
            "corpus": self.corpus.title,
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            "train_nats": judged.train,
            "nats": judged.nats,
            "perplexity": judged.perplexity,
            "nats_markov": self.markov.nats,
            "markov_order": self.markov.order,
            "onset_accuracy": judged.onset_accuracy,
            "onset_accuracy_markov": self.markov.onset_accuracy,
            "chord_gain": judged.chord_gain,
            "started_from": self.started_from,
        }

    def encode(self) -> bytes:
        """Write the whole result, weights in half precision; `decode` reads it."""
        facts = {
            "config": asdict(self.config),
            "epochs": self.epochs,
            "seconds": self.seconds,
            "fit_cpu_seconds": self.fit_cpu_seconds,
            "started_from": self.started_from,
            "judgement": self.judgement.as_json(),
            "markov": asdict(self.markov),
            "human": human_as_json(self.human),
            "sweep": [swept.as_json() for swept in self.sweep],
        }
        arrays: dict[str, np.ndarray] = {
            "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
            "corpus": np.frombuffer(encode_corpus(self.corpus), np.uint8),
            **{WEIGHT + k: v.astype(np.float16) for k, v in self.weights.items()},
            **{VOCABULARY + k: v for k, v in self.vocabulary.to_arrays().items()},
        }
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        arrays = unpack(content)
        facts = json.loads(arrays["facts"].tobytes())
        return cls(
            config=Config.from_dict(facts.pop("config")),
            corpus=decode_corpus(arrays["corpus"].tobytes()),
            weights=with_prefix(arrays, WEIGHT),
            vocabulary=_vocabulary(with_prefix(arrays, VOCABULARY)),
            judgement=Judgement.from_json(facts.pop("judgement")),
            markov=MarkovFigures.from_dict(facts.pop("markov")),
            human=human_from_json(facts.pop("human")),
            sweep=tuple(Swept.from_json(swept) for swept in facts.pop("sweep")),
            **facts,
        )


def player_of(
    config: Config,
    weights: Weights,
    vocabulary: Vocabulary | NoteTokens,
    over: Piece,
) -> Player:
    """Return a model at its beginning, over chords in C major or A minor."""
    if isinstance(vocabulary, NoteTokens):
        return SeedPlayer(weights, vocabulary, over)
    return DefaultPlayer(weights, bare(over) if config.harmony == "hidden" else over)


def encode_corpus(corpus: Corpus) -> bytes:
    """Write a corpus, one that ships as no more than its name."""
    name = bundled_name(corpus)
    return pack({"bundled": np.array(name)}) if name else pack_corpus(corpus)


def decode_corpus(content: bytes) -> Corpus:
    """Read what `encode_corpus` wrote."""
    arrays = unpack(content)
    if "bundled" in arrays:
        return BUNDLED[str(arrays["bundled"])]()
    return unpack_corpus(content)


def bundled_name(corpus: Corpus) -> str:
    """Return "ragtime" or "folk" for a corpus that ships, else ""."""
    for name, made in BUNDLED.items():
        if corpus is made():
            return name
    return ""


@functools.lru_cache(maxsize=4)
def originals_of(corpus: Corpus) -> Originals:
    """Return the training pieces, in which copied runs are found."""
    return Originals(corpus.train)


@functools.lru_cache(maxsize=4)
def _usual(corpus: Corpus) -> dict[str, Range]:
    parts = [part for piece in corpus.train for part in _stretches(piece)]
    return ranges(parts[:: -(-len(parts) // MOST_STRETCHES)])


def _stretches(piece: Piece) -> list[Piece]:
    """Cut a piece into stretches as long as what is played; a rest of one is left."""
    steps = STRETCH * piece.meter.steps
    begins = range(piece.pickup, piece.steps - steps + 1, steps)
    return [piece.part(begin, begin + steps) for begin in begins] or [piece]


@functools.lru_cache(maxsize=4)
def _copy_guard(corpus: Corpus, longest: int) -> CopyGuard:
    return CopyGuard(corpus.train, longest)


@functools.lru_cache(maxsize=4)
def range_of(corpus: Corpus) -> tuple[int, int]:
    """Return the range of all but the rarest notes, in C major or A minor."""
    home = [prepared(piece) for piece in corpus.train]
    pitches = np.sort(np.concatenate([piece.melody[piece.onsets] for piece in home]))
    few = int(RARE_PITCHES * len(pitches))
    return int(pitches[few]), int(pitches[-1 - few])


def _vocabulary(arrays: State) -> Vocabulary | NoteTokens:
    return (NoteTokens if "values" in arrays else Vocabulary).from_arrays(arrays)
