"""Knowing when not to answer: none of the classes, not sure, mixed feelings."""

from dataclasses import replace

import numpy as np
import pytest

from core.emoji.judging.metrics import ece, macro_f1
from core.emoji.judging.selective import (
    MAX_BOUND,
    MAX_ERROR,
    all_metrics,
    answers,
    choose_sure,
    coverage_curve,
    selective,
    selective_by_phenomenon,
    to_judge,
)
from core.emoji.labels import LABELS, NONE
from core.emoji.model.answering import NEVER, is_sure, none_threshold
from core.emoji.own_classes import read_own
from core.emoji.pretrained import load
from core.emoji.text.corpus import shipped
from core.emoji.text.rows import Rows, read_csv
from tests.driver.core.emoji_sentences import DATA

# Shares of five classes and of none: right and sure, wrong and sure, right, wrong.
SHARES = np.array(
    [
        [0.999, 0.001, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.05, 0.0, 0.0, 0.95],
        [0.0, 0.0, 0.0, 0.4, 0.0, 0.6],
        [0.0, 0.7, 0.2, 0.0, 0.1, 0.0],
    ]
)
TRUE = np.array([0, 2, NONE, 4])


def answer_of(shares, threshold=0.9):
    """The answer to a known word with these shares."""
    model = replace(load().model, threshold=threshold)
    return model._answer("ok", model.tokenize("ok"), np.array(shares))


def test_the_answer_is_the_most_probable_class_or_none():
    np.testing.assert_array_equal(answers(SHARES), [0, NONE, NONE, 1])


def test_a_sure_none_counts_as_an_answer():
    found = selective(SHARES, TRUE, threshold=0.998)  # of none .9
    assert (found.rows, found.sure, found.wrong) == (4, 2, 1)
    assert (found.coverage.value, found.error.value) == (0.5, 0.5)


def test_none_is_sure_from_a_lower_probability_than_a_class():
    shares = np.array([[0.9, 0.1, 0.0], [0.1, 0.0, 0.9], [0.11, 0.0, 0.89]])
    assert is_sure(shares, 0.998).tolist() == [False, True, False]
    assert none_threshold(0.998) == pytest.approx(0.9)
    assert none_threshold(NEVER) == NEVER
    # So few of its sure answers to sentences of trades, where it has not learned, are
    # wrong: with one threshold for all 11%.
    trades = read_csv((DATA / "trades.csv").read_bytes())
    found = selective(
        load().model.predict_shares(trades.texts), trades.targets, load().threshold
    )
    assert found.coverage.value > 0.55
    assert found.error.value < 0.08


def test_no_sure_answer_has_no_error():
    found = selective(SHARES, TRUE, threshold=0.9995)
    assert found.sure == found.wrong == 0
    assert np.isnan(found.error.value)


def test_each_phenomenon_is_counted_by_itself():
    rows = Rows(
        texts=tuple("abcd"),
        labels=tuple(TRUE),
        phenomena=("idiom", "neutral", "neutral", "idiom"),
    )
    found = {s.phenomenon: s for s in selective_by_phenomenon(SHARES, rows, 0.65)}
    assert (found[""].sure, found[""].wrong) == (4, 2)
    assert (found["idiom"].sure, found["idiom"].wrong) == (2, 1)
    assert (found["neutral"].sure, found["neutral"].wrong) == (2, 1)


def test_coverage_falls_and_the_threshold_leaves_few_errors():
    random = np.random.default_rng(0)
    sure = random.uniform(0.3, 1.0, 5_000)
    shares = np.zeros((5_000, 6))
    shares[:, 0], shares[:, 1] = sure, 1 - sure
    right = random.random(5_000) < sure**0.3  # a confidence of .94 is right 98 in 100
    labels = np.where(right == (sure >= 0.5), 0, 1)
    curve = coverage_curve(shares, labels, [0.5, 0.7, 0.9])
    assert list(curve.coverage) == sorted(curve.coverage, reverse=True)
    threshold = choose_sure(shares, labels)
    assert 0.6 < threshold < NEVER
    assert coverage_curve(shares, labels, [threshold]).error[0] <= MAX_ERROR


