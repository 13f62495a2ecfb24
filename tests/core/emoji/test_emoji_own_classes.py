"""A person's own classes: what is read, refused, trained, and how sure one may be."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from core.emoji import TASK, Config
from core.emoji.judging.cross_validation import (
    advice,
    cross_validation,
)
from core.emoji.labels import LABELS, NONE, Label, NewLabels
from core.emoji.model.regression import folds_of
from core.emoji.own_classes import (
    MIN_SENTENCES,
    STARTERS,
    normalised,
    own_sentences,
    read_own,
    read_pasted,
    starter,
)
from core.emoji.report import report_verdicts
from core.emoji.result import Result
from core.emoji.text.corpus import FOLDER, Sentences, shipped
from core.emoji.text.rows import Rows, read_csv
from core.emoji.vectors.glove import glove
from core.emoji.vectors.sentence_words import sentence_words
from core.stats import upper_bound, wilson
from core.task import DataError
from tests.core.emoji.helpers import end_of, trained
from tests.driver.core.emoji_sentences import shared_words

SMALL = Config.preset("small")
SUBJECTS = "the dog,a man,my aunt,our boss,this child,her friend,a cook,the band,he"
SUBJECTS = SUBJECTS.split(",")
CLASSES = {
    "⚽ sport": "{} kicked a ball into the net",
    "🏳️‍🌈": "{} waved a coloured flag",
    "🇩🇪": "{} went to Berlin by train",
    "soup": "{} ate a bowl of hot soup",
}


def file(classes=None, each=MIN_SENTENCES):
    """A CSV of some sentences of each class."""
    lines = [
        f"{sentence.format(subject)},{label}"
        for label, sentence in (classes or CLASSES).items()
        for subject in SUBJECTS[:each]
    ]
    return "\n".join(["text,label", *lines]).encode()


def test_a_file_may_name_classes_by_words_emojis_and_both():
    data = read_own(file(), "mine")
    assert data.labels == (
        Label("sport", "⚽"),
        Label("🏳️‍🌈", "🏳️‍🌈"),
        Label("🇩🇪", "🇩🇪"),
        Label("soup"),
    )
    assert np.bincount(data.train.targets).tolist() == [MIN_SENTENCES] * 4
    without = b"\n".join(file().splitlines()[1:])
    assert read_own(without, "mine") == data


def test_a_file_of_the_five_emojis_is_of_the_five_emojis():
    content = b"text,label\na,food\nb,3\nc,heart\n".replace(b"3", b"sad")
    data = read_own(content, "mine")
    assert data.labels == LABELS
    assert data.train.labels == (4, 3, 0)
    assert read_own(b"text,label\na,1\nb,4\n", "mine").train.labels == (1, 4)


@pytest.mark.parametrize("names", ["01", ("good", "bad"), ("positive", "negative")])
def test_names_similar_to_the_five_emojis_are_own_classes(names):
    rows = "".join(f"{name} {n},{name}\n" for name in names for n in "abcdefgh")
    data = read_own(f"text,label\n{rows}".encode(), "mine")
    assert [label.name for label in data.labels] == list(names)


def test_a_class_is_one_with_and_without_its_emoji():
    found = NewLabels()
    cells = ["Rain", "☔ rain", "⚽", "rain", "❤️"]
    assert [found.parse(cell, "Row 1") for cell in cells] == [0, 0, 1, 0, 2]
    assert found.labels == (Label("rain", "☔"), Label("⚽", "⚽"), LABELS[0])


def test_lines_of_a_label_a_tab_and_a_sentence_are_read():
    labels = NewLabels()
    rows = read_pasted("rain\tit pours\n\nsun\thot, dry\nrain\twet again\n", labels)
    assert rows == Rows.of([("it pours", 0), ("hot, dry", 1), ("wet again", 0)])
    assert labels.labels == (Label("rain"), Label("sun"))
    for bad in ("rain it pours", "rain\t", "\tit pours"):
        with pytest.raises(DataError, match="Line 2: expected a label, a tab"):
            read_pasted(f"sun\thot\n{bad}", NewLabels())
    with pytest.raises(DataError, match="got none"):
        read_pasted(" \n", NewLabels())


SENTENCE = next(iter(CLASSES.values()))
BAD = {
    "nothing": (Rows(), (), "got none"),
    "too few": (None, {"a": SENTENCE, "b": "{} x"}, "got 7 of b"),
    "one class": (None, {"only": SENTENCE}, "2 to 12 classes, got only only"),
    "thirteen": (
        None,
        {f"c{n}": f"{{}} {n}" for n in range(13)},
        "classes, got 13: c0",
    ),
    "contradiction": (
        None,
        {"a": SENTENCE, "b": SENTENCE},
        "'the dog kicked a ball into the net' in a and in b",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_unusable_own_classes_are_refused_with_a_remedy(case):
    rows, classes, said = BAD[case]
    if rows is None:
        content = file(classes)
        if case == "too few":
            content = content[: content.rindex(b"\n")]
        with pytest.raises(DataError, match=said) as caught:
            read_own(content, "mine")
    else:
        with pytest.raises(DataError, match=said) as caught:
            own_sentences("mine", rows, classes)
    assert str(caught.value).startswith("Expected ")
    assert str(caught.value).endswith(".")


def test_a_class_without_a_name_or_with_a_long_one_is_refused():
    for name in ("", "x" * 25):
        with pytest.raises(DataError, match="Class 1: expected a class of 1 to 24"):
            NewLabels().parse(name, "Class 1")


def test_a_sentence_that_is_repeated_counts_once():
    content = file() + b"\nThe DOG kicked a ball into the net!,sport"
    assert read_own(content, "mine") == read_own(file(), "mine")
    few = file(each=MIN_SENTENCES - 1) + b"\nThe DOG ate a bowl of hot soup!,soup"
    with pytest.raises(DataError, match="7 of soup"):
        read_own(few, "mine")


def test_a_run_is_checked_before_it_starts():
    data = read_own(file(), "mine")
    TASK.check(SMALL, data)
    with pytest.raises(DataError, match="at least 8 different"):
        TASK.check(SMALL, replace(data, train=data.train.take(range(20))))


def held_out(name):
    content = (FOLDER / "held_out" / f"{name}.csv").read_bytes()
    return read_csv(content, labels=starter(name).labels)


HELD_OUT = {
    "topics": "72fb1dd71cc7d67b",
    "weather": "90e641c4208cf973",
    "support_tickets": "4ccdf06deca98b73",
    "mood_at_work": "61f90d5587645906",
    "film_reviews": "f18d0256c152f587",
    "yes_no_maybe": "7f93a62a79007b78",
    "urgency": "ff1430d89951cce0",
}


@pytest.mark.parametrize("name", STARTERS)
def test_held_out_sentences_of_starter_sets_are_balanced_and_unchanged(name):
    content = (FOLDER / "held_out" / f"{name}.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest()[:16] == HELD_OUT[name]
    counts = np.bincount(held_out(name).targets)
    assert counts.min() == counts.max() == 20
    learned = set(map(normalised, starter(name).train.texts))
    assert not learned & set(map(normalised, held_out(name).texts))


def test_the_starter_sets_are_large_balanced_and_share_no_sentence():
    seen = set()
    for name in STARTERS:
        data = starter(name)
        assert len(data.train) >= 180
        counts = np.bincount(data.train.targets)
        assert counts.min() == counts.max()
        assert all(label.emoji and label.emoji != label.name for label in data.labels)
        lengths = [len(text.split()) for text in data.train.texts]
        assert min(lengths) <= 3
        assert max(lengths) >= 8
        for text in data.train.texts:
            assert normalised(text) not in seen, text
            seen.add(normalised(text))


def test_sentences_of_starter_sets_are_not_variations_of_each_other():
    texts = [
        text
        for name in STARTERS
        for text in map(normalised, starter(name).train.texts + held_out(name).texts)
        if len(set(text.split())) > 4
    ]
    alike = np.triu(shared_words(texts, texts), 1)
    pairs = np.argwhere(alike >= 0.6)
    assert not len(pairs), [(texts[one], texts[other]) for one, other in pairs]


def test_the_small_model_learns_from_eight_sentences_and_says_how_sure():
    data = read_own(file(), "mine")
    result, metrics, _ = end_of(TASK.train(SMALL, data))
    answers = result.answer(["she kicked the ball", "soup please", "a train to Berlin"])
    assert [answer.emoji for answer in answers] == ["⚽", "soup", "🇩🇪"]
    found = result.cross_validation
    assert found.rows == 4 * MIN_SENTENCES
    assert found.ours.low < found.ours.value <= found.ours.high <= 1
    assert found.chance == 0.25
    assert metrics[-1]["val_accuracy"] == pytest.approx(found.ours.value)
    assert metrics[-1]["val_loss"] <= metrics[0]["val_loss"]
    again = Result.decode(result.encode())
    assert again.cross_validation == found
    assert again.answer(["soup"])[0].probabilities == pytest.approx(
        result.answer(["soup"])[0].probabilities
    )
    assert "right in cross-validation" in TASK.headline(result.summary())
    (verdict,) = report_verdicts(result)
    assert f"Of 32 sentences, {found.right} get their class" in verdict


def test_the_small_model_reads_the_vectors_of_a_sentence_encoder():
    model = trained(SMALL, starter("weather")).model
    rows = [glove().row(word) for word in ("snow", "rain", "money", "payment")]
    vectors = sentence_words().take(rows)
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(lengths, 1, atol=0.02)
    cosine = vectors @ vectors.T / np.outer(lengths, lengths)
    assert min(cosine[0, 1], cosine[2, 3]) > cosine[:2, 2:].max() + 0.1
    (seen,) = model.vectors_of(["snow"])
    unit = vectors[:1] / lengths[0]
    np.testing.assert_allclose(seen / np.linalg.norm(seen), unit, rtol=1e-4)


def test_words_without_a_sentence_vector_are_left_out_of_the_mean():
    table = sentence_words()
    rare = next(n for n in range(390_000, 400_000) if not table.take([n]).any())
    snow = glove().row("snow")
    np.testing.assert_array_equal(table.take([rare, snow])[1], table.take([snow])[0])


def test_a_small_model_of_an_earlier_version_reads_glove_as_it_comes():
    data = starter("weather")
    earlier = replace(trained(SMALL, data), sentence_words=False, weights={})
    again = Result.decode(earlier.encode())
    (vector,) = again.model.vectors_of(["snow"])
    (plain,) = again.plain_model.vectors_of(["snow"])
    scaled = plain / np.linalg.norm(plain) * np.linalg.norm(vector)
    np.testing.assert_allclose(vector, scaled, rtol=1e-5)


def test_folds_are_answered_by_models_that_had_not_seen_them():
    """Sentences that say nothing about their class are answered by chance."""
    random = np.random.default_rng(0)
    words = shipped().train.texts[:400]
    labels = random.integers(2, size=400)
    data = own_sentences(
        "noise",
        Rows.of(zip(words, labels.tolist(), strict=True)),
        (Label("a"), Label("b")),
    )
    found = trained(SMALL, data).cross_validation
    assert found.ours.low < 0.55
    assert found.ours.high > 0.45
    folds = folds_of(data.train.targets)
    for label in (0, 1):
        assert np.ptp(np.bincount(folds[data.train.targets == label])) <= 1


def test_a_resumed_small_model_is_the_same():
    data = read_own(file(), "mine")
    whole, _, states = end_of(TASK.train(SMALL, data))
    resumed, _, _ = end_of(TASK.train(SMALL, data, states[len(states) // 2]))
    np.testing.assert_allclose(resumed.folds, whole.folds, atol=1e-9)
    for name, weights in whole.weights.items():
        np.testing.assert_allclose(resumed.weights[name], weights, atol=1e-6)


def test_wilsons_interval():
    # Newcombe 1998, table I: 81 of 263, 15 of 148 and 0 of 20.
    for right, rows, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
    ):
        found = wilson(right, rows)
        assert found.value == right / rows
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_exact_upper_bound():
    # Clopper & Pearson 1934; 1 - .05^(1/35) where nothing was wrong.
    bounds = upper_bound(np.array([0, 3, 10]), np.array([35, 30, 10]))
    assert bounds == pytest.approx([0.0820, 0.2386, 1.0], abs=5e-5)


def test_a_taught_sentence_counts_as_often_as_it_is_set_to_beside_rows_of_none():
    rows = Rows.of([("a b", 0), ("c d", 0), ("e f", 1), ("g h", 1)])
    none = Rows.of((f"none {n}", NONE) for n in range(12))
    data = Sentences(
        name="mine",
        labels=(Label("a"), Label("b")),
        train=none + rows,
        taught=Rows.of([("i j", 0), ("k l", NONE)]),
    )
    weights = data.row_weights(taught=20, balanced=False)
    assert data.all_learned.texts[4] == "i j"
    np.testing.assert_allclose(weights / weights[0], [1] * 4 + [20] + [1] * 12 + [20])
    balanced = data.row_weights(taught=20, balanced=True)
    targets = data.all_learned.targets
    sums = [balanced[targets == label].sum() for label in (0, 1, NONE)]
    np.testing.assert_allclose(sums, len(balanced) / 3)


def test_advice_names_the_pair_that_is_mixed_up_with_examples():
    labels = (Label("a"), Label("b"), Label("c"))
    targets = np.repeat([0, 1, 2], 30)
    rows = Rows.of((f"sentence {n}", int(label)) for n, label in enumerate(targets))
    answers = targets.copy()
    answers[:5] = 2  # of a
    answers[60:63] = 0  # of c
    answers[30] = 0  # of b, once
    probabilities = np.eye(3)[answers] * 0.8 + 0.1
    (found,) = advice(rows, labels, probabilities)
    assert "a and c are mixed up most: 8 of their 60 sentences" in found.text
    assert {(label, answer) for _, label, answer in found.examples} == {(0, 2), (2, 0)}
    assert len(found.examples) == 3
    assert advice(rows, labels, np.eye(3)[targets]) == []


def test_advice_names_the_class_that_needs_more_most():
    labels = (Label("a"), Label("b"), Label("c"))
    targets = np.repeat([0, 1, 2], 8)
    rows = Rows.of((f"sentence {n}", int(label)) for n, label in enumerate(targets))
    answers = targets.copy()
    answers[8:11] = [0, 2, 2]
    few = advice(rows, labels, np.eye(3)[answers])[-1]
    assert "most to b: only 5 of its 8 sentences got their class" in few.text
    (few,) = advice(rows, labels, np.eye(3)[targets])
    assert "Every class has only 8 sentences. Add more to each. 20" in few.text


def test_advice_names_a_class_with_too_few_sentences_first():
    labels = (Label("a"), Label("b"))
    targets = np.repeat([0, 1], [40, 9])
    rows = Rows.of((f"sentence {n}", int(label)) for n, label in enumerate(targets))
    answers = targets.copy()
    answers[[0, 1, 45]] = [1, 1, 0]
    few, mixed = advice(rows, labels, np.eye(2)[answers])
    assert "b has only 9 sentences" in few.text
    assert "mixed up" in mixed.text
    found = cross_validation(np.eye(2)[answers], np.eye(2)[targets], targets)
    assert (found.right, found.rows, found.mean_vectors.value) == (46, 49, 1.0)
    assert found.chance == 40 / 49
