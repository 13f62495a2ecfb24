"""Chords that are inferred from a melody."""

from dataclasses import fields

import numpy as np
import pytest

from core.music.arranger.harmonizing import harmonized
from core.music.corpora import folk
from core.music.model.markov import Baseline
from core.music.score.packing import from_arrays, to_arrays
from core.music.score.piece import HOLD, Piece
from core.music.theory.keys import C_MAJOR, Key
from core.music.theory.notes import Meter


def quarters(pitches):
    melody = np.full(len(pitches) * 4, HOLD, np.int16)
    melody[::4] = pitches
    return melody


def test_folk_tunes_carry_the_chords_that_fit_them_and_say_that_these_are_inferred():
    for piece in folk().test[::40]:
        assert piece.inferred
        again = harmonized(piece.without_chords())
        assert again.spans() == piece.spans()
        assert not piece.without_chords().inferred
        assert not piece.without_inferred_chords().chords


def test_the_chords_of_folk_tunes_fit_their_strong_beats_and_change():
    hits, changes, bars = [], 0, 0
    for piece in folk().test[::10]:
        beat = 6 if piece.meter.compound else 4
        for step in piece.onsets[piece.positions[piece.onsets] % beat == 0]:
            tones = piece.chord_at(int(step)).tones
            hits.append(int(piece.melody[step]) % 12 in tones)
        changes += len(piece.spans())
        bars += piece.bars
    assert np.mean(hits) > 0.78
    assert 0.4 < changes / bars < 1.2


@pytest.mark.parametrize(
    ("key", "ending", "chord"),
    [(C_MAJOR, (67, 64, 60, 60), "C"), (C_MAJOR, (65, 69, 62, 62), "Dm")],
)
def test_a_tune_ends_on_the_tonic_or_on_the_chord_of_its_mode(key, ending, chord):
    melody = quarters([*ending, *ending, *ending, *ending])
    piece = harmonized(Piece("", "", melody, Meter(4, 4), key=key))
    assert str(piece.spans()[-1].chord) == chord


def test_a_minor_tune_gets_the_chords_of_its_key():
    melody = quarters([69, 72, 76, 72, 68, 71, 76, 71, 69, 72, 76, 69])
    piece = harmonized(Piece("", "", melody, Meter(4, 4), key=Key(9, minor=True)))
    names = [str(span.chord) for span in piece.spans()]
    assert names == ["Am", "E7", "Am"]


def test_a_held_note_counts_for_the_chord_that_begins_under_it():
    melody = quarters([60, 64, 67, 65])
    melody[12:] = HOLD
    melody = np.concatenate([melody, np.full(16, HOLD, np.int16), quarters([60] * 4)])
    piece = harmonized(Piece("", "", melody, Meter(4, 4), key=C_MAJOR))
    assert 67 % 12 in piece.chord_at(20).tones


def test_pieces_stored_before_there_were_inferred_chords_are_read():
    stored = to_arrays(folk().test[:2])
    assert all(piece.inferred for piece in from_arrays(stored))
    del stored["inferred"]
    for before, after in zip(folk().test, from_arrays(stored), strict=False):
        assert not after.inferred
        for item in fields(Piece):
            if item.name not in ("melody", "harmony", "inferred"):
                assert getattr(before, item.name) == getattr(after, item.name)


def test_a_markov_chain_does_not_read_inferred_chords():
    train, held_out = folk().train[:60], folk().validation[:10]
    bare = [[p.without_chords() for p in part] for part in (train, held_out)]
    ours, without = Baseline.fit(train, held_out), Baseline.fit(*bare)
    assert ours.nats(held_out) == without.nats(held_out) == without.nats(bare[1])
