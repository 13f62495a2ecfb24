"""The rival that repeats itself, and which half bars are no copies."""

from dataclasses import replace

import numpy as np
import pytest

from core.music.corpora import folk, ragtime
from core.music.model.copying import Copier, Rivals
from core.music.model.markov import Baseline
from core.music.model.repetition import first_time
from core.music.score.piece import HOLD, REST, Piece
from core.music.theory.notes import Meter


@pytest.fixture(scope="module")
def copier():
    corpus = ragtime()
    return Copier.fit(Baseline.fit(corpus.train, corpus.validation), corpus.validation)


def test_copying_makes_repetition_cheap_and_leaves_new_music_unchanged(copier):
    piece = ragtime().test[0].part(0, 128)
    twice = replace(
        piece,
        melody=np.concatenate([piece.melody, piece.melody]),
        harmony=np.concatenate([piece.harmony, piece.harmony]),
    )
    nats = copier.nats([twice])
    np.testing.assert_allclose(nats[:128], copier.nats([piece]))
    assert nats[160:].mean() < 0.3 * nats[:128].mean()


def test_the_rival_never_reads_ahead(copier):
    piece = ragtime().test[0].part(0, 256)
    melody = piece.melody.copy()
    melody[200:] = np.where(melody[200:] >= 0, melody[200:] + 1, melody[200:])
    other = copier.nats([replace(piece, melody=melody)])
    np.testing.assert_allclose(other[:200], copier.nats([piece])[:200])


def test_the_copies_of_rags_are_as_strong_as_reported():
    rivals = Rivals.of(ragtime())
    assert rivals.copy_nats == pytest.approx(1.202, abs=0.005)
    assert rivals.copy_onset_accuracy == pytest.approx(0.583, abs=0.002)
    assert rivals.copy_fresh == pytest.approx(2.793, abs=0.01)
    assert rivals.markov_fresh == pytest.approx(2.758, abs=0.01)
    # Copies of half a bar help nowhere there: they mislead.
    assert rivals.copy_fresh > rivals.markov_fresh


def test_a_fresh_half_bar_is_no_copy_at_any_pitch_or_place():
    halves = [
        [60, HOLD, 64, HOLD],
        [65, HOLD, 69, HOLD],  # the same, higher
        [60, HOLD, 64, 65],
        [REST, REST, 64, HOLD],
        [62, HOLD, 66, 67],  # the third, higher
        [60, 64, HOLD, HOLD],  # another rhythm
        [60, HOLD, REST, REST],
        [61, 66, REST, REST],  # other notes
        [65, REST, REST, 64],  # across the line between the third and the fourth
    ]
    pickup = [67]
    melody = np.array(pickup + [step for half in halves for step in half])
    piece = Piece("", "", melody, Meter(2, 4), pickup=1)
    fresh = first_time(piece)
    assert fresh[0]
    wanted = [True, False, True, True, False, True, True, True, False]
    assert fresh[1:].reshape(-1, 4).all(axis=1).tolist() == wanted
    assert fresh[1:].reshape(-1, 4).any(axis=1).tolist() == wanted


def test_no_copy_of_half_a_bar_foresees_a_fresh_one():
    for piece in (*ragtime().test, *folk().test[::40]):
        half, fresh = piece.meter.steps // 2, first_time(piece)
        begins = range(piece.pickup % half, piece.steps - half + 1, half)
        for begin in begins:
            if not fresh[begin]:
                continue
            mine = shape(piece.melody[begin : begin + half])
            before = range(begin - half + 1)
            assert all(shape(piece.melody[at : at + half]) != mine for at in before)


def shape(melody):
    """A figure without its pitch: intervals from its first note, holds and rests."""
    first = next((value for value in melody.tolist() if value >= 0), 0)
    return [value - first if value >= 0 else f"{value}" for value in melody.tolist()]
