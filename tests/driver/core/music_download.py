"""The downloaded music model."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from core.music.download import model_archive, piece_to_continue
from core.music.score.piece import HOLD, REST
from core.music.shipped import load
from tests.core.downloads import run_alone, unpack_into

SEED, TEMPERATURE = 5, 0.9


def continued(result):
    """What our player plays as the script does: notes, and their probabilities."""
    piece, given = piece_to_continue(result)
    rng, player = np.random.default_rng(SEED), result.player(piece)
    melody, probabilities = [], []
    for step in range(piece.steps):
        scores = player.scores().astype(float) / TEMPERATURE
        values = player.values()
        if not melody or melody[-1] == REST:
            scores[values == HOLD] = -np.inf
        p = np.exp(scores - scores.max())
        p /= p.sum()
        if step < given:
            token = values.tolist().index(piece.melody[step])
        else:
            token = rng.choice(len(p), p=p)
        melody.append(values[token])
        probabilities.append(p[token])
        player.append(melody[-1], token)
    return given, replace(piece, melody=melody).notes(), probabilities


def assert_the_script_plays_the_same(name, folder):
    result = load(name)
    files = unpack_into(folder, model_archive(result))
    assert {"model.keras", "piece.npz", "continue.py", "README.txt"} < files
    printed = run_alone(folder, "continue.py", str(SEED), str(TEMPERATURE))
    given, notes, probabilities = continued(result)
    assert len(notes) > 20
    assert (given > 0) == (name != "classic")
    for theirs, ours in zip(csv.DictReader(printed.splitlines()), notes, strict=True):
        assert float(theirs["start"]) == ours.start
        assert float(theirs["length"]) == ours.length
        assert int(theirs["pitch"]) == ours.pitch
        wanted = probabilities[round(4 * ours.start)]
        assert float(theirs["probability"]) == pytest.approx(wanted, abs=1e-5)
