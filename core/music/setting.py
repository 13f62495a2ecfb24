"""What a model plays over: the chords, and a primer's first bars."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.music.chord import OCTAVE, PITCH_CLASSES
from core.music.config import AS_WRITTEN, Performance
from core.music.film import FIRST_CHORDS
from core.music.keys import key_of
from core.music.piece import REST, Key, Piece, shifted
from core.music.progression import moved, on_grid, parse_chords, repeated
from core.music.result import Result
from core.music.score import STEPS_A_QUARTER, ChordSpan, Note

TRITONE = 6


def setting(
    result: Result, how: Performance, chords: str = "", primer: Piece | None = None
) -> tuple[Piece, int]:
    """Return what is played over, with the primer's melody, and the primer's steps."""
    meter = how.written_meter or (primer.meter if primer else result.meter)
    pickup, given = 0, 0
    melody = np.empty(0, np.int16)
    first = None
    listens = result.config.model != "seed"  # the classic begins from zeros
    if primer is not None and listens and how.primer_bars and meter == primer.meter:
        given = min(primer.steps, primer.pickup + how.primer_bars * meter.steps)
        first = primer.part(0, given)
        pickup, melody = first.pickup, first.melody
    steps = max(pickup + how.bars * meter.steps, given + meter.steps)
    typed = parse_chords(chords, meter) if chords.strip() else ()
    spans = _spans(result, typed, first, primer, steps)
    key = (first and first.key) or _key(spans)
    if how.key != AS_WRITTEN:
        shift = _nearest(PITCH_CLASSES.index(how.key) - key.tonic)
        spans = moved(spans, shift)
        melody = shifted(melody, shift)
        key = replace(key, tonic=(key.tonic + shift) % OCTAVE)
    found, harmony = on_grid(spans, steps)
    over = Piece(
        title="Improvisation",
        source=result.corpus.title,
        melody=np.concatenate([melody, np.full(steps - given, REST, np.int16)]),
        meter=meter,
        pickup=pickup,
        chords=found,
        harmony=harmony,
        key=key,
        tempo=float(how.tempo),
    )
    return over, given


def _spans(
    result: Result,
    typed: Sequence[ChordSpan],
    first: Piece | None,
    primer: Piece | None,
    steps: int,
) -> tuple[ChordSpan, ...]:
    """Return the chords of all steps: the primer's, then typed ones or its own."""
    length = steps / STEPS_A_QUARTER
    if first is None or primer is None or not primer.chords:
        if not typed and result.hears_chords:
            typed = parse_chords(FIRST_CHORDS.text, FIRST_CHORDS.meter)
        return repeated(typed, length) if typed else ()
    if not typed:
        return repeated(primer.spans(), length)
    heard = first.steps / STEPS_A_QUARTER
    rest = repeated(typed, length - heard)
    return (
        *first.spans(),
        *(replace(span, start=span.start + heard) for span in rest),
    )


def _key(spans: Sequence[ChordSpan]) -> Key:
    """Return the key of some chords, which is C major where there are none."""
    notes = [
        Note(span.start, span.length, 60 + tone)
        for span in spans
        if span.chord
        for tone in (span.chord.root, *span.chord.tones)
    ]
    return key_of(notes) or Key(0)


def _nearest(semitones: int) -> int:
    return (semitones + TRITONE) % OCTAVE - TRITONE
