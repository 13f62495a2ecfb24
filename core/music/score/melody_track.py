"""The melody of a score: which track it is, and how it becomes a piece on a grid."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.music.score.instruments import DRUMS, INSTRUMENTS
from core.music.score.piece import REST, Piece, chord_grid, melody_grid
from core.music.score.score import Score, Track, pitched
from core.music.score.triplets import on_sixteenths
from core.music.theory.inference import infer_chords
from core.music.theory.keys import C_MAJOR, key_name, key_of, spelled_span
from core.music.theory.notes import STEPS_A_QUARTER, ChordSpan, Meter, Note
from core.music.theory.progressions import chord_text, repeat, shifted, until
from core.task import DataError

LEADING = re.compile(
    r"melod|lead|solo|vocal|voice|sing|sax|trumpet|flute|violin|fiddle|clarinet|"
    r"treble|soprano|right|\brh\b|upper|\bup\b|theme|tune",
    re.IGNORECASE,
)
FOLLOWING = re.compile(
    r"bass|drum|perc|chord|comp|pad|rhythm|accomp|left|\blh\b|lower|\bdown\b|"
    r"string|harmon|back",
    re.IGNORECASE,
)
FEWEST_NOTES = 8  # fewest notes of a melody
TOO_FEW = 100.0  # penalty for fewer, above all other terms together
BASSES, LEADS = range(32, 40), (*range(52, 55), *range(56, 88))
MIDDLE, WIDTH = 72, 12  # usual pitches of melodies, in semitones
SHOWN = 4  # bars of chords in a description
FEW_OTHERS = 0.2  # accompanying notes a melody note: fewer do not tell the chords


@dataclass(frozen=True)
class TrackInfo:
    """What a person chooses a track by."""

    track: int  # index in the score's tracks
    # Its name in the file, which may be empty, and its instrument
    name: str
    instrument: str
    drums: bool  # whether it is drums, which are never the melody
    notes: int
    # Pitches, MIDI numbers
    lowest: int
    highest: int
    alone: float  # share of the notes that begin without another, 0 to 1
    likelihood: float  # score of being the melody; the greatest of all is the guess


def describe_tracks(score: Score) -> tuple[TrackInfo, ...]:
    """Describe every track of a score, in its order."""
    most = max(len(track.notes) for track in score.tracks)
    return tuple(
        _describe(place, track, most) for place, track in enumerate(score.tracks)
    )


def guess_melody(score: Score) -> int:
    """Return the index of the track that is most likely the melody."""
    return max(describe_tracks(score), key=lambda info: info.likelihood).track


def skyline(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the highest voice of polyphonic notes.

    Of notes that begin within one sixteenth the highest stays; a lower note under
    one that outlasts it is left out; a note ends where the next begins.
    """
    line: list[Note] = []
    for note in _highest_of_each_step(notes):
        if line and line[-1].pitch > note.pitch and line[-1].end >= note.end:
            continue
        if line and line[-1].end > note.start:
            last = line[-1]
            line[-1] = Note(
                last.start, note.start - last.start, last.pitch, last.velocity
            )
        line.append(note)
    return tuple(line)


def _highest_of_each_step(notes: Sequence[Note]) -> list[Note]:
    highest: dict[int, Note] = {}
    for note in notes:
        step = round(note.start * STEPS_A_QUARTER)
        if step not in highest or highest[step].pitch < note.pitch:
            highest[step] = note
    return [highest[step] for step in sorted(highest)]


def _describe(place: int, track: Track, most: int) -> TrackInfo:
    pitches = [note.pitch for note in track.notes]
    return TrackInfo(
        track=place,
        name=track.name,
        instrument=DRUMS if track.drums else INSTRUMENTS[track.program],
        drums=track.drums,
        notes=len(pitches),
        lowest=min(pitches),
        highest=max(pitches),
        alone=_alone(track.notes),
        likelihood=-math.inf if track.drums else _likelihood(track, most),
    )


def _likelihood(track: Track, most: int) -> float:
    """Score a track: melodies are monophonic, high, stepwise, long, and named so."""
    pitches = np.array([note.pitch for note in track.notes])
    steps = np.abs(np.diff(pitches[:5000]))
    moving = float(np.mean((steps > 0) & (steps <= 7))) if len(steps) else 0.0
    different = min(1.0, len(set(pitches.tolist())) / 12)
    named = bool(LEADING.search(track.name)) - bool(FOLLOWING.search(track.name))
    played_by = (track.program in LEADS) - 2 * (track.program in BASSES)
    return (
        2 * _alone(track.notes)
        + 2 * math.exp(-(((float(np.mean(pitches)) - MIDDLE) / WIDTH) ** 2) / 2)
        + 1 * moving
        + 1 * different
        + 1.5 * math.sqrt(len(pitches) / most)
        + 1.5 * named
        + 0.5 * played_by
        - TOO_FEW * (len(skyline(track.notes)) < FEWEST_NOTES)
    )


def _alone(notes: Sequence[Note]) -> float:
    starts = np.array([round(note.start * 8) for note in notes])
    _, counts = np.unique(starts, return_counts=True)
    return float(counts[counts == 1].sum() / len(notes))


