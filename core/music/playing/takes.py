"""A trained model improvises: chords, a primer and settings in, a score out."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.music.arranger.arranging import MELODY, STRAIGHT, arranged
from core.music.arranger.breathing import breathing_of
from core.music.arranger.ending import ended_on, ended_on_tonic, resolved
from core.music.arranger.guide import PlanGuide
from core.music.arranger.harmonizing import harmonized
from core.music.arranger.planning import plan_of, returns_of
from core.music.arranger.playable import octaves, playable
from core.music.config import Performance
from core.music.improviser.guided import CANDIDATES, generate_guided
from core.music.improviser.origins import Credits, Origin, Origins
from core.music.improviser.quavers import doubled, halved, in_quavers, mask_halved
from core.music.improviser.sampling import TRIAD, Constraints, Generated, generate
from core.music.judging.melody_metrics import MelodyMetrics, metrics_of
from core.music.judging.originality import CopiedRun, Originality
from core.music.model.vocabulary import prepared, semitones_to_c
from core.music.playing.form import prepare_piece
from core.music.result import Result
from core.music.score.instruments import instrument_of
from core.music.score.piece import REST, Piece, transpose_melody, without_stray
from core.music.score.score import Score
from core.music.theory.chord import OCTAVE, PITCH_CLASSES
from core.music.theory.keys import C_MAJOR

PARTS = {
    "network": "Network alone",
    "plan": "With plan",
    "accompaniment": "With accompaniment",
}


@dataclass(frozen=True, eq=False)
class Take:
    """Something that a model has played."""

    piece: Piece  # the melody over its chords, straight
    # Melody and accompaniment as they sound, with swing; the melody is track `MELODY`
    score: Score
    straight: Score  # the same without swing, as it is written in notation
    given: int  # sixteenths of the primer, which the model only read
    words: tuple[str, ...]  # a token for each sixteenth, as text
    originality: Originality  # the copied runs of the melody, without the primer
    metrics: MelodyMetrics  # the metrics of the melody, without the primer
    refused: int  # how often the copy guard rejected a note
    origins: Origins  # (sixteenths,) the `Origin` of each
    # The candidate that was kept for each phrase, from 1; empty without a choice, None
    # after another change
    kept: tuple[int, ...] | None = ()

    @property
    def note_origins(self) -> tuple[int, ...]:
        """The `Origin` of each note of the melody."""
        return tuple(self.origins[self.piece.onsets].tolist())

    @property
    def credits(self) -> Credits:
        """How many of the notes that sound come from where."""
        network, pushed, rule, given, edited = map(self.note_origins.count, Origin)
        others = sum(len(track.notes) for track in self.score.tracks[MELODY + 1 :])
        count = CANDIDATES if self.kept != () else 1
        return Credits(network, pushed, rule, given, edited, others, count, self.kept)

    @property
    def copied(self) -> CopiedRun | None:
        """The longest copied run, its first note counted with the primer's."""
        found = self.originality.longest
        if found is None:
            return None
        primer = int((self.piece.onsets < self.given).sum())
        return replace(found, first=found.first + primer)


def perform(
    result: Result,
    how: Performance,
    chords: str = "",
    primer: Piece | None = None,
    before: "Take | None" = None,
    locked: Collection[int] = (),
) -> Take:
    """Let a model play over typed chords, after the first bars of a primer.

    Locked bars are as in the take before, if that has the same bars.

    By default the chords are the primer's own, or else `DEFAULT_PROGRESSION`; for a
    model without chords, the melody is harmonized afterwards. Raise a DataError if the
    chords cannot be read, for example.
    """
    over, given = prepare_piece(result, how, chords, primer)
    if how.ending == "tonic":
        over = resolved(over)
    fixed = np.arange(over.steps) < given
    kept = np.zeros(over.steps, bool)
    if before and before.piece.form == over.form:
        kept = before.piece.notes_in(locked) & ~fixed
        over = replace(over, melody=np.where(kept, before.piece.melody, over.melody))
    played = improvise(result, how, over, fixed | kept)
    if before and kept.any():
        origins = np.where(kept, before.origins, played.origins).astype(np.int8)
        played = replace(played, origins=origins)
    piece = replace(over, melody=played.melody)
    if not piece.chords:
        piece = harmonized(piece)
        piece = resolved(piece) if how.ending == "tonic" else piece
    return take_of(result, how, piece, given, played)


def take_of(
    result: Result,
    how: Performance,
    piece: Piece,
    given: int = 0,
    played: Generated | None = None,
) -> Take:
    """Return a melody as a take: arranged, with its metrics, and as words.

    Without `played`, the network has chosen all notes.
    """
    if played is None:
        network = np.full(piece.steps, Origin.NETWORK, np.int8)
        played = Generated(piece.melody, 0, network)
    generated = piece.part(given, piece.steps)
    return Take(
        piece=piece,
        score=arranged(piece, how),
        straight=arranged(piece, replace(how, swing=STRAIGHT)),
        given=given,
        words=words_of(piece),
        originality=result.copy_index.originality(generated),
        metrics=metrics_of(generated),
        refused=played.refused,
        origins=played.origins,
        kept=played.kept,
    )


