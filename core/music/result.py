"""The result of a training on music."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple, Self

import numpy as np

from core.arrays import pack, unpack, with_prefix
from core.music.config import Config
from core.music.corpora import Corpus, folk, pack_corpus, ragtime, unpack_corpus
from core.music.judging.judgement import Judgement, SweepPoint
from core.music.judging.melody_metrics import Range, ranges
from core.music.judging.originality import CopyGuard, CopyIndex, HumanRate
from core.music.model.copying import Rivals
from core.music.model.markov import MarkovFigures
from core.music.model.players import (
    ClassicPlayer,
    DefaultPlayer,
    DefaultPlayers,
    Player,
    StepwiseNetwork,
    Weights,
)
from core.music.model.vocabulary import NoteTokens, Vocabulary, prepared
from core.music.score.piece import Piece, common_meter
from core.music.theory.notes import Meter
from core.task import Scalar

WEIGHT_PREFIX, VOCABULARY_PREFIX = "weight ", "vocabulary "  # prefixes of array names
BUNDLED = {"ragtime": ragtime, "folk": folk}
EXCERPT = 16  # bars whose metrics are compared: they depend on the length
MOST_EXCERPTS = 500  # most excerpts of a corpus; more take seconds and change little
FEWEST_COPIED = 5  # notes; shorter runs are not counted as copied
RARE_PITCHES = 0.002  # share of notes on each side beyond the range that is played


class Compared(NamedTuple):
    """What one of the compared models reaches on the test pieces."""

    name: str
    # Nats a sixteenth, on all bars and where nothing is repeated; None if it was not
    # measured
    nats: float | None
    fresh: float | None
    # Share of the onsets whose token was the most likely one
    onset_accuracy: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """A trained model and its evaluation."""

    # It was trained with and on these
    config: Config
    corpus: Corpus
    epochs: int  # completed
    # Time and processor time of the training, without pauses
    seconds: float
    fit_cpu_seconds: float
    # "folk" if it began with the shipped folk model's weights, else "nothing"
    started_from: str
    weights: Mapping[str, np.ndarray]  # half precision after `decode`
    vocabulary: Vocabulary | NoteTokens
    # What it and the Markov baseline reach on held-out pieces
    judgement: Judgement
    markov: MarkovFigures
    human: HumanRate  # the copy rates of the held-out pieces, which are by composers
    chords_read: bool  # whether chords were an input in its training
    rivals: Rivals  # what simpler models reach
    sweep: tuple[SweepPoint, ...] = ()  # what it generates at some temperatures

    @property
    def data(self) -> Corpus:
        """What it was trained on, by the name that all tasks have for it."""
        return self.corpus

    def player(self, over: Piece) -> Player:
        """Return the model in its initial state, over chords in C major or A minor."""
        if not self.chords_read:
            over = over.without_chords()
        return player_of(self.config, self.weights, self.vocabulary, over)

    def players(self, over: Piece, count: int) -> DefaultPlayers | None:
        """Return the default model with several melodies, in its initial state.

        None for the classic model, whose tokens last for several steps.
        """
        if isinstance(self.vocabulary, NoteTokens):
            return None
        if not self.chords_read:
            over = over.without_chords()
        network, repeats = StepwiseNetwork(self.weights), self.config.repeats == "read"
        return DefaultPlayers(network, over, count, repeats)

    @property
    def meter(self) -> Meter:
        """The most common meter of the training pieces."""
        return common_meter(self.corpus.train)

    @functools.cached_property
    def copy_index(self) -> CopyIndex:
        """Finds runs copied from the training pieces."""
        return copy_index_of(self.corpus)

    @functools.cached_property
    def usual(self) -> dict[str, Range]:
        """Ranges of the metrics of nine in ten excerpts of training pieces."""
        return _usual(self.corpus)

    @functools.cached_property
    def copy_guard(self) -> CopyGuard:
        """Rejects longer copied runs than nearly all held-out pieces have."""
        return _copy_guard(self.corpus, max(FEWEST_COPIED, self.most_copied))

    @property
    def most_copied(self) -> int:
        """Notes of the longest run that a guarded melody may copy."""
        return int(self.human.rare)

    @functools.cached_property
    def range(self) -> tuple[int, int]:
        """Lowest and highest pitch that it plays, in C major or A minor."""
        return range_of(self.corpus)

    @property
    def rival_nats(self) -> dict[str, float | None]:
        """Nats a sixteenth of simpler models, and on fresh bars; None: not measured."""
        rivals = self.rivals
        return {
            "nats_copy": rivals.copy_nats,
            "nats_plain": rivals.plain_nats,
            "nats_fresh": self.judgement.fresh,
            "nats_fresh_markov": rivals.markov_fresh,
        }

    @property
    def compared(self) -> tuple[Compared, ...]:
        """The models that this one is compared with, and last this one."""
        judged, markov, rivals = self.judgement, self.markov, self.rivals
        one_order = markov.onset_order == markov.order
        accuracy = markov.onset_accuracy
        found = []
        if not one_order:
            name = f"Markov-{markov.onset_order}"
            found.append(Compared(name, None, None, accuracy))
        name, known = f"Markov-{markov.order}", accuracy if one_order else None
        found.append(Compared(name, markov.nats, rivals.markov_fresh, known))
        plain = rivals.plain_nats, rivals.plain_fresh, rivals.plain_onset_accuracy
        copies = rivals.copy_nats, rivals.copy_fresh, rivals.copy_onset_accuracy
        if rivals.plain_nats is not None:
            found.append(Compared("Plain LSTM", *plain))
        found.append(Compared("Repeats itself", *copies))
        ours = judged.nats, judged.fresh, judged.onset_accuracy
        return (*found, Compared("This model", *ours))

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
            **self.rival_nats,
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
            "chords_read": self.chords_read,
            "judgement": self.judgement.as_json(),
            "markov": asdict(self.markov),
            "rivals": asdict(self.rivals),
            "human": {
                "rates": list(self.human.rates.items()),
                "longest": self.human.longest,
            },
            "sweep": [point.as_json() for point in self.sweep],
        }
        arrays: dict[str, np.ndarray] = {
            "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
            "corpus": np.frombuffer(encode_corpus(self.corpus), np.uint8),
            **{
                WEIGHT_PREFIX + k: v.astype(np.float16) for k, v in self.weights.items()
            },
            **{
                VOCABULARY_PREFIX + k: v for k, v in self.vocabulary.to_arrays().items()
            },
        }
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""
        arrays = unpack(content)
        facts = json.loads(arrays["facts"].tobytes())
        human = facts.pop("human")
        vocabulary = with_prefix(arrays, VOCABULARY_PREFIX)
        kind = NoteTokens if "values" in vocabulary else Vocabulary
        return cls(
            config=Config.from_dict(facts.pop("config")),
            corpus=decode_corpus(arrays["corpus"].tobytes()),
            weights=with_prefix(arrays, WEIGHT_PREFIX),
            vocabulary=kind.from_arrays(vocabulary),
            judgement=Judgement.from_json(facts.pop("judgement")),
            markov=MarkovFigures.from_dict(facts.pop("markov")),
            human=HumanRate(dict(human["rates"]), tuple(human["longest"])),
            rivals=Rivals(**facts.pop("rivals")),
            sweep=tuple(SweepPoint.from_json(point) for point in facts.pop("sweep")),
            **facts,
        )


def player_of(
    config: Config,
    weights: Weights,
    vocabulary: Vocabulary | NoteTokens,
    over: Piece,
) -> Player:
    """Return a model in its initial state, over chords in C major or A minor."""
    network = StepwiseNetwork(weights)
    if isinstance(vocabulary, NoteTokens):
        return ClassicPlayer(network, vocabulary, over)
    if config.harmony == "hidden":
        over = over.without_chords()
    return DefaultPlayer(network, over, config.repeats == "read")


def encode_corpus(corpus: Corpus) -> bytes:
    """Write a corpus; of one that ships, only its name."""
    name = bundled_name(corpus)
    return pack({"bundled": np.array(name)}) if name else pack_corpus(corpus)


def decode_corpus(content: bytes) -> Corpus:
    """Decode the bytes of `encode_corpus`."""
    arrays = unpack(content)
    if "bundled" in arrays:
        return BUNDLED[str(arrays["bundled"])]()
    return unpack_corpus(content)


def bundled_name(corpus: Corpus) -> str:
    """Return "ragtime" or "folk" for a corpus that ships, else ""."""
    for name, load in BUNDLED.items():
        if corpus is load():
            return name
    return ""


@functools.lru_cache(maxsize=4)
def copy_index_of(corpus: Corpus) -> CopyIndex:
    """Return the search for runs copied from the training pieces."""
    return CopyIndex(corpus.train)


@functools.lru_cache(maxsize=4)
def _usual(corpus: Corpus) -> dict[str, Range]:
    parts = [part for piece in corpus.train for part in _excerpts(piece)]
    return ranges(parts[:: -(-len(parts) // MOST_EXCERPTS)])


def _excerpts(piece: Piece) -> list[Piece]:
    """Cut a piece into excerpts of the usual length, without the remainder."""
    steps = EXCERPT * piece.meter.steps
    begins = range(piece.pickup, piece.steps - steps + 1, steps)
    return [piece.part(begin, begin + steps) for begin in begins] or [piece]


@functools.lru_cache(maxsize=4)
def _copy_guard(corpus: Corpus, longest: int) -> CopyGuard:
    return CopyGuard(corpus.train, longest)


@functools.lru_cache(maxsize=4)
def range_of(corpus: Corpus) -> tuple[int, int]:
    """Return the range of all but the rarest pitches, in C major or A minor."""
    pieces = [prepared(piece) for piece in corpus.train]
    pitches = np.sort(np.concatenate([piece.melody[piece.onsets] for piece in pieces]))
    few = int(RARE_PITCHES * len(pitches))
    return int(pitches[few]), int(pitches[-1 - few])
