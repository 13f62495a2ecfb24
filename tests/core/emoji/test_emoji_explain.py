"""Answers and explanations by the models that ship."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emoji import figures
from core.emoji.judging.explain import NearestNeighbours, explain, shuffle_words
from core.emoji.judging.metrics import calibration, confusion, scorecard
from core.emoji.labels import LABELS, NONE
from core.emoji.model.answering import answers_csv
from core.emoji.pretrained import FILE, MAX_BYTES, load
from core.emoji.text.rows import read_csv
from core.emoji.text.tokens import MAX_WORDS
from core.task import UserError
from tests.driver.core.emoji_tokens import TOKENIZED

TEXT = "I am not hungry at all"
models = pytest.mark.parametrize("kind", ["best", "v1"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I love you so much", "heart"),
        ("we won the football match", "ball"),
        ("this is wonderful news!", "smile"),
        ("I feel terrible today", "sad"),
        ("let's have pizza for dinner", "food"),
    ],
)
def test_plain_sentences_are_answered_and_sure(text, name):
    answer = load().answer([text])[0]
    assert (answer.name, answer.sure) == (name, True)
    assert answer.emoji == LABELS[answer.label].emoji
    assert answer.confidence == pytest.approx(answer.shares.max())


@models
def test_every_text_of_the_tokenizers_test_is_answered(kind):
    for answer in load(kind).answer(list(TOKENIZED)):
        assert answer.probabilities.sum() == pytest.approx(1.0)
        assert (answer.label is None) == (not answer.tokens or answer.is_none)


def test_empty_text_has_no_emoji_and_says_so():
    for answer in load().answer(["", "   ", "\u200b"]):
        assert (answer.label, answer.emoji, answer.confidence) == (None, "", 0.0)
        assert (answer.name, answer.second, answer.is_none) == ("", None, False)
        assert not answer.sure
        assert "no words in it" in answer.notices[0]


def test_a_text_of_unknown_words_is_never_sure():
    answer = load().answer(["asdfghjkl qwxzv"])[0]
    assert not answer.sure
    assert "only a guess" in answer.notices[0]
    assert answer.unknown == ["asdfghjkl", "qwxzv"]


ANY_CHARACTER = st.characters(exclude_categories=())  # lone surrogates as well
ANY_TEXT = st.text(ANY_CHARACTER, max_size=40)


@given(st.lists(ANY_TEXT, min_size=20, max_size=20))
def test_any_unicode_at_all_is_read_and_answered(texts):
    for answer in load().answer(texts):
        assert len(answer.tokens) <= MAX_WORDS
        assert all(token.text or token.word for token in answer.tokenized.tokens)
        assert np.isfinite(answer.probabilities).all()
        assert answer.probabilities.sum() == pytest.approx(1.0)


@models
def test_batched_answers_equal_single_answers(kind):
    texts = [TEXT, "food", "a much longer sentence than the others are, I think", ""]
    together = load(kind).answer(texts)
    for text, answer in zip(texts, together, strict=True):
        alone = load(kind).answer([text])[0]
        np.testing.assert_allclose(alone.probabilities, answer.probabilities, atol=1e-6)


def test_the_answers_as_csv_are_read_again_with_their_labels():
    answers = load().answer(["I love you", "=food now", "the train leaves at nine"])
    rows = read_csv(answers_csv(answers).encode())
    assert list(rows.texts) == [answer.text for answer in answers]
    assert list(rows.labels) == [answer.index for answer in answers]
    assert rows.labels[-1] == NONE


@models
def test_importance_is_what_is_lost_without_each_word(kind):
    model = load(kind).model
    found = explain(model, TEXT)
    whole = found.after[-1]
    label = int(whole.argmax())
    without = model.predict(["am not hungry at all", "I am hungry at all"])[:, label]
    assert found.tokens == ("i", "am", "not", "hungry", "at", "all")
    np.testing.assert_allclose(
        found.importance[[0, 2]], whole[label] - without, atol=1e-6
    )


@models
def test_the_probability_after_each_word_is_that_of_the_words_so_far(kind):
    model = load(kind).model
    found = explain(model, TEXT)
    wanted = model.predict([" ".join(TEXT.split()[: n + 1]) for n in range(6)])
    np.testing.assert_allclose(found.after, wanted, atol=1e-6)


@pytest.mark.parametrize("text", ["", "hungry", "asdfghjkl", "😭"])
def test_very_short_texts_are_explained_too(text):
    found = explain(load().model, text)
    words = len(load().model.tokenize(text).tokens)
    assert found.importance.shape == (words,)
    assert found.after.shape == (words, 5)


def test_the_nearest_training_sentence_of_a_training_sentence_is_itself():
    rows = load().data.learned.take(range(400))
    near, text = NearestNeighbours(load().model, rows), rows.texts[5]
    found = near.nearest(text, 3)
    assert found[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert text in [item.text for item in found]
    assert found[0].similarity >= found[1].similarity >= found[2].similarity
    assert near.nearest("") == []


def test_the_mean_of_words_does_not_care_about_their_order():
    shuffled = shuffle_words(load("v1").model, TEXT)
    assert shuffled.same_answer == 1.0
    assert np.ptp(shuffled.probabilities, axis=0).max() < 1e-6
    ordered = shuffle_words(load().model, TEXT)
    assert np.ptp(ordered.probabilities, axis=0).max() > 0.01
    assert sorted(ordered.texts[0].split()) == sorted(TEXT.lower().split())
    assert TEXT.lower() not in ordered.texts


@pytest.mark.parametrize("text", ["", "hungry", "no no no"])
def test_a_text_with_a_single_word_order_is_not_shuffled(text):
    assert shuffle_words(load().model, text) is None


def test_the_bundled_model_is_small_and_other_models_must_be_trained_first():
    assert FILE.stat().st_size <= MAX_BYTES
    with pytest.raises(UserError, match="Train it first"):
        load("v2")


def test_figures_hold_the_values_they_are_given():
    result = load()
    found = explain(result.model, TEXT)
    bars = figures.class_bars(found.after[-1], result.threshold)
    assert sorted(bars.data[0].x) == sorted(found.after[-1])
    assert bars.data[0].x[-1] == found.after[-1].max()
    words = figures.importance(found)
    np.testing.assert_array_equal(words.data[0].y, found.importance)
    lines = figures.after_each_word(found)
    np.testing.assert_array_equal(lines.data[4].y, found.after[:, 4])


def test_figures_of_a_judgement_hold_its_values_and_say_them():
    rows, answers = load().rows("development"), load().probabilities["development"]
    counts = confusion(answers, rows.targets)
    drawn = figures.confusion(counts)
    np.testing.assert_array_equal(drawn.figure.data[0].text, counts)
    assert f"heart {counts[0, 0]} of" in drawn.alt
    found = calibration(answers, rows.targets)
    drawn = figures.reliability(found)
    np.testing.assert_array_equal(drawn.figure.data[2].y, found.accuracy)
    assert f"{found.ece_by_chance:.3f}" in drawn.alt
    scores = scorecard(answers, rows)
    drawn = figures.scorecard(scores, scores)
    assert list(drawn.figure.data[1].x) == [score.interval.value for score in scores]
    assert scores[0].phenomenon in drawn.alt
