"""Human or model? Phrases to be told apart by ear.

Each question is a phrase of a held-out piece: as the composer wrote it, or as the model
continues the same bars over the same chords (those of folk tunes are inferred from what
the composer wrote, also where the model plays). Key, meter, tempo, length, instruments
and velocities are the same for both, and both are on the grid of sixteenths.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.music.arranger.harmonizing import harmonized
from core.music.config import Performance
from core.music.playing.takes import improvise, take_of
from core.music.result import Result
from core.music.score.piece import Piece
from core.music.score.score import Score

PHRASE, CONTEXT = 4, 8  # bars of a phrase, and before it that the model reads
FEWEST_NOTES = 6
TRIES = 200
HOW = Performance(ending="free")
KINDS = {"heard": "phrases", "network": "free"}  # subject of the questions -> its plan


@dataclass(frozen=True, eq=False)
class Question:
    """A phrase by a composer or by the model."""

    score: Score  # music to listen to
    human: bool  # the answer
    # The piece, and the bar in which the phrase begins
    title: str
    source: str
    bar: int


def questions(
    result: Result, seed: int, count: int = 8, kind: str = "network"
) -> tuple[Question, ...]:
    """Return some questions, each of which is human with a probability of a half.

    Where it is not the composer, the network plays alone (kind "network"), or with the
    plan and the choice among candidates ("heard").
    """
    random = np.random.default_rng([seed, 3])
    pieces = [*result.corpus.test, *result.corpus.validation]
    found: list[Question] = []
    used: set[tuple[int, int]] = set()
    for _ in range(TRIES):
        if len(found) == count:
            break
        place, human = int(random.integers(len(pieces))), bool(random.random() < 0.5)
        piece = pieces[place]
        begin = _begin(piece, random)
        if begin is not None and (place, begin) not in used:
            used.add((place, begin))
            how = replace(HOW, plan=KINDS[kind], seed=int(random.integers(999_999)))
            phrase = _phrase(result, piece, begin, how, human)
            if len(phrase.onsets) >= FEWEST_NOTES:
                found.append(_question(result, piece, phrase, begin, how, human))
    return tuple(found)


def _begin(piece: Piece, random: np.random.Generator) -> int | None:
    """Return where a phrase begins, with bars before it, or None for a short piece."""
    bar = piece.meter.steps
    starts = range(piece.pickup + PHRASE * bar, piece.steps - PHRASE * bar + 1, bar)
    # Phrases of four bars begin where the piece's own do.
    starts = starts[::PHRASE]
    return int(starts[int(random.integers(len(starts)))]) if len(starts) else None


def _phrase(
    result: Result, piece: Piece, begin: int, how: Performance, human: bool
) -> Piece:
    bar = piece.meter.steps
    first = max(0, begin - CONTEXT * bar)
    window = piece.part(first, begin + PHRASE * bar)
    if not human:
        before = np.arange(window.steps) < begin - first
        played = improvise(result, how, window, before, ending=False)
        window = replace(window, melody=played.melody)
    return window.part(begin - first, window.steps)


def _question(
    result: Result,
    piece: Piece,
    phrase: Piece,
    begin: int,
    how: Performance,
    human: bool,
) -> Question:
    # Chords that were inferred from the composer's notes fit the model's only if it has
    # read them.
    unread = phrase.inferred and not result.chords_read
    played = phrase if phrase.chords and not unread else harmonized(phrase)
    how = replace(how, tempo=int(min(max(played.tempo, 72), 132)))
    take = take_of(result, how, played)
    bar = piece.bar_at(begin)
    return Question(take.score, human, piece.title, piece.source, bar)


def count_right(answers: Sequence[bool], questions: Sequence[Question]) -> int:
    """Return the number of right answers, which are true for human."""
    pairs = zip(answers, questions, strict=False)
    return sum(answer == question.human for answer, question in pairs)
