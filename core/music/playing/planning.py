"""Planning: phrases that breathe, motifs that come back, cadences, endings.

A model chooses one sixteenth after the other and knows nothing of where it is going. A
plan says where each phrase breathes, which bars bring a motif back, and which beats are
strong. It acts in three ways:

- Biases: what the plan prefers is added to the model's scores before sampling. The
  model still chooses, and does something else where it finds that much likelier.
- Rules: a phrase breathes where one of the training pieces does, drawn at random: the
  last note before the rest begins and ends as there, is of the chord, and the next one
  begins where it does there. These are the only steps at which the model has no say in
  the rhythm. A phrase whose example has no rest and no long last note is the model's.
- Re-ranking: of each phrase several candidates are sampled, and the best is kept: by
  how near the likelihood of its pitches is to what the model expects, its returning
  bars, its rests beyond the planned ones and its last interval. The likeliest phrases
  would be the narrowest and the most even ones, so they are not preferred.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from core.music.config import Performance
from core.music.corpora import Corpus
from core.music.judging.melody_metrics import (
    SCALES,
    WIDE,
    WITHIN,
    bars_of,
    is_varied,
    strong_beats,
)
from core.music.model.players import DefaultPlayers
from core.music.model.sampling import Constraints, Generated, Line, sample, triad
from core.music.score.piece import HOLD, NO_CHORD, REST, Grid, Piece
from core.music.theory.chord import OCTAVE, Chord
from core.music.theory.keys import C_MAJOR
from core.music.theory.notes import STEPS_A_QUARTER, Meter

CANDIDATES = 6  # of each phrase
PHRASE = 4  # bars
AABA = (None, 1, None, 3)  # phrases back that each phrase takes its motif from
MOTIF = 2  # bars of a phrase that come back in a later one
ALIKE = 0.75  # share of steps with the same chord, above which phrases are alike
SHORTEST_REST = 2  # sixteenths; a shorter one is articulation, the model's own
LONG = 4  # sixteenths from which the last note of a phrase is planned
FEWEST = 40  # phrases in a meter; with fewer, those in similar meters are used too
# Share of sixteenths in planned rests, if the training pieces have fewer: phrases with
# rests are drawn more often then, at most so many times as often.
RESTS, MOST_FAVOURED = 0.034, 5.0
OWN_RESTS = 0.04  # that the model may choose beside them, as rags have
MINOR_THIRD = 3
NEAR = 2  # semitones of a step
SHIFTS = range(-4, 5)  # degrees of the scale by which a motif is transposed
BEST_SHIFTS = 3  # of them are tried, in turn
FAR = 0.08  # of the notes that fit, lost with each degree
# As many bars bring an earlier one back varied as in the training pieces, but no more
# than this share: with more, phrases were easier to tell from real ones.
MOST_RETURNS = 0.18
COUNTED = 16  # bars, in which they are counted
ENOUGH = 1_000  # training pieces to count them in

# Biases, in nats.
CHORD_TONE = 0.3  # to a note of the chord on a strong beat
RHYTHM = 3.0  # to what the motif has: a note, a held note, a rest
PITCH = 3.0  # to the motif's pitch, transposed
BY_STEP = 1.0  # to a last note a step away from the one before

# Weights of the ranking, of shares of a phrase.
TYPICAL = 0.5  # of the nats a note, to either side of what is expected
RETURNING = 1.5  # of the bars too many or too few that bring an earlier one back
RESTING = 1.0  # of the rests that are not planned, above OWN_RESTS of the phrase
STEPWISE = 0.1  # if the last note is a step away from the one before

Flags = NDArray[np.bool_]
Scores = NDArray[np.floating]


@dataclass(frozen=True)
class Breath:
    """A note and the rest after it, if there is one.

    Attributes
    ----------
    note
        Step on which the note begins.
    rest
        Step from which it is silent.
    end
        Step before which the silence ends; `rest` if there is none.
    """

    note: int
    rest: int
    end: int

    def moved(self, steps: int) -> "Breath":
        """Return it some steps later."""
        return Breath(self.note + steps, self.rest + steps, self.end + steps)


@dataclass(frozen=True, eq=False)
class Breathing:
    """Where phrases of some pieces breathe, in steps from their ends, below 0.

    Attributes
    ----------
    resting, others
        The breaths of each phrase that has rests, and of each other one.
    favoured
        How much more often those with rests are drawn than they are found.
    endings
        The last note of each piece that ends on the first beat of a bar.
    """

    resting: tuple[tuple[Breath, ...], ...] = ()
    others: tuple[tuple[Breath, ...], ...] = ()
    favoured: float = 1.0
    endings: tuple[Breath, ...] = ()

    def phrase(self, random: np.random.Generator) -> tuple[Breath, ...]:
        """Draw the breaths of a phrase."""
        rests, place = random.random(2)
        count = len(self.resting) + len(self.others)
        often = self.favoured * len(self.resting) / max(1, count)
        found = self.resting if rests < often else self.others or self.resting
        return found[int(place * len(found))] if found else ()

    def ending(self, random: np.random.Generator, bar: int) -> Breath:
        """Draw the last note of a piece; without pieces, it fills half a bar."""
        place = random.random()
        if not self.endings:
            return Breath(-bar, -bar // 2, 0)
        return self.endings[int(place * len(self.endings))]


@functools.lru_cache(maxsize=8)
def breathing_of(corpus: Corpus, meter: Meter) -> Breathing:
    """Return where the training pieces of a corpus breathe in a meter.

    Their phrases are of four bars. Where few pieces have the meter, those of similar
    ones are used, as many sixteenths before the end of a phrase.
    """
    steps = PHRASE * meter.steps
    kin = [p for p in corpus.train if p.meter.compound == meter.compound]
    for pieces in ([p for p in kin if p.meter == meter], kin, corpus.train):
        parts = [part for piece in pieces for part in _endings_of(piece, steps)]
        if len(parts) >= FEWEST:
            break
    found = [_breaths(part, meter.steps) for part in parts]
    rests = [sum(one.end - one.rest for one in breaths) for breaths in found]
    share = sum(rests) / (steps * max(1, len(found)))
    favoured = min(max(1.0, RESTS / share), MOST_FAVOURED) if share else 1.0
    return Breathing(
        resting=tuple(one for one, rest in zip(found, rests, strict=True) if rest),
        others=tuple(one for one, rest in zip(found, rests, strict=True) if not rest),
        favoured=favoured,
        endings=tuple(
            _ending(piece, meter.steps)
            for piece in pieces
            if len(piece.onsets) and not piece.positions[piece.onsets[-1]]
        ),
    )


@functools.lru_cache(maxsize=8)
def returns_of(corpus: Corpus) -> float:
    """Return the share of bars that are to bring an earlier one back varied.

    It is that of the training pieces, up to `MOST_RETURNS`.

    As many bars are compared with each other as of a melody that is generated. Of a
    large corpus, pieces at equal distances are enough.
    """
    found = [
        bars[begin : begin + COUNTED]
        for bars in map(bars_of, corpus.train[:: 1 + len(corpus.train) // ENOUGH])
        for begin in range(0, len(bars), COUNTED)
    ]
    share = sum(map(_returning, found)) / max(1, sum(map(len, found)))
    return min(share, MOST_RETURNS)


def _returning(bars: Sequence[Grid]) -> int:
    """Return how many bars bring one of those before back varied."""
    rhythms = [(bar >= 0).tobytes() for bar in bars]
    return sum(
        any(
            rhythms[now] == rhythms[then] and is_varied(bars[now], bars[then])
            for then in range(max(0, now - WITHIN), now)
        )
        for now in range(len(bars))
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


@dataclass(frozen=True)
class Phrase:
    """Some bars, and where they breathe.

    Attributes
    ----------
    begin, end
        Its steps, to before `end`.
    breaths
        One after the other.
    last
        Whether the piece ends with it.
    """

    begin: int
    end: int
    breaths: tuple[Breath, ...]
    last: bool

    def breath_at(self, step: int) -> Breath | None:
        """Return the breath that a step is in, or None."""
        return next((b for b in self.breaths if b.note <= step < b.end), None)


@dataclass(frozen=True, eq=False)
class Plan:
    """What is planned for a piece.

    Attributes
    ----------
    phrases
        One after the other, of all steps.
    strong
        (steps,) strong beats.
    source
        (steps,) the step that each is to bring back varied, or -1.
    resumed
        (steps,) where a planned rest is over: a note begins.
    tonic
        Pitch class that the melody ends on; None for any of the chord.
    """

    phrases: tuple[Phrase, ...]
    strong: Flags
    source: NDArray[np.int64]
    resumed: Flags
    tonic: int | None


def plan_of(
    over: Piece, how: Performance, breathing: Breathing, ending: bool = True
) -> Plan:
    """Plan a melody over chords; the same seed gives the same plan.

    At temperature 0 all seeds give the same one, as the model's choices are the same.

    Phrases are of four bars, counted from the first full bar as the form of the chords
    is, also where a primer comes before.

    Parameters
    ----------
    breathing
        Of the pieces that the model learnt from, in the meter of `over`.
    ending
        Whether the piece ends, rather than going on elsewhere.
    """
    random = np.random.default_rng([how.seed if how.temperature else 0, 1])
    phrases = tuple(_phrases(over, random, breathing, ending))
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
    )


def _phrases(
    over: Piece, random: np.random.Generator, breathing: Breathing, ending: bool
) -> Iterator[Phrase]:
    bar, first = over.meter.steps, over.pickup
    whole = max(1, -(-(over.steps - first) // bar))
    count = max(1, round(whole / PHRASE))
    ends = [min(over.steps, first + PHRASE * bar * n) for n in range(1, count)]
    begin = 0
    for end in [*ends, over.steps]:
        last = end == over.steps
        breaths = [one.moved(end) for one in breathing.phrase(random)]
        if last and ending:
            left = (end - first - 1) % bar + 1  # of its last bar
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
    """Return for each step the one that it is to bring back, or -1.

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
    """Return how many phrases ago the chords of a phrase were the same, or 0.

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


def generate_planned(
    players: DefaultPlayers,
    over: Piece,
    fixed: Flags,
    constraints: Constraints,
    how: Performance,
    breathing: Breathing,
    returns: float,
) -> Generated:
    """Generate a melody by a plan, a phrase at a time.

    Parameters
    ----------
    players
        The model, with as many melodies as `CANDIDATES`, over the same chords.
    over
        The chords in C major or A minor, and the melody of the fixed steps, which the
        plan never changes.
    fixed
        (steps,) which steps keep the melody of `over`.
    how
        Temperature, top-k, top-p, seed, ending.
    breathing
        Where the pieces that the model learnt from breathe.
    returns
        Share of bars that are to bring an earlier one back varied.
    """
    plan = plan_of(over, how, breathing, constraints.ending)
    constraints = replace(constraints, ending=False)  # the plan has its own
    random = np.random.default_rng(how.seed)
    positions = random.random((over.steps, CANDIDATES))
    melody = np.full(over.steps, REST, np.int16)
    line, refused = Line(over), 0
    for phrase in plan.phrases:
        candidates = _Candidates(players, over, plan, line, melody)
        for step in range(phrase.begin, phrase.end):
            if fixed[step]:
                candidates.read(step, int(over.melody[step]))
            else:
                candidates.sample(step, phrase, constraints, how, positions[step])
        best = 0
        if not fixed[phrase.begin : phrase.end].all():
            best = candidates.best(phrase, returns)
        players.keep(best)
        line, melody = candidates.lines[best], candidates.melodies[best]
        refused += candidates.refused[best]
    return Generated(melody, refused)


class _Candidates:
    """Several ways to go on with a melody for one phrase."""

    def __init__(
        self,
        players: DefaultPlayers,
        over: Piece,
        plan: Plan,
        line: Line,
        melody: Grid,
    ) -> None:
        self._players, self._over, self._plan = players, over, plan
        self.lines = [line.copy() for _ in range(CANDIDATES)]
        self.melodies = np.repeat(melody[None], CANDIDATES, axis=0)
        self.refused = [0] * CANDIDATES
        self._likelihoods, self._notes = np.zeros((2, CANDIDATES))
        self._shifts: dict[int, list[int]] = {}  # by the step that a motif begins on

    def read(self, step: int, value: int) -> None:
        """Go on with a value that is fixed."""
        scores = self._players.scores()
        place = int(np.flatnonzero(self._players.values == value)[0])
        self._judge(scores, np.full(CANDIDATES, place))
        self._append(step, np.full(CANDIDATES, value))

    def sample(
        self,
        step: int,
        phrase: Phrase,
        constraints: Constraints,
        how: Performance,
        positions: Scores,
    ) -> None:
        """Sample each candidate's next value."""
        scores, values = self._players.scores(), self._players.values
        biases = self._biases(step, scores)
        demanded = self._demanded(step, phrase)
        breath = phrase.breath_at(step)
        cadence = breath is not None and breath.note == step
        chosen = np.empty(CANDIDATES, np.int64)
        for place, line in enumerate(self.lines):
            allowed = line.allowed(values, constraints)
            if (allowed & demanded).any():
                allowed &= demanded
            wanted = scores[place] + biases[place]
            if cadence and line.pitches:
                near = np.abs(values - line.pitches[-1])
                wanted = wanted + BY_STEP * (near <= NEAR) - BY_STEP * (near > WIDE)
            token = sample(wanted, allowed, how, positions[place])
            if constraints.copies is not None and values[token] >= 0:
                copied = line.copied(values, constraints.copies)
                if copied[token]:
                    self.refused[place] += 1
                    token = sample(wanted, allowed & ~copied, how, positions[place])
            chosen[place] = token
        self._judge(scores, chosen)
        self._append(step, values[chosen])

    def _judge(self, scores: Scores, chosen: NDArray[np.int64]) -> None:
        """Add how likely the pitches are, given that notes begin here."""
        notes = self._players.values >= 0
        begins = notes[chosen]
        pitches = np.where(begins, chosen - notes.argmax(), 0)
        likely = _likelihoods(scores[:, notes], pitches)
        self._likelihoods += np.where(begins, likely, 0)
        self._notes += begins

    def _append(self, step: int, values: NDArray[np.int64]) -> None:
        self.melodies[:, step] = values
        self._players.append(values)
        for line, value in zip(self.lines, values.tolist(), strict=True):
            line.append(value)

    def _demanded(self, step: int, phrase: Phrase) -> Flags:
        """Return what the rules of a breath allow at a step."""
        values, breath = self._players.values, phrase.breath_at(step)
        if breath is None:
            return np.asarray((values >= 0) | ~self._plan.resumed[step])
        if step >= breath.rest:
            return np.asarray(values == REST)
        if step > breath.note:
            return np.asarray(values == HOLD)
        tones = self._tones(step)
        if phrase.last and breath.end == phrase.end and self._plan.tonic is not None:
            tones = (self._plan.tonic,)
        return (values >= 0) & np.isin(values % OCTAVE, tones)

    def _tones(self, step: int) -> tuple[int, ...]:
        """Return the tones of the chord, or of the key's triad without one."""
        chord = self._over.chord_at(step)
        return chord.tones if chord else triad(self._over.key)

    def _biases(self, step: int, scores: Scores) -> Scores:
        """Return what the plan adds to the scores, (candidates, tokens).

        What it adds to pitches leaves the probability that a note begins as it is.
        """
        values = self._players.values
        notes = values >= 0
        pitch, rhythm = np.zeros((2, CANDIDATES, len(values)))
        if self._plan.strong[step] and self._over.harmony[step] != NO_CHORD:
            fits = np.isin(values % OCTAVE, self._tones(step))
            pitch += CHORD_TONE * (notes & fits)
        source = int(self._plan.source[step])
        for place, melody in enumerate(self.melodies if source >= 0 else ()):
            before = int(melody[source])
            if before < 0:
                rhythm[place] = RHYTHM * (values == before)
            else:
                target = transposed_in_scale(before, self._shift(step, place))
                rhythm[place] = RHYTHM * notes
                pitch[place] += PITCH * (values == target)
        added = _log_sum((scores + pitch)[:, notes]) - _log_sum(scores[:, notes])
        pitch[:, notes] -= added
        return pitch + rhythm

    def _shift(self, step: int, place: int) -> int:
        """Return the degrees by which a candidate transposes the motif of a step."""
        begin = self._motif_begin(step)
        if begin not in self._shifts:
            ranked = [self._ranked(begin, melody) for melody in self.melodies]
            self._shifts[begin] = [
                some[number % BEST_SHIFTS] for number, some in enumerate(ranked)
            ]
        return self._shifts[begin][place]

    def _motif_begin(self, step: int) -> int:
        source = self._plan.source
        while step and source[step - 1] >= 0 and source[step] == source[step - 1] + 1:
            step -= 1
        return step

    def _ranked(self, begin: int, melody: Grid) -> list[int]:
        """Return shifts of a motif, those that fit the chords best first."""
        source = self._plan.source
        end = begin + 1
        while end < len(source) and source[end] == source[end - 1] + 1:
            end += 1
        steps = np.arange(begin, end)
        sounding = [
            (step, int(melody[source[step]]))
            for step in steps[self._plan.strong[begin:end]].tolist()
            if melody[source[step]] >= 0
        ]

        def fit(shift: int) -> float:
            inside = [
                transposed_in_scale(pitch, shift) % OCTAVE in self._tones(step)
                for step, pitch in sounding
            ]
            return sum(inside) / max(1, len(inside)) - FAR * abs(shift)

        return sorted(SHIFTS, key=lambda shift: (-fit(shift), abs(shift), shift))

    def best(self, phrase: Phrase, returns: float) -> int:
        """Return the candidate that is best by likelihood and taste."""
        likely = self._likelihoods / np.maximum(1, self._notes)
        scores = [
            self._taste(phrase, melody, returns) - TYPICAL * abs(likely[place])
            for place, melody in enumerate(self.melodies)
        ]
        return int(np.argmax(scores))

    def _taste(self, phrase: Phrase, melody: Grid, returns: float) -> float:
        part = melody[phrase.begin : phrase.end]
        onsets = np.flatnonzero(part >= 0) + phrase.begin
        if not len(onsets):
            return -np.inf
        last = abs(int(melody[onsets[-1]]) - int(melody[onsets[-2:][0]]))
        rests = sum(breath.end - breath.rest for breath in phrase.breaths)
        others = (part == REST).mean() - rests / len(part)
        return float(
            -RETURNING * self._wrong_returns(phrase, melody, returns)
            - RESTING * max(0.0, others - OWN_RESTS)
            + STEPWISE * (last <= NEAR)
        )

    def _wrong_returns(self, phrase: Phrase, melody: Grid, returns: float) -> float:
        """Return how many bars too many, or too few, bring an earlier one back varied.

        As a share of a phrase; counted to its end.
        """
        bar, pickup = self._over.meter.steps, self._over.pickup
        ends = range(phrase.end, pickup + bar - 1, -bar)[:COUNTED]
        bars = [melody[end - bar : end] for end in reversed(ends)]
        return abs(_returning(bars) - returns * len(bars)) / PHRASE


