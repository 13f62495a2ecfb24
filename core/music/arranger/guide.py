"""The guide of the model: it applies a plan, by biases, rules and ranking.

- Biases: what the plan prefers is added to the model's scores before sampling. The
  model still chooses, and does something else where it finds that much likelier.
- Rules: a phrase breathes where one of the training pieces does, drawn at random: the
  last note before the rest begins and ends as there, is of the chord, and the next one
  begins where it does there. These are the only steps at which the model has no say in
  the rhythm. A phrase whose example has no rest and no long last note is the model's.
- Ranking: of several candidates for each phrase the best is kept: by how near the
  likelihood of its pitches is to what the model expects, its returning bars, its rests
  beyond the planned ones and its last interval. The likeliest phrases would be the
  narrowest and the most even ones, so they are not preferred.
"""

import numpy as np
from numpy.typing import NDArray

from core.music.arranger.breathing import PHRASE
from core.music.arranger.planning import COUNTED, Phrase, Plan, returning
from core.music.improviser.guided import log_sum
from core.music.improviser.sampling import ending_tones, triad
from core.music.judging.melody_metrics import SCALES, WIDE
from core.music.score.piece import HOLD, NO_CHORD, REST, Grid, Piece
from core.music.theory.chord import OCTAVE, fitted

OWN_RESTS = 0.15  # share of a phrase that may rest beside the planned rests
NEAR = 2  # semitones of a step
SHIFTS = range(-4, 5)  # degrees of the scale by which a motif is transposed
FEWEST = 3  # notes of a bar that is brought back: a held note is no motif
BEST_SHIFTS = 3  # number of best shifts to try
FAR = 0.08  # share of the fitting notes lost with each degree

# Biases, in nats.
CHORD_TONE = 0.3  # bias of chord tones on a strong beat
RHYTHM = 4.0  # bias of the motif's note, held note or rest
PITCH = 4.0  # bias of the motif's pitch, transposed
BY_STEP = 1.0  # bias of a last note a step away from the one before

# Weights of the ranking, of shares of a phrase.
TYPICAL = 0.5  # weight of the distance from the expected nats a note
RETURNING = 1.0  # weight of missing or surplus bars that repeat an earlier one
RESTING = 1.0  # weight of unplanned rests above OWN_RESTS of the phrase
STEPWISE = 0.1  # weight of a last note a step away from the one before

Flags = NDArray[np.bool_]
Scores = NDArray[np.floating]


