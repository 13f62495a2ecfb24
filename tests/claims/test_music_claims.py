"""What the music page says of the classic recipe, of plans and of the rivals."""

from dataclasses import replace

import numpy as np
import pytest

from core.music import TASK, Config
from core.music.corpora import folk, ragtime
from core.music.judging.melody_metrics import chord_tones_strong, rest_share
from core.music.judging.originality import CopyIndex
from core.music.model.copying import Copier
from core.music.model.markov import Baseline
from core.music.playing.takes import perform
from core.music.score.piece import REST
from core.music.shipped import load
from core.music.theory.progressions import PROGRESSIONS
from tests.driver.core.music_planning import BLUES, HOW, planned
from tests.driver.core.music_training import end_of


def test_the_classic_recipe_learns_by_heart_and_nothing_else():
    result, metrics, _ = end_of(TASK.train(Config.preset("classic"), ragtime()))
    assert metrics[-1]["loss"] < 0.1
    assert metrics[-1]["val_loss"] > 2 * metrics[0]["markov"]
    assert result.epochs == 100
    assert len(result.judgement.by_temperature) > 2


def returned(piece):
    """Share of the steps that are to bring a motif back which have its rhythm."""
    source = planned(piece).source
    steps = np.flatnonzero(source >= 0)
    begins = piece.melody >= 0
    return (begins[steps] == begins[source[steps]]).mean()


def test_with_a_plan_motifs_return_and_chords_are_heard_more_than_without():
    found = {
        plan: [
            perform(load(), replace(HOW, plan=plan, seed=seed), BLUES).piece
            for seed in range(4)
        ]
        for plan in ("free", "phrases")
    }
    for measure in (chord_tones_strong, returned):
        means = {
            plan: np.mean([measure(piece) for piece in pieces])
            for plan, pieces in found.items()
        }
        assert means["phrases"] > means["free"], measure.__name__


def longest_run(piece):
    """Notes without a rest between them, at most."""
    return max(sum(value >= 0 for value in run) for run in unbroken(piece.melody))


def unbroken(melody):
    runs = [[]]
    for value in melody.tolist():
        if value == REST:
            runs.append([])
        else:
            runs[-1].append(value)
    return runs


@pytest.mark.parametrize(
    ("model", "name"),
    [("ragtime", "12-bar blues"), ("folk", "One mode")],
)
def test_a_jazz_solo_breathes_as_players_do(model, name):
    one = next(one for one in PROGRESSIONS if one.name == name)
    rests = []
    for seed in range(2):
        how = replace(HOW, style="jazz", swing=2.0, seed=seed, choruses=1)
        how = replace(how, choruses=-(-12 // one.bars))
        piece = perform(load(model), how, one.text).piece
        assert longest_run(piece) <= 32
        rests.append(rest_share(piece))
    assert 0.05 <= np.mean(rests) <= 0.15


def test_the_folk_baseline_is_as_strong_as_reported():
    """Of a part of the folk tunes; of all: `python -m benchmarks.music`."""
    corpus = folk()
    baseline = Baseline.fit(corpus.train[:400], corpus.validation[:60])
    assert baseline.chain.order == 4
    assert baseline.nats(corpus.test[:60]) == pytest.approx(1.529, abs=0.002)


def test_folk_tunes_borrow_about_as_much_as_was_measured_before():
    corpus = folk()
    found = CopyIndex(corpus.train).human_rate(corpus.test)
    assert found.rates[8] == pytest.approx(0.199, abs=0.01)
    assert found.rates[12] == pytest.approx(0.0166, abs=0.003)
    assert found.median == pytest.approx(10, abs=1)
    assert found.rare == pytest.approx(15, abs=1)


def test_no_other_gates_fit_the_validation_pieces_better():
    corpus, pieces = ragtime(), ragtime().validation
    copier = Copier.fit(Baseline.fit(corpus.train, pieces), pieces)
    fitted = copier.nats(pieces).mean()
    random = np.random.default_rng(0)
    for _ in range(5):
        gates = copier.gates + random.normal(0, 0.3, copier.gates.shape)
        assert replace(copier, gates=gates).nats(pieces).mean() > fitted
    alone = replace(copier, gates=np.full_like(copier.gates, -50.0))
    assert alone.nats(pieces).mean() == pytest.approx(copier.baseline.nats(pieces))