def extract_piece(
    score: Score,
    track: int | None = None,
    chords: Sequence[ChordSpan] = (),
    source: str = "",
    melody_in_chords: bool = True,
) -> Piece:
    """Make a piece of a score: one track, by default a guess, is the melody.

    Empty bars before and after the melody are left out. Triplets and swung eighths go
    to the sixteenths that stand for them; see `triplets`.

    Parameters
    ----------
    chords
        The chords, repeated from the first full bar to the end. By default the
        score's own chord symbols, or else chords inferred from all notes.
    melody_in_chords
        Whether chords are inferred from the melody too, as it often has the third;
        then they tell something of it, and the piece says that they are inferred.
        Without it they are those of the other tracks, if these have enough notes.

    Raise a DataError if there is no such track, it is drums, or has fewer than 8 notes.
    """
    place = guess_melody(score) if track is None else track
    score = _straight(score, place)
    melody = _melody(score, place)
    steps = round(max(note.end for note in melody) * STEPS_A_QUARTER)
    grid = melody_grid(melody, max(1, steps))
    known = _known_chords(score, melody, chords)
    spans, key = known, score.key or key_of(melody)
    others = _accompaniment(score, place, melody)
    if melody_in_chords:
        others = [*others, *melody]
        key = score.key or key_of(others)
    if not known:
        end = max(note.end for note in melody)
        spans = infer_chords(others, end, score.meter, score.pickup)
        spans = tuple(spelled_span(span, key or C_MAJOR) for span in spans)
    found, harmony = chord_grid(spans, len(grid))
    piece = Piece(
        title=score.title,
        source=source,
        melody=grid,
        meter=score.meter,
        pickup=round(score.pickup * STEPS_A_QUARTER) % score.meter.steps,
        chords=found,
        harmony=harmony,
        tempo=score.tempo,
        key=key,
        inferred=melody_in_chords and not known,
    )
    return _trim(piece)


def _straight(score: Score, place: int) -> Score:
    """Return a score with the triplets of one track on sixteenths."""
    tracks = (
        replace(track, notes=on_sixteenths(track.notes, score.meter, score.pickup))
        if number == place
        else track
        for number, track in enumerate(score.tracks)
    )
    return replace(score, tracks=tuple(tracks))


def _melody(score: Score, place: int) -> tuple[Note, ...]:
    if not 0 <= place < len(score.tracks):
        raise DataError(
            f"Track: expected 1 to {len(score.tracks)}, got {place + 1}. "
            "Choose another track."
        )
    track = score.tracks[place]
    melody = () if track.drums else skyline(track.notes)
    if len(melody) < FEWEST_NOTES:
        what = "drums" if track.drums else f"{len(melody)}"
        raise DataError(
            f"Track: expected a melody of at least {FEWEST_NOTES} notes, got {what}. "
            "Choose another track."
        )
    return melody


def _known_chords(
    score: Score, melody: Sequence[Note], typed: Sequence[ChordSpan]
) -> tuple[ChordSpan, ...]:
    """Return the chords that are typed or written, or none."""
    end = max(note.end for note in melody)
    return repeat(typed, end, score.pickup) if typed else score.chords


def describe_piece(score: Score, piece: Piece) -> str:
    """Summarize a score that was read: length, meter and changes, key, first chords."""
    text = f"{len(piece.onsets)} notes in {piece.bars} bars of {piece.meter}."
    if score.meters:
        changes = ", ".join(
            f"{meter} from bar {number}" for number, meter in _numbered(score.meters)
        )
        text += (
            f" The meter changes ({changes}); all of it is counted in {piece.meter}, "
            "and the bar lines of the other parts are lost."
        )
    if piece.key:
        text += f" Key: {key_name(piece.key)}."
    if piece.chords:
        after = shifted(piece.spans(), -piece.pickup / STEPS_A_QUARTER)
        begins = chord_text(until(after, SHOWN * piece.meter.quarters), piece.meter)
        text += f" Chords begin: {begins}"
        alone = len(pitched(score.tracks)) < (1 + FEW_OTHERS) * len(piece.onsets)
        whence = "the melody alone, a guess" if alone else "the notes"
        text += f" (inferred from {whence})." if piece.inferred else "."
    return text


def _numbered(meters: Sequence[tuple[float, Meter]]) -> Iterator[tuple[int, Meter]]:
    """Return the number of the bar in which each meter begins."""
    number = 1.0
    for place, (start, meter) in enumerate(meters):
        if place:
            before, old = meters[place - 1]
            number += (start - before) / old.quarters
        yield math.ceil(number - 1e-6), meter


def describe_track(score: Score, place: int) -> str:
    """Name the track of the melody, by its number, name and instrument."""
    track = score.tracks[place]
    name = f", {track.name}" if track.name else ""
    count = len(score.tracks)
    return f"track {place + 1} of {count} ({INSTRUMENTS[track.program]}{name})"


def _accompaniment(score: Score, place: int, melody: Sequence[Note]) -> list[Note]:
    """Return the notes to infer chords from: those of other tracks if they suffice.

    Else also the lower notes of the melody's track, and else the melody itself, which
    implies chords, if vaguely.
    """
    enough = FEW_OTHERS * len(melody)
    others = pitched([*score.tracks[:place], *score.tracks[place + 1 :]])
    if len(others) < enough:
        leading = {(note.start, note.pitch) for note in melody}
        under = score.tracks[place].notes
        others += [note for note in under if (note.start, note.pitch) not in leading]
    return others if len(others) >= enough else [*others, *melody]


def _trim(piece: Piece) -> Piece:
    """Leave out whole bars before the first note, and steps after the last."""
    first = int(np.flatnonzero(piece.melody != REST)[0])
    into_bar = (first - piece.pickup) % piece.meter.steps
    begin = max(0, first - into_bar)
    return piece.part(begin, piece.steps)