class PlanGuide:
    """Leads the model by a plan, over chords in C major or A minor.

    `values` are those of the tokens; `returns` is the share of bars that are to bring
    an earlier one back varied.
    """

    def __init__(
        self, plan: Plan, over: Piece, values: NDArray[np.int64], returns: float
    ) -> None:
        self._plan, self._over, self._values = plan, over, values
        self._returns = returns
        # By the first step of a motif, and of the phrase that it is brought back in.
        self._shifts: dict[tuple[int, int], list[int]] = {}

    @property
    def phrases(self) -> list[tuple[int, int]]:
        """First step of each phrase, and the one after its last."""
        return [(phrase.begin, phrase.end) for phrase in self._plan.phrases]

    def biases(self, step: int, scores: Scores, melodies: Grid) -> Scores:
        """Return the plan's biases, (candidates, tokens).

        What it adds to pitches leaves the probability that a note begins as it is.
        """
        values = self._values
        notes = values >= 0
        pitch, rhythm = np.zeros((2, len(scores), len(values)))
        if self._plan.strong[step] and self._over.harmony[step] != NO_CHORD:
            fits = np.isin(values % OCTAVE, self._tones(step))
            pitch += CHORD_TONE * (notes & fits)
        source = int(self._plan.source[step])
        for place, melody in enumerate(melodies if source >= 0 else ()):
            before = int(melody[source])
            if self._notes_of_bar(source, melody) < FEWEST:
                continue
            if before < 0:
                rhythm[place] = RHYTHM * (values == before)
            else:
                shift = self._shift(step, place, melodies)
                target = transposed_in_scale(before, shift)
                was, now = self._over.chord_at(source), self._over.chord_at(step)
                if was and now:
                    target = fitted(before, target, was, now)
                rhythm[place] = RHYTHM * notes
                pitch[place] += PITCH * (values == target)
        added = log_sum((scores + pitch)[:, notes]) - log_sum(scores[:, notes])
        pitch[:, notes] -= added
        return pitch + rhythm

    def last_bias(self, step: int, before: int) -> Scores | None:
        """Return the scores to add for a phrase's last note, which moves by step."""
        breath = self._phrase_at(step).breath_at(step)
        if before < 0 or breath is None or breath.note != step:
            return None
        near = np.abs(self._values - before)
        return np.asarray(BY_STEP * (near <= NEAR) - BY_STEP * (near > WIDE))

    def demanded(self, step: int) -> Flags:
        """Return the tokens allowed by a breath at a step."""
        phrase = self._phrase_at(step)
        values, breath = self._values, phrase.breath_at(step)
        if breath is None:
            return np.asarray((values >= 0) | ~self._plan.resumed[step])
        if step >= breath.rest:
            return np.asarray(values == REST)
        if step > breath.note:
            return np.asarray(values == HOLD)
        tones = self._tones(step)
        if phrase.last and breath.end == phrase.end and self._plan.ends:
            tones = ending_tones(self._over, step)
            if self._plan.tonic is not None:
                tones = (self._plan.tonic,)
        return (values >= 0) & np.isin(values % OCTAVE, tones)

    def best(self, phrase: tuple[int, int], melodies: Grid, likely: Scores) -> int:
        """Return the candidate that is best by likelihood and taste."""
        here = self._phrase_at(phrase[0])
        scores = [
            self._taste(here, melody) - TYPICAL * abs(likely[place])
            for place, melody in enumerate(melodies)
        ]
        return int(np.argmax(scores))

    def _phrase_at(self, step: int) -> Phrase:
        return next(one for one in self._plan.phrases if step < one.end)

    def _tones(self, step: int) -> tuple[int, ...]:
        """Return the tones of the chord, or of the key's triad without one."""
        chord = self._over.chord_at(step)
        return chord.tones if chord else triad(self._over.key)

    def _shift(self, step: int, place: int, melodies: Grid) -> int:
        """Return the degrees by which a candidate transposes the motif of a step."""
        begin = self._motif_begin(step)
        motif = begin, self._phrase_at(step).begin
        if motif not in self._shifts:
            ranked = [self._ranked(begin, melody) for melody in melodies]
            self._shifts[motif] = [
                some[number % BEST_SHIFTS] for number, some in enumerate(ranked)
            ]
        return self._shifts[motif][place]

    def _notes_of_bar(self, step: int, melody: Grid) -> int:
        """Return how many notes begin in the bar of a step."""
        begin = step - int(self._over.positions[step])
        bar = melody[max(0, begin) : begin + self._over.meter.steps]
        return int((bar >= 0).sum())

    def _motif_begin(self, step: int) -> int:
        source = self._plan.source
        while step and source[step - 1] >= 0 and source[step] == source[step - 1] + 1:
            step -= 1
        return step

    def _ranked(self, begin: int, melody: Grid) -> list[int]:
        """Return shifts of a motif, the best fit to the chords first."""
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

    def _taste(self, phrase: Phrase, melody: Grid) -> float:
        part = melody[phrase.begin : phrase.end]
        onsets = np.flatnonzero(part >= 0) + phrase.begin
        if not len(onsets):
            return -np.inf
        last = abs(int(melody[onsets[-1]]) - int(melody[onsets[-2:][0]]))
        rests = sum(breath.end - breath.rest for breath in phrase.breaths)
        others = (part == REST).mean() - rests / len(part)
        return float(
            -RETURNING * self._wrong_returns(phrase, melody)
            - RESTING * max(0.0, others - OWN_RESTS)
            + STEPWISE * (last <= NEAR)
        )

    def _wrong_returns(self, phrase: Phrase, melody: Grid) -> float:
        """Return the surplus or lack of bars that vary an earlier one.

        As a share of a phrase; counted to its end.
        """
        bar, pickup = self._over.meter.steps, self._over.pickup
        ends = range(phrase.end, pickup + bar - 1, -bar)[:COUNTED]
        bars = [melody[end - bar : end] for end in reversed(ends)]
        return abs(returning(bars) - self._returns * len(bars)) / PHRASE


def transposed_in_scale(pitch: int, degrees: int) -> int:
    """Return a pitch moved by degrees of the white notes, its accidental kept."""
    octave, tone = divmod(pitch, OCTAVE)
    white = SCALES[0]
    place = max(n for n, step in enumerate(white) if step <= tone)
    octaves, moved = divmod(place + degrees, len(white))
    return OCTAVE * (octave + octaves) + white[moved] + tone - white[place]
