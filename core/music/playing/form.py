"""What a performance is played over: its meter, its bars, and its chords in time.

The typed chords are the form: a performance is one or more choruses of it, or a number
of bars, into which whole choruses need not fit.
"""

import re
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from core.music.arranger.ending import resolved
from core.music.config import AS_WRITTEN, Performance
from core.music.result import Result
from core.music.score.piece import REST, Piece, chord_grid, transpose_melody
from core.music.theory.chord import OCTAVE, PITCH_CLASSES, smallest_interval
from core.music.theory.keys import C_MAJOR, key_of_chords
from core.music.theory.notes import (
    FOUR_FOUR,
    STEPS_A_QUARTER,
    ChordSpan,
    Meter,
    merge_equal,
)
from core.music.theory.progressions import (
    DEFAULT_PROGRESSION,
    chord_text,
    parse_chords,
    repeat,
    shifted,
    transpose,
    until,
    written_meter,
)
from core.task import DataError

JAZZ_METERS = (FOUR_FOUR, Meter(3, 4))
MOST_BARS = 128  # most bars of a performance
LONGEST_FORM = 64  # bars of a primer that are still a form to play again
SIMPLE_UNITS = (2, 4)  # 2/4 and 4/4: bars may be joined or divided


def said_meter(how: Performance, chords: str = "") -> Meter | None:
    """Return the meter of the settings, or else the one that the chords say, if any.

    Raise a DataError if the chords cannot be read, or the meter is not one for jazz.
    """
    said = how.written_meter or (written_meter(chords) if chords.strip() else None)
    if said and how.style == "jazz" and said not in JAZZ_METERS:
        raise DataError(
            f"Style: expected the meter 4/4 or 3/4 for jazz, got {said}. Choose one of "
            "them as the meter, or another style."
        )
    return said


def meter_of(
    result: Result, how: Performance, chords: str = "", primer: Piece | None = None
) -> Meter:
    """Return the meter of a performance.

    That of the settings, or else the one that the chords say, or the primer's. Typed
    chords that say none are in 4/4. Without any of these it is the corpus's own; jazz
    is in 4/4 where none of them fits it.
    """
    if said := said_meter(how, chords):
        return said
    typed = bool(chords.strip()) and result.chords_read
    meter = primer.meter if primer else FOUR_FOUR if typed else result.meter
    return meter if how.style != "jazz" or meter in JAZZ_METERS else FOUR_FOUR


def in_meter(piece: Piece, meter: Meter) -> Piece | None:
    """Return a piece in a meter whose bars are its own, or halves or doubles of them.

    None if they are not: the bar lines of 6/8 and 4/4 have nothing in common.
    """
    if piece.meter == meter:
        return piece
    shorter, longer = sorted((piece.meter.steps, meter.steps))
    units = {piece.meter.unit, meter.unit}
    if units <= set(SIMPLE_UNITS) and longer in (shorter, 2 * shorter):
        return replace(piece, meter=meter, pickup=piece.pickup % meter.steps)
    return None


def _bars_of(piece: Piece) -> int:
    return max(1, piece.full_bars)


def _reads(result: Result) -> bool:
    """Tell whether a model reads a primer; the classic recipe begins from zeros."""
    return result.config.model != "classic"


@dataclass(frozen=True)
class Form:
    """The bars of a performance, and the chords in them."""

    meter: Meter
    bars: int  # bars of the whole, the primer's included
    chorus: int  # bars of one chorus
    # Bars of the primer, where its own chords are played before the first chorus
    before: int
    primer: Piece | None  # primer that is read, in the meter of the performance
    first: Piece | None  # first bars of the primer, which begin the performance
    typed: tuple[ChordSpan, ...]  # typed or default chords; empty for the primer's own

    @classmethod
    def of(
        cls,
        result: Result,
        how: Performance,
        chords: str = "",
        primer: Piece | None = None,
    ) -> Self:
        """Read the chords, and cut the primer.

        Raise a DataError if the chords cannot be read, the meter is not one for jazz,
        or there are too many bars.
        """
        meter = meter_of(result, how, chords, primer)
        reads = _reads(result) and how.primer_bars > 0
        primer = in_meter(primer, meter) if primer and reads else None
        first = primer and primer.part(
            0, min(primer.steps, primer.pickup + how.primer_bars * meter.steps)
        )
        own = primer is not None and bool(primer.chords)
        typed: tuple[ChordSpan, ...] = ()
        if result.chords_read and (chords.strip() or not own):
            text = chords if chords.strip() else DEFAULT_PROGRESSION.text
            typed = parse_chords(text, meter)
        if typed:
            chorus = round(typed[-1].end / meter.quarters)
        elif not how.choruses:
            chorus = how.bars
        elif primer and _bars_of(primer) <= LONGEST_FORM:
            chorus = _bars_of(primer)
        else:
            chorus = DEFAULT_PROGRESSION.bars
        before = _bars_of(first) if own and typed and first else 0
        bars = before + how.choruses * chorus if how.choruses else how.bars
        if bars > MOST_BARS:
            raise DataError(
                f"Choruses: expected at most {MOST_BARS} bars together, got "
                f"{how.choruses} x {chorus}. Play fewer choruses."
            )
        return cls(meter, max(bars, before + 1), chorus, before, primer, first, typed)

    @property
    def left_over(self) -> int:
        """Bars after the last whole chorus, in which the form is cut."""
        return (self.bars - self.before) % self.chorus

    @property
    def words(self) -> str:
        """The length in a sentence, and whether the form is cut."""
        text = f"{_count(self.bars, 'bar')} of {self.meter}: "
        if self.before:
            text += f"{_count(self.before, 'bar')} of the primer, "
        if choruses := (self.bars - self.before) // self.chorus:
            text += f"{_count(choruses, 'chorus', 'es')} of {self.chorus}"
        if self.left_over:
            text += f"{' and ' * bool(choruses)}the first {self.left_over} of "
            text += f"the form's {self.chorus}, so it ends within the form"
        return text.rstrip(", ") + "."

    @property
    def pickup(self) -> int:
        """Sixteenths before the first bar."""
        return self.first.pickup if self.first else 0

    def spans(self, length: float) -> tuple[ChordSpan, ...]:
        """Return the chords of a number of quarter notes, changing on the form's bars.

        The primer's own come first, and then again if no others are typed.
        """
        pickup = self.pickup / STEPS_A_QUARTER
        if not self.primer or not self.primer.chords:
            return repeat(self.typed, length, pickup) if self.typed else ()
        own = self.primer if not self.typed else self.first
        assert own is not None
        end = pickup + _bars_of(own) * self.meter.quarters
        once = until(own.spans(), end)
        form = self.typed or shifted(once, -pickup)
        return until(merge_equal([*once, *repeat(form, length, end)]), length)


