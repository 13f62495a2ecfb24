"""Human or model? Phrases to be told apart by ear.

Each question is a phrase of a piece that the model never saw: as it was written, or
with the melody that the model plays after the same bars, over the same chords. Key,
meter, tempo, length, instruments and touch are the same for both, and both lie on the
grid of sixteenths.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.music.config import Performance
from core.music.generating import improvised, take_of
from core.music.harmonising import harmonised
from core.music.piece import Piece
from core.music.result import Result
from core.music.score import Score

PHRASE, HEARD = 4, 8  # bars of a phrase, and before it that the model hears
FEWEST_NOTES = 6
TRIES = 200
HOW = Performance(temperature=0.9, top_p=0.98)


@dataclass(frozen=True, eq=False)
class Question:
    """A phrase.

    Attributes
    ----------
    score
        As it sounds.
    human
        The answer.
    title, source, bar
        The piece, and the bar in which the phrase begins; to be told afterwards.
    """

    score: Score
    human: bool
    title: str
    source: str
    bar: int


def questions(result: Result, seed: int, count: int = 8) -> tuple[Question, ...]:
    """Return questions, of which each is human with a chance of a half.

    Parameters
    ----------
    result
        What a training ended with.
    seed
        The same seed asks the same questions.
    count
        How many.
    """
    chance = np.random.default_rng([seed, 3])
    pieces = [*result.corpus.test, *result.corpus.validation]
    asked: list[Question] = []
    heard: set[tuple[int, int]] = set()
    for _ in range(TRIES):
        if len(asked) == count:
            break
        place, human = int(chance.integers(len(pieces))), bool(chance.random() < 0.5)
        piece = pieces[place]
        begin = _begin(piece, chance)
        if begin is not None and (place, begin) not in heard:
            heard.add((place, begin))
            how = replace(HOW, seed=int(chance.integers(999_999)))
            phrase = _phrase(result, piece, begin, how, human)
            if len(phrase.onsets) >= FEWEST_NOTES:
                asked.append(_question(result, piece, phrase, begin, how, human))
    return tuple(asked)


def _begin(piece: Piece, chance: np.random.Generator) -> int | None:
    """Return where a phrase begins, with bars before it, or None for a short piece."""
    bar = piece.meter.steps
    starts = range(piece.pickup + PHRASE * bar, piece.steps - PHRASE * bar + 1, bar)
    # Phrases of four bars begin where the piece's own do.
    starts = starts[::PHRASE]
    return int(starts[int(chance.integers(len(starts)))]) if len(starts) else None


def _phrase(
    result: Result, piece: Piece, begin: int, how: Performance, human: bool
) -> Piece:
    bar = piece.meter.steps
    first = max(0, begin - HEARD * bar)
    window = piece.part(first, begin + PHRASE * bar)
    if not human:
        window, _ = improvised(result, how, window, begin - first, ending=False)
    return window.part(begin - first, window.steps)


def _question(
    result: Result,
    piece: Piece,
    phrase: Piece,
    begin: int,
    how: Performance,
    human: bool,
) -> Question:
    played = phrase if phrase.chords else harmonised(phrase)
    how = replace(how, tempo=_tempo(played))
    take = take_of(result, how, played)
    bar = (begin - piece.pickup) // piece.meter.steps + 1
    return Question(take.score, human, piece.title, piece.source, bar)


def _tempo(piece: Piece) -> int:
    return int(min(max(piece.tempo, 72), 132))


def rightly(answers: Sequence[bool], asked: Sequence[Question]) -> int:
    """Return how many answers, true for human, are right."""
    return sum(said == one.human for said, one in zip(answers, asked, strict=False))
