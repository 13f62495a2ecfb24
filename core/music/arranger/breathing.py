"""Breaths of phrases, drawn at random from those of the training pieces."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from core.music.corpora import Corpus
from core.music.score.piece import REST, Grid, Piece
from core.music.theory.notes import STEPS_A_QUARTER, Meter

PHRASE = 4  # bars
SHORTEST_REST = 2  # sixteenths; a shorter one is articulation, the model's own
LONG = 4  # sixteenths from which the last note of a phrase is planned
FEWEST = 40  # phrases in a meter; with fewer, those in similar meters are used too
# A jazz solo rests where its harmony does, after two to four bars. Steps of the rest,
# of the note before it, and from the bar line at which the next note begins.
SOLO_BARS = (2, 4, 3)
SOLO_RESTS, SOLO_NOTES, SOLO_EARLY = (2,), (2, 2, 3, 4), (0, 0, 2)


@dataclass(frozen=True)
class Breath:
    """A note and the rest after it, if there is one."""

    note: int  # step on which the note begins
    rest: int  # step from which it is silent
    end: int  # step before which the silence ends; `rest` if it has no end

    def moved(self, steps: int) -> "Breath":
        """Return it some steps later."""
        return Breath(self.note + steps, self.rest + steps, self.end + steps)

    def aired(self, steps: int) -> "Breath":
        """Return it with a rest, if it has one, of so many steps if possible."""
        rest = max(self.note + 1, min(self.rest, self.end - steps))
        return replace(self, rest=rest) if self.rest < self.end else self


@dataclass(frozen=True, eq=False)
class Breathing:
    """Breaths of the phrases of some pieces, in (negative) steps from their ends."""

    # The breaths of each phrase
    phrases: tuple[tuple[Breath, ...], ...] = ()
    # The last note of each piece that ends on the first beat of a bar
    endings: tuple[Breath, ...] = ()

    def phrase(self, random: np.random.Generator) -> tuple[Breath, ...]:
        """Draw the breaths of a phrase."""
        place = int(random.random() * len(self.phrases))
        return self.phrases[place] if self.phrases else ()

    def ending(self, random: np.random.Generator, bar: int) -> Breath:
        """Draw the last note of a piece; without pieces, it fills half a bar."""
        place = random.random()
        if not self.endings:
            return Breath(-bar, -bar // 2, 0)
        return self.endings[int(place * len(self.endings))]


def solo_breaths(
    random: np.random.Generator, over: Piece, begin: int, end: int, air: int
) -> tuple[Breath, ...]:
    """Draw the breaths of a phrase of a jazz solo, where the harmony comes to rest.

    Before the bar line whose chord has lasted longest, of those after two to four bars;
    the rest is of `air` steps at least.
    """
    changes = np.flatnonzero(np.diff(over.harmony, prepend=-2))

    def lasted(line: int) -> int:
        return line - int(changes[changes < line][-1])

    found, line = [], begin
    while line < end:
        lines = (line + bars * over.meter.steps for bars in SOLO_BARS)
        line = max((one for one in lines if one <= end), key=lasted, default=end)
        rest, note, early = (
            int(random.choice(ways)) for ways in (SOLO_RESTS, SOLO_NOTES, SOLO_EARLY)
        )
        going_on, rest = line - early, max(rest, air)
        if going_on - rest - note > begin:
            note = going_on - rest - note
            found.append(Breath(note, going_on - rest, going_on))
    return tuple(found)


@functools.lru_cache(maxsize=8)
def breathing_of(corpus: Corpus, meter: Meter) -> Breathing:
    """Return the breaths of a corpus's training pieces in a meter.

    Their phrases are of four bars. Where few pieces have the meter, those of similar
    ones are used, as many sixteenths before the end of a phrase.
    """
    steps = PHRASE * meter.steps
    kin = [p for p in corpus.train if p.meter.compound == meter.compound]
    for pieces in ([p for p in kin if p.meter == meter], kin, corpus.train):
        parts = [part for piece in pieces for part in _endings_of(piece, steps)]
        if len(parts) >= FEWEST:
            break
    return Breathing(
        phrases=tuple(_breaths(part, meter.steps) for part in parts),
        endings=tuple(
            _ending(piece, meter.steps)
            for piece in pieces
            if len(piece.onsets) and not piece.positions[piece.onsets[-1]]
        ),
    )


def _endings_of(piece: Piece, steps: int) -> Iterator[Grid]:
    """Return so many steps before the end of each phrase of a piece."""
    phrase = PHRASE * piece.meter.steps
    for end in range(piece.pickup + phrase, piece.steps + 1, phrase):
        if end >= steps:
            yield piece.melody[end - steps : end]


def _breaths(part: Grid, bar: int) -> tuple[Breath, ...]:
    """Return the notes before rests, and a long last one, in steps from the end."""
    begins = np.flatnonzero(np.diff(part == REST, prepend=False))
    onsets = np.flatnonzero(part >= 0)
    found = []
    for rest, end in zip_longest(begins[::2], begins[1::2], fillvalue=len(part)):
        before = onsets[onsets < rest]
        if len(before) and SHORTEST_REST <= end - rest <= bar:
            found.append(Breath(int(before[-1]), int(rest), int(end)))
    if len(onsets) and part[-1] != REST and len(part) - onsets[-1] >= LONG:
        found.append(Breath(int(onsets[-1]), len(part), len(part)))
    return tuple(one.moved(-len(part)) for one in found)


def _ending(piece: Piece, bar: int) -> Breath:
    """Return the last note of a piece, in a bar of another length if need be."""
    last = piece.notes()[-1]
    length = max(SHORTEST_REST, round(last.length * STEPS_A_QUARTER))
    note = int(piece.positions[piece.onsets[-1]]) * bar // piece.meter.steps
    note = min(note, bar - SHORTEST_REST)
    return Breath(note, min(bar, note + length), bar).moved(-bar)
