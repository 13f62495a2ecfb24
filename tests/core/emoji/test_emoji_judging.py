"""Judgements against values worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from core.emoji.flips import answered_by_both, in_set
from core.emoji.judging.audit import out_of_fold
from core.emoji.judging.metrics import (
    accuracy,
    calibration,
    choose_temperature,
    confusion,
    difference,
    ece,
    macro_f1,
    nll,
    scorecard,
)
from core.emoji.model.answering import softmax
from core.emoji.pretrained import load
from core.emoji.result import gain
from core.emoji.text.rows import Rows


def answers(*pairs):
    """Probabilities of rows that are so sure of one emoji, the rest shared out."""
    rows = np.zeros((len(pairs), 5))
    for row, (label, sure) in zip(rows, pairs, strict=True):
        row[:] = (1 - sure) / 4
        row[label] = sure
    return rows


FOUR = answers((0, 0.95), (0, 0.95), (1, 0.65), (2, 0.65))
LABELS = np.array([0, 1, 1, 2])


def test_accuracy_is_the_share_of_right_answers():
    assert accuracy(FOUR, LABELS) == 0.75


def test_nll_is_the_mean_negative_log_probability_of_the_label():
    wanted = -np.mean(np.log([0.95, 0.0125, 0.65, 0.65]))
    assert nll(FOUR, LABELS) == pytest.approx(wanted)


def test_confusion_counts_labels_down_and_answers_across():
    counts = confusion(FOUR, LABELS)
    assert counts[1, 0] == 1
    assert counts[0, 0] == counts[1, 1] == counts[2, 2] == 1
    assert counts.sum() == 4


def test_macro_f1_is_the_mean_of_the_emojis_that_occur():
    # heart: precision 1/2, recall 1; ball: 1 and 1/2; smile: 1 and 1.
    assert macro_f1(FOUR, LABELS) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_ece_weights_the_gap_of_each_bin_by_its_rows():
    # Half the rows are .95 sure and half right, half are .65 sure and all right.
    assert ece(FOUR, LABELS) == pytest.approx(0.5 * 0.45 + 0.5 * 0.35)
    found = calibration(FOUR, LABELS)
    assert found.ece == pytest.approx(0.4)
    np.testing.assert_allclose(found.confidence, [0.65, 0.95])
    np.testing.assert_allclose(found.accuracy, [1.0, 0.5])


def test_ece_by_chance_is_that_of_answers_exactly_as_sure_as_right():
    random = np.random.default_rng(0)
    probabilities = softmax(2 * random.standard_normal((400, 5)))
    drawn = [
        ece(probabilities, np.array([random.choice(5, p=row) for row in probabilities]))
        for _ in range(60)
    ]
    found = calibration(probabilities, probabilities.argmax(axis=1))
    assert found.ece_by_chance == pytest.approx(np.mean(drawn), rel=0.1)
    assert found.ece > 3 * found.ece_by_chance  # those were always right


def test_one_row_has_the_gap_of_that_row_by_chance():
    found = calibration(answers((0, 0.8)), np.array([0]))
    assert found.ece == pytest.approx(0.2)
    assert found.ece_by_chance == pytest.approx(2 * 0.8 * 0.2, abs=0.03)


def test_a_paired_difference_of_equals_is_exactly_zero():
    found = difference(accuracy, FOUR, FOUR, LABELS)
    assert (found.low, found.value, found.high) == (0, 0, 0)


def test_a_paired_difference_is_signed():
    worse = answers((3, 0.9), (3, 0.9), (1, 0.9), (2, 0.9))
    found = difference(accuracy, FOUR, worse, LABELS)
    assert found.value == 0.25
    assert found.low <= 0.25 <= found.high


def test_a_scorecard_judges_each_phenomenon_by_itself():
    rows = Rows(
        texts=("a", "b", "c", "d"),
        labels=tuple(LABELS),
        phenomena=("negation", "negation;idiom", "", "negation"),
    )
    first, second = scorecard(FOUR, rows)
    assert (first.phenomenon, first.right, first.rows) == ("negation", 2, 3)
    assert (second.phenomenon, second.right, second.rows) == ("idiom", 0, 1)


def test_the_temperature_undoes_scores_that_are_too_large():
    random = np.random.default_rng(1)
    logits = random.standard_normal((4_000, 5))
    labels = np.array([random.choice(5, p=row) for row in softmax(logits)])
    found = choose_temperature(lambda t: softmax(3 * logits / t), labels)
    assert found == pytest.approx(3.0, rel=0.1)


def test_both_answers_to_a_set_are_those_that_the_models_give():
    best, v1 = load("best"), load("v1")
    rows = best.data.development
    found = in_set(v1, best, "development")
    assert found == answered_by_both(v1, best, rows)
    assert 0 < sum(each.before != each.after for each in found) < len(rows)
    assert all(each.before == each.after for each in in_set(best, best, "challenge"))


def test_an_lstm_beats_the_mean_of_words_where_order_matters():
    found = gain(load("best"), load("v1"), "development", "negation")
    assert found.value > 0.05
    assert found.low < found.value < found.high


def test_the_audit_does_not_look_at_vectors_that_learned_the_labels():
    result = load("best")
    assert result.model.adapted
    rows = result.data.train.take(range(0, len(result.data.train), 20))
    untrained = replace(result.model, adapted={})
    ours, plain = (out_of_fold(m, rows) for m in (result.model, untrained))
    assert np.array_equal(ours, plain)