def _count(number: int, what: str, several: str = "s") -> str:
    return f"{number} {what}{several if number != 1 else ''}"


def prepare_piece(
    result: Result, how: Performance, chords: str = "", primer: Piece | None = None
) -> tuple[Piece, int]:
    """Return the chords with the primer's melody, and the primer's steps.

    Raise a DataError as `Form.of` does.
    """
    form = Form.of(result, how, chords, primer)
    first, meter = form.first, form.meter
    given = first.steps if first else 0
    melody = first.melody if first else np.empty(0, np.int16)
    steps = max(form.pickup + form.bars * meter.steps, given + meter.steps)
    spans = form.spans(steps / STEPS_A_QUARTER)
    key = (first and first.key) or key_of_chords(spans) or C_MAJOR
    if how.key != AS_WRITTEN:
        shift = smallest_interval(PITCH_CLASSES.index(how.key) - key.tonic)
        spans = transpose(spans, shift)
        melody = transpose_melody(melody, shift)
        key = replace(key, tonic=(key.tonic + shift) % OCTAVE)
    found, harmony = chord_grid(spans, steps)
    over = Piece(
        title="Improvisation",
        source=result.corpus.title,
        melody=np.concatenate([melody, np.full(steps - given, REST, np.int16)]),
        meter=meter,
        pickup=form.pickup,
        chords=found,
        harmony=harmony,
        key=key,
        tempo=float(how.tempo),
    )
    return over, given


def read_as(
    result: Result, how: Performance, chords: str, primer: Piece | None = None
) -> str:
    """Return typed chords bar by bar, "" if they are typed so already.

    Repeats, sections and degrees are written out, and "Do7" is Ddim7.
    """
    meter = meter_of(result, how, chords, primer)
    spans = [_explained(span) for span in parse_chords(chords, meter)]
    words = {*re.split(r"[|\s]+", chords), "None"}
    bars = [bar for bar in re.split(r"[|\n]", chords) if bar.strip()]
    written_out = len(bars) in (1, round(spans[-1].end / meter.quarters))
    written_out &= "|" in chords or len(bars) == 1
    if written_out and all(str(span.chord) in words for span in spans):
        return ""
    return chord_text(spans, meter)


def _explained(span: ChordSpan) -> ChordSpan:
    """Return a span whose chord shows its standard name if "o" stands in its symbol."""
    if span.chord is None or "o" not in span.chord.text:
        return span
    return replace(span, chord=replace(span.chord, text=""))


def remarks(
    result: Result, how: Performance, chords: str = "", primer: Piece | None = None
) -> tuple[str, ...]:
    """Return a sentence for each input without effect."""
    found = []
    if chords.strip() and not result.chords_read:
        found.append(
            "The chords are not used: this model was trained on melodies without "
            "chords, and chords are chosen to fit its melody."
        )
    meter = meter_of(result, how, chords, primer)
    if primer is not None and not _reads(result):
        found.append("The primer is not used: the classic recipe cannot read one.")
    elif primer is not None and how.primer_bars and not in_meter(primer, meter):
        found.append(
            f"The primer is not used: it is in {primer.meter}, and the meter is "
            f"{meter}. Choose {primer.meter} or {AS_WRITTEN!r} as the meter."
        )
    over, _ = prepare_piece(result, how, chords, primer)
    ended = resolved(over) if how.ending == "tonic" and chords.strip() else over
    if ended is not over:
        found.append(
            f"The last bar is {_last_bar(ended)} instead of {_last_bar(over)}, for an "
            'end on the tonic. Choose the ending "free" to keep it.'
        )
    return tuple(found)


def _last_bar(piece: Piece) -> str:
    bars = shifted(piece.spans(), -piece.pickup / STEPS_A_QUARTER)
    return chord_text(bars, piece.meter).rpartition(" | ")[2]
