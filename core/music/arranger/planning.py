"""Plans a melody: phrases with breaths, recurring motifs, strong beats.

A model chooses one sixteenth after the other and does not look ahead. A plan says where
each phrase breathes, which bars bring a motif back, and which beats are strong; `guide`
applies it while the model plays.
"""

import functools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.arranger.breathing import (
    PHRASE,
    SHORTEST_REST,
    Breath,
    Breathing,
    solo_breaths,
)
from core.music.arranger.playable import air_steps
from core.music.config import Performance
from core.music.corpora import Corpus
from core.music.judging.melody_metrics import (
    WITHIN,
    bars_of,
    is_varied,
    strong_beats,
)
from core.music.score.instruments import instrument_of
from core.music.score.piece import Grid, Piece
from core.music.theory.keys import C_MAJOR

AABA = (None, 1, None, 3)  # phrases back that each phrase takes its motif from
MOTIF = 2  # bars of a phrase that come back in a later one
ALIKE = 0.75  # share of steps with the same chord, above which phrases are alike
# As many bars bring an earlier one back varied as in the training pieces, but no more
# than this share: with more, phrases were easier to tell from real ones.
MOST_RETURNS = 0.18
COUNTED = 16  # bars, in which they are counted
ENOUGH = 1_000  # training pieces to count them in

Flags = NDArray[np.bool_]


@functools.lru_cache(maxsize=8)
def returns_of(corpus: Corpus) -> float:
    """Return the target share of bars that vary an earlier one.

    It is that of the training pieces, up to `MOST_RETURNS`.

    As many bars are compared with each other as of a melody that is generated. Of a
    large corpus, pieces at equal distances are enough.
    """
    found = [
        bars[begin : begin + COUNTED]
        for bars in map(bars_of, corpus.train[:: 1 + len(corpus.train) // ENOUGH])
        for begin in range(0, len(bars), COUNTED)
    ]
    share = sum(map(returning, found)) / max(1, sum(map(len, found)))
    return min(share, MOST_RETURNS)


def returning(bars: Sequence[Grid]) -> int:
    """Return the number of bars that vary an earlier one."""
    rhythms = [(bar >= 0).tobytes() for bar in bars]
    return sum(
        any(
            rhythms[now] == rhythms[then] and is_varied(bars[now], bars[then])
            for then in range(max(0, now - WITHIN), now)
        )
        for now in range(len(bars))
    )


@dataclass(frozen=True)
class Phrase:
    """Some bars with their breaths."""

    # Its steps, to before `end`
    begin: int
    end: int
    breaths: tuple[Breath, ...]  # one after the other
    last: bool  # whether the piece ends with it

    def breath_at(self, step: int) -> Breath | None:
        """Return the breath that a step is in, or None."""
        return next((b for b in self.breaths if b.note <= step < b.end), None)


@dataclass(frozen=True, eq=False)
class Plan:
    """The plan of a piece."""

    phrases: tuple[Phrase, ...]  # one after the other, of all steps
    strong: Flags  # (steps,) strong beats
    # (steps,) the step that each is to bring back varied, or -1
    source: NDArray[np.int64]
    resumed: Flags  # (steps,) where a planned rest is over: a note begins
    # Pitch class that the melody ends on; None for root, third and fifth of the last
    # chord
    tonic: int | None
    ends: bool  # whether the piece ends, rather than going on elsewhere


def plan_of(
    over: Piece, how: Performance, breathing: Breathing, ending: bool = True
) -> Plan:
    """Plan a melody over chords; the same seed gives the same plan.

    At temperature 0 all seeds give the same one, as the model's choices are the same.
    Phrases are of four bars, counted from the first full bar as the form of the chords
    is, also where a primer comes before. Without `ending` the piece goes on elsewhere.
    """
    harmony = zlib.crc32(over.harmony.tobytes())
    random = np.random.default_rng([how.seed if how.temperature else 0, 1, harmony])
    phrases = tuple(_phrases(over, random, breathing, ending, how))
    resumed = np.zeros(over.steps + 1, bool)
    for breath in (one for phrase in phrases for one in phrase.breaths):
        resumed[breath.end] = breath.end > breath.rest
    tonic = (over.key or C_MAJOR).tonic if how.ending == "tonic" and ending else None
    return Plan(
        phrases=phrases,
        strong=np.isin(over.positions, strong_beats(over.meter)),
        source=_sources(over, phrases),
        resumed=resumed[:-1],
        tonic=tonic,
        ends=ending,
    )


def _phrases(
    over: Piece,
    random: np.random.Generator,
    breathing: Breathing,
    ending: bool,
    how: Performance,
) -> Iterator[Phrase]:
    bar, first = over.meter.steps, over.pickup
    blown = instrument_of(how.instrument).blown
    air = air_steps(over.tempo, how) if blown else 0
    count = max(1, round(over.full_bars / PHRASE))
    ends = [min(over.steps, first + PHRASE * bar * n) for n in range(1, count)]
    begin = 0
    for end in [*ends, over.steps]:
        last = end == over.steps
        breaths = [one.moved(end) for one in breathing.phrase(random)]
        if how.style == "jazz":
            breaths = list(solo_breaths(random, over, max(begin, first), end, air))
        breaths = [one.aired(air) for one in breaths]
        if last and ending:
            left = (end - first - 1) % bar + 1  # steps left in its last bar
            final = breathing.ending(random, bar).moved(end - left + bar)
            final = Breath(final.note, min(final.rest, end), end)
            if end - final.note < SHORTEST_REST:  # the bar is too short for it
                final = Breath(end - left, end, end)
            breaths = [one for one in breaths if one.end <= final.note] + [final]
        yield Phrase(
            begin, end, tuple(one for one in breaths if one.note >= begin), last
        )
        begin = end


def _sources(over: Piece, phrases: tuple[Phrase, ...]) -> NDArray[np.int64]:
    """Return for each step the earlier one to repeat, or -1.

    The first bars of a phrase come from an earlier phrase: in the form AABA, or from
    one over the same chords. In a phrase that has none, the third bar comes from the
    first.
    """
    bar = over.meter.steps
    source = np.full(over.steps, -1, np.int64)
    for place, phrase in enumerate(phrases):
        begin = max(phrase.begin, over.pickup)
        third = begin + 2 * bar
        back = AABA[place % len(AABA)] or _alike(over, phrases, place)
        if not back and third + bar < phrase.end:
            source[third : third + bar] = np.arange(begin, begin + bar)
        if back:
            motif = np.arange(begin, min(begin + MOTIF * bar, phrase.end - bar))
            earlier = max(phrases[place - back].begin, over.pickup)
            source[motif] = earlier + motif - begin
    return source


def _alike(over: Piece, phrases: tuple[Phrase, ...], place: int) -> int:
    """Return the distance to the last phrase with the same chords, or 0.

    0 also where they are those of the phrase just before: then it is time for
    something new.
    """
    for back in range(1, place + 1):
        now, then = phrases[place], phrases[place - back]
        steps = min(now.end - now.begin, then.end - then.begin)
        same = (
            over.harmony[now.begin : now.begin + steps]
            == over.harmony[then.begin : then.begin + steps]
        )
        if same.mean() > ALIKE:
            return back if back > 1 else 0
    return 0