def resolved(piece: Piece) -> Piece:
    """Return a piece with the tonic's chord in its last bar, if it has chords.

    The chord is one of the piece's own on the tonic, or else the triad.
    """
    if not piece.chords:
        return piece
    key = piece.key or C_MAJOR
    own = (
        chord
        for chord in piece.chords
        if chord.root == chord.bass == key.tonic
        and ((key.tonic + MINOR_THIRD) % OCTAVE in chord.tones) == key.minor
    )
    tonic = next(own, Chord(key.tonic, "m" if key.minor else ""))
    chords = tuple(dict.fromkeys((*piece.chords, tonic)))
    harmony = piece.harmony.copy()
    bar = piece.meter.steps
    harmony[(piece.steps - piece.pickup - 1) // bar * bar + piece.pickup :] = (
        chords.index(tonic)
    )
    return replace(piece, chords=chords, harmony=harmony)


def ended_on_tonic(piece: Piece, fixed: Flags) -> Piece:
    """Return a piece whose last note is moved to the nearest tonic, unless it is fixed.

    It is there already if it was generated by a plan, but for what the constraints
    forbid; the model alone may end elsewhere.
    """
    onsets = piece.onsets
    if not len(onsets) or fixed[onsets[-1]]:
        return piece
    melody = piece.melody.copy()
    away = (int(melody[onsets[-1]]) - (piece.key or C_MAJOR).tonic) % OCTAVE
    melody[onsets[-1]] += OCTAVE - away if away > OCTAVE // 2 else -away
    return replace(piece, melody=melody)


def transposed_in_scale(pitch: int, degrees: int) -> int:
    """Return a pitch moved by degrees of the white notes, its accidental kept."""
    octave, tone = divmod(pitch, OCTAVE)
    white = SCALES[0]
    place = max(n for n, step in enumerate(white) if step <= tone)
    octaves, moved = divmod(place + degrees, len(white))
    return OCTAVE * (octave + octaves) + white[moved] + tone - white[place]


def _log_sum(scores: Scores) -> Scores:
    """Return the logarithm of the sum of exponentials of each row, (rows, 1)."""
    most = scores.max(axis=1, keepdims=True)
    return np.asarray(most + np.log(np.exp(scores - most).sum(axis=1, keepdims=True)))


def _likelihoods(scores: Scores, chosen: NDArray[np.int64]) -> Scores:
    """Return the tokens' log-likelihoods above those expected of a sample.

    The expected one is less the entropy. Without it, what is easy to predict, such as
    repeated bars, would always be likeliest.
    """
    logs = scores - _log_sum(scores)
    expected = (np.exp(logs) * logs).sum(axis=1)
    return np.asarray(logs[np.arange(len(logs)), chosen] - expected)