def edited(
    result: Result,
    how: Performance,
    take: Take,
    piece: Piece,
    origins: Origins | None = None,
    refused: int = 0,
) -> Take:
    """Return a take with another melody.

    Parameters
    ----------
    origins
        (sixteenths,) the new `Origin` of each; `GIVEN` where the take's is kept. By
        default `EDITED` where the melody differs.
    refused
        How often the copy guard rejected a note of the new melody.
    """
    if origins is None:
        differs = piece.melody != take.piece.melody
        origins = np.where(differs, Origin.EDITED, Origin.GIVEN)
    origins = np.where(origins == Origin.GIVEN, take.origins, origins).astype(np.int8)
    kept = take.kept and None
    played = Generated(piece.melody, take.refused + refused, origins, kept)
    return take_of(result, how, piece, take.given, played)


def part_of(
    result: Result,
    how: Performance,
    take: Take,
    part: str,
    chords: str = "",
    primer: Piece | None = None,
) -> Take:
    """Return the take of one of the `PARTS` of a performance.

    For "network" the model plays anew: from the same seed, without a plan.
    """
    alone = replace(how, style="none")
    if part == "accompaniment":
        return take
    if part == "network":
        free = replace(how, plan="free", ending="free")
        take = perform(result, free, chords, primer)
    return replace(
        take,
        score=arranged(take.piece, alone),
        straight=arranged(take.piece, replace(alone, swing=STRAIGHT)),
    )


def words_of(piece: Piece) -> tuple[str, ...]:
    """Return a token for each sixteenth: "rest", "hold", or the pitch."""
    names = {REST: "rest", -1: "hold"}
    return tuple(
        names.get(int(value)) or f"{PITCH_CLASSES[value % OCTAVE]}{value // OCTAVE - 1}"
        for value in piece.melody
    )


def improvise(
    result: Result,
    how: Performance,
    over: Piece,
    fixed: NDArray[np.bool_],
    ending: bool = True,
) -> Generated:
    """Generate the melody of a piece where it is not fixed, (steps,).

    Without `ending` the piece goes on elsewhere.
    """
    quavers = in_quavers(over, how)
    heard, given = (halved(over), mask_halved(fixed)) if quavers else (over, fixed)
    over_in_c = prepared(heard)
    semitones = transposition(heard, over_in_c)
    if not given.any():
        lowest, highest = (pitch + semitones for pitch in result.range)
        semitones += octaves(lowest, highest, instrument_of(how.instrument))
    constraints = constraints_of(result, how, over_in_c, semitones, ending)
    if how.plan == "phrases" and (players := result.players(over_in_c, CANDIDATES)):
        breathing = breathing_of(result.corpus, heard.meter)
        plan = plan_of(over_in_c, how, breathing, ending)
        values, returns = players.values, returns_of(result.corpus)
        guide = PlanGuide(plan, over_in_c, values, returns)
        free = replace(constraints, ending=False)  # the plan has its own
        generated = generate_guided(players, over_in_c, given, free, how, guide)
    else:
        player = result.player(over_in_c)
        generated = generate(player, over_in_c, given, constraints, how)
    melody, origins = transpose_melody(generated.melody, semitones), generated.origins
    if quavers:
        melody = doubled(melody, over.steps)
        origins = np.repeat(origins, 2)[: over.steps]
    melody = np.where(fixed, over.melody, melody)
    piece = replace(over, melody=without_stray(melody))
    if constraints.tonic is not None:
        piece = ended_on_tonic(piece, fixed)
    elif ending and (last := piece.chord_at(piece.steps - 1)):
        piece = ended_on(piece, fixed, last.tones[:TRIAD])
    piece = playable(piece, fixed, how, 1 + quavers)
    origins = np.where(piece.melody == melody, origins, Origin.RULE).astype(np.int8)
    return replace(generated, melody=piece.melody, origins=origins)


def constraints_of(
    result: Result,
    how: Performance,
    over_in_c: Piece,
    semitones: int,
    ending: bool = True,
) -> Constraints:
    """Return the constraints of a melody over a prepared piece.

    It sounds so many semitones higher; its range is the model's and the instrument's,
    or else the model's.
    """
    (lowest, highest), instrument = result.range, instrument_of(how.instrument)
    low = max(lowest, instrument.lowest - semitones)
    high = min(highest, instrument.highest - semitones)
    if high - low >= OCTAVE:
        lowest, highest = low, high
    tonic = ending and how.ending == "tonic"
    return Constraints(
        lowest=lowest,
        highest=highest,
        copies=result.copy_guard if how.originality == "guarded" else None,
        ending=ending,
        tonic=(over_in_c.key or C_MAJOR).tonic if tonic else None,
    )


def transposition(over: Piece, over_in_c: Piece) -> int:
    """Return the semitones from the prepared piece to the piece."""
    onsets = over.onsets
    if not len(onsets):
        return -semitones_to_c(over)
    return int(np.median(over.melody[onsets].astype(int) - over_in_c.melody[onsets]))