def test_no_threshold_is_chosen_if_the_most_confident_answers_are_wrong():
    shares = np.tile([0.999, 0.001, 0, 0, 0, 0], (50, 1))
    assert choose_sure(shares, np.ones(50, int)) == NEVER
    assert not is_sure(np.array([1.0, 0.0]), NEVER)


def answers_of_a_model(random, rows, accuracy):
    """Shares of two classes and of none, and labels: the more confident, the better."""
    confidence = random.uniform(0.5, 1.0, rows)
    right = random.random(rows) < accuracy + 0.3 * (confidence - 0.75)
    shares = np.column_stack([confidence, 1 - confidence, np.zeros(rows)])
    return shares, np.where(right, 0, 1)


@pytest.mark.parametrize(("rows", "accuracy"), [(24, 0.7), (64, 0.75), (400, 0.72)])
def test_the_bound_of_sure_answers_is_broken_in_at_most_a_twentieth(rows, accuracy):
    random, broken, trials = np.random.default_rng(0), 0, 600
    for _ in range(trials):
        threshold = choose_sure(*answers_of_a_model(random, rows, accuracy))
        if threshold < NEVER:
            new, labels = answers_of_a_model(random, 4_000, accuracy)
            broken += selective(new, labels, threshold).error.value > MAX_BOUND
    assert broken <= 0.05 * trials + 2 * np.sqrt(0.05 * 0.95 * trials)


def test_a_good_model_of_few_sentences_has_sure_answers():
    random = np.random.default_rng(1)
    thresholds = [choose_sure(*answers_of_a_model(random, 32, 0.9)) for _ in range(200)]
    assert np.mean(np.array(thresholds) < NEVER) > 0.4


def test_equal_confidences_are_sure_together_or_not_at_all():
    shares = np.tile([0.9, 0.1, 0.0], (40, 1))
    labels = np.repeat([0, 1], [20, 20])
    assert choose_sure(shares, labels) == NEVER
    assert choose_sure(shares, np.zeros(40, int)) == 0.9


def test_an_answer_of_none_has_no_label_and_a_name():
    answer = answer_of([0.02, 0.0, 0.0, 0.03, 0.0, 0.95])
    assert (answer.label, answer.name, answer.emoji) == (None, "none", "")
    assert answer.sure
    assert answer.confidence == answer.none == 0.95
    assert answer.second == 3
    np.testing.assert_allclose(answer.probabilities, [0.4, 0, 0, 0.6, 0])
    np.testing.assert_allclose(answer.shares.sum(), 1)


def test_two_classes_that_are_close_are_mixed_feelings():
    answer = answer_of([0.0, 0.0, 0.5, 0.44, 0.0, 0.06])
    assert (answer.name, answer.second_name) == ("smile", "sad")
    assert answer.mixed
    assert not answer.sure
    assert not answer_of([0.0, 0.0, 0.5, 0.06, 0.0, 0.44]).mixed  # smile or none
    assert not answer_of([0.0, 0.0, 0.93, 0.06, 0.0, 0.01]).mixed  # sure
    assert not answer_of([0.2, 0.2, 0.25, 0.2, 0.1, 0.05]).mixed  # neither of two
    assert not answer_of([0.0, 0.0, 0.85, 0.1, 0.0, 0.05]).mixed  # not close


def test_test_sentences_that_are_none_evaluate_coverage_and_error():
    rows = Rows.of([("we won a silver cup", 1), ("the cup is on the shelf", NONE)])
    learned = Rows.of([("We won the cup!", 1)])  # a training sentence
    data = shipped().replace_test(rows + learned)
    assert data.mixed == data.test == rows
    assert shipped().replace_test(rows.of_classes).mixed == shipped().mixed


REPRODUCED = {
    "water boils at 100 degrees": {"none"},
    "ok": {"none"},
    "the meeting is at three": {"none"},
    "could be worse": {"smile", "none"},
    "it could be worse": {"smile", "none"},
}


@pytest.mark.parametrize("text", REPRODUCED)
def test_reported_wrong_answers_are_right_or_not_sure(text):
    answer = load().answer([text])[0]
    assert answer.name in REPRODUCED[text] or not answer.sure


def test_a_file_of_the_five_and_none_is_one_of_the_five():
    five = "".join(f"we won again {n},ball\nso sad {n},sad\n" for n in range(8))
    data = read_own(f"text,label\n{five}the shop opens at ten,none\n".encode(), "mine")
    assert data.labels == LABELS
    assert len(data.learned) == 16
    assert data.learned_none.texts == ("the shop opens at ten",)
    own = read_own(five.replace("sad\n", "none\n").replace("ball", "cup").encode(), "x")
    assert [label.name for label in own.labels] == ["cup", "none"]


def test_a_curve_counts_coverage_and_error_at_each_threshold():
    thresholds = [0.5, 0.9, 0.998, 0.9999]
    curve = coverage_curve(SHARES, TRUE, thresholds)
    assert curve.threshold.tolist() == thresholds
    assert curve.coverage.tolist() == [1.0, 0.75, 0.5, 0.0]
    assert curve.error.tolist() == [0.5, 1 / 3, 0.5, 0.0]
    one = coverage_curve(SHARES[[0, 3]], np.array([1, 4]), [0.9])
    assert (one.coverage.tolist(), one.error.tolist()) == ([0.5], [1.0])
    assert curve.at(0.0) == (1.0, 0.5)
    assert curve.at(0.94) == curve.at(0.9) == (0.75, 1 / 3)
    assert curve.at(1.0) == (0.0, 0.0)


def test_without_rows_of_none_only_the_classes_are_judged():
    shares, targets = to_judge(SHARES, TRUE)
    assert shares is SHARES
    assert targets.tolist() == [0, 2, 5, 4]  # none is the last output
    classes, targets = to_judge(SHARES[[0, 2]], np.array([0, 3]))
    np.testing.assert_allclose(classes, [[0.999, 0.001, 0, 0, 0], [0, 0, 0, 1, 0]])
    assert targets.tolist() == [0, 3]
    found = all_metrics(SHARES, TRUE)
    assert found["accuracy"] == 0.5
    assert found["macro_f1"] == pytest.approx(macro_f1(SHARES, np.array([0, 2, 5, 4])))
    assert found["ece"] == pytest.approx(ece(SHARES, np.array([0, 2, 5, 4])))
    assert all_metrics(SHARES[[0, 2]], np.array([0, 3])) == {
        "accuracy": 1.0,
        "macro_f1": macro_f1(classes, np.array([0, 3])),
        "ece": ece(SHARES[[0, 2]], np.array([0, 3])),  # as the page shows it
    }


def sure_from(*right, highest=0.99):
    """The threshold by answers in order of their confidence, which falls by .0001."""
    confidence = highest - 0.0001 * np.arange(len(right))
    shares = np.column_stack([confidence, 1 - confidence, np.zeros(len(right))])
    found = choose_sure(shares, np.where(right, 0, 1))
    return found if found == NEVER else round((highest - found) / 0.0001)


def test_a_threshold_needs_fourteen_answers_and_at_most_a_25th_of_them_wrong():
    right, wrong = (True,), (False,)
    assert sure_from(*13 * right) == NEVER
    assert sure_from(*14 * right) == 13
    assert sure_from(*24 * right, *wrong) == 24
    assert sure_from(*30 * right, *wrong, *29 * right) == 59
    assert sure_from(*20 * right, *4 * wrong) == 19


def test_no_threshold_is_tried_after_one_that_failed():
    early = (False,) * 6 + (True,) * 400
    assert sure_from(*early) == NEVER  # though 6 of 406 wrong would do


def test_answers_that_are_certain_can_be_the_threshold():
    certain = np.tile([1.0, 0.0, 0.0], (20, 1))
    assert choose_sure(certain, np.zeros(20, int)) == 1.0
