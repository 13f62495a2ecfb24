"""Teaching: a trained model learns a few sentences in seconds, and keeps the rest."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from core.emoji import TASK, Config, Result
from core.emoji.flips import flips, measured, shipped_noise
from core.emoji.labels import NONE
from core.emoji.pretrained import load
from core.emoji.report import introduction
from core.emoji.result import gain
from core.emoji.teaching import MOST_EPOCHS, MOST_TAUGHT, model_before, teach
from core.emoji.text.corpus import FOLDER, Sentences
from core.emoji.text.rows import Rows
from core.registry import get_task
from core.task import DataError
from tests.core.emoji.helpers import MODELS, end_of, few, trained, training_of
from tests.driver.core.emoji_sentences import (
    FILES,
    rows,
    runs_of_four,
    shared_words,
    words,
)


def pool():
    with (FOLDER / "teach_pool.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answers(result, texts):
    labels = [answer.label for answer in result.answer(texts)]
    return np.array([NONE if label is None else label for label in labels])


@pytest.fixture(scope="module")
def wrong():
    """Five sentences that the model that ships has wrong."""
    texts = [row["text"] for row in pool()]
    labels = np.array([int(row["label"]) for row in pool()])
    chosen = np.flatnonzero(answers(load(), texts) != labels)
    some = chosen[:: len(chosen) // 5][:5]
    return Rows.of((texts[n], int(labels[n])) for n in some)


@pytest.fixture(scope="module")
def lesson(wrong):
    """A lesson of these five: its result, metrics and states."""
    return end_of(TASK.train(load().config, teach(load(), wrong)))


@pytest.fixture(scope="module")
def taught(lesson):
    return lesson[0]


def test_taught_sentences_are_learned_and_few_other_answers_change(taught, wrong):
    found = flips(load(), taught)
    assert len(found.learned) >= 4
    assert len(found.learned) + len(found.missed) == 5
    development = load().data.development
    assert (found.held_out, found.rows) == ("development", len(development))
    before = load().answer(development.texts)
    right = np.equal([each.label for each in before], development.targets)
    assert found.right_before == right.sum() > 400
    assert len(found.forgotten) <= 0.01 * right.sum()
    assert taught.config == load().config
    assert taught.data.taught == wrong


def test_a_sentence_that_is_unlike_all_taught_ones_keeps_its_scores(taught):
    features = load().model.ensemble.features(
        load().model.vectors_of(load().data.development.texts)
    )
    memory = taught.model.ensemble.memory(0)
    near = memory.nearness(features[0]).max(axis=1)
    moved = taught.model.ensemble.logits(features) - load().model.ensemble.logits(
        features
    )
    most = np.abs(moved[0]).max(axis=1)
    assert (most <= near * np.abs(memory.changes).sum() + 1e-6).all()
    assert np.mean(most < 0.1) > 0.5  # no answer is this close to another
    # A sentence is nearest to itself.
    features = load().model.ensemble.features(
        load().model.vectors_of(taught.data.taught.texts)
    )
    np.testing.assert_allclose(np.diag(memory.nearness(features[0])), 1, atol=1e-5)


def test_flips_are_told_apart_by_what_was_right():
    """Of similar sentences is taught right what was wrong, and wrong what was right."""
    before, development = load(), load().data.development
    was_right = answers(before, development.texts) == development.targets
    mend, spoil = np.flatnonzero(~was_right)[:3], np.flatnonzero(was_right)[:2]
    labels = {n: int(development.targets[n]) for n in mend}
    labels |= {n: (int(development.targets[n]) + 1) % 5 for n in spoil}
    similar = Rows.of((f"{development.texts[n]} today", labels[n]) for n in labels)
    taught = end_of(TASK.train(before.config, teach(before, similar)))[0]
    found = flips(before, taught)
    assert min(map(len, (found.learned, found.mended, found.forgotten))) > 0
    for flip in found.learned:
        assert answers(taught, [flip.text]) == [flip.label]
    for flip in found.mended:
        assert answers(before, [flip.text]) != [flip.label]
        assert answers(taught, [flip.text]) == [flip.label]
        assert flip.text in before.data.development.texts
    for flip in found.forgotten:
        assert answers(before, [flip.text]) == [flip.label]
        assert answers(taught, [flip.text]) != [flip.label]
    back = flips(taught, before)  # the way back forgets what was mended
    assert {f.text for f in back.forgotten} == {f.text for f in found.mended}


def test_a_sentence_taught_earlier_can_be_forgotten(wrong):
    first = end_of(TASK.train(load().config, teach(load(), wrong.take([0]))))[0]
    assert answers(first, wrong.texts[:1]) == wrong.targets[0]
    both = replace(load(), data=replace(first.data, taught=wrong.take([0])))
    lost = flips(first, both).forgotten
    assert wrong.texts[0] in [flip.text for flip in lost]


@pytest.mark.parametrize("model", MODELS)
def test_a_model_of_every_kind_can_be_taught(model):
    before = training_of(model)[0]
    texts = ("the train leaves at nine", "qzxvk bloop")
    rows = Rows.of(
        (text, (label + 1) % 5)
        for text, label in zip(texts, answers(before, texts), strict=True)
    )
    after, metrics, _ = end_of(TASK.train(before.config, teach(before, rows)))
    assert list(answers(after, texts)) == list(rows.labels)
    assert metrics[-1]["accuracy"] == 1.0
    assert len(after.opinions) == len(after.data.learned)


def test_earlier_taught_sentences_are_kept_when_more_are_taught(taught, wrong):
    more = Rows.of([("the train leaves at nine", 0)])
    after = end_of(TASK.train(taught.config, teach(taught, wrong + more, "run")))[0]
    assert list(answers(after, wrong.texts + more.texts)) == [*wrong.labels, 0]
    assert after.data.base_run == "run"


def test_a_taught_sentence_leaves_every_set_that_judges():
    before, data = load(), load().data
    rows = Rows.of(
        (text.upper() + "!", int(label or 0))
        for name in ("test", "challenge", "development", "mixed")
        for text, label in zip(getattr(data, name).texts[:1], [0], strict=True)
    )
    lesson = teach(before, rows)
    for name in ("test", "challenge", "development", "mixed"):
        left, old = getattr(lesson, name), getattr(data, name)
        assert left == old.take(range(1, len(old))), name
    was = model_before(lesson)
    assert was.rows("test") == lesson.test
    np.testing.assert_array_equal(was.shares("test"), before.shares("test")[1:])
    after = end_of(TASK.train(before.config, lesson))[0]
    assert len(after.probabilities["test"]) == len(data.test) - 1
    assert gain(after, before).low <= 0.05  # on the 299 that both have


def test_an_uploaded_sentence_leaves_every_set_that_judges():
    data = load().data
    own = data.replace_train(data.test.take(range(20)) + data.train, "mine")
    assert own.test == data.test.take(range(20, len(data.test)))
    judged = own.replace_test(data.test)
    assert judged.test == own.test
    with pytest.raises(DataError, match="got only such"):
        own.replace_test(data.test.take(range(20)))


def test_the_model_before_is_there_to_return_to(taught):
    before = model_before(Result.decode(taught.encode()).data)
    texts = load().data.development.texts
    assert (before.model.predict(texts) == load().model.predict(texts)).all()
    assert not before.data.base


def test_a_taught_model_travels_as_bytes_and_its_title_counts_the_sentences(taught):
    data = TASK.decode_data(TASK.encode_data(taught.data))
    assert data == taught.data
    assert TASK.title(data) == f"{load().data.name} + 5 taught in seconds"
    again = Result.decode(taught.encode())
    texts = taught.data.taught.texts
    assert (answers(again, texts) == answers(taught, texts)).all()


def test_a_resumed_lesson_ends_as_one_that_was_never_interrupted(lesson, wrong):
    data = teach(load(), wrong)
    whole, _, states = lesson
    assert len(states) > 3
    for state in (states[2], states[-1]):
        resumed = end_of(TASK.train(load().config, data, state))[0]
        assert resumed.epochs == whole.epochs
        for name, weights in whole.weights.items():
            assert np.abs(resumed.weights[name] - weights).max() <= 1e-6


def test_sentences_that_contradict_each_other_end_as_well():
    before = training_of("v1")[0]
    rows = Rows.of([("don't go", 0), ("do n't go", 3)])  # read alike
    after = end_of(TASK.train(before.config, teach(before, rows)))[0]
    assert after.epochs == MOST_EPOCHS
    assert len(flips(before, after).missed) == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (Rows(), "at least one"),
        (Rows.of([("hello", None)]), "1 without one"),
        (Rows.of([("hello", 0), ("qzx vkwj", 1)]), "model knows, got 'qzx vkwj'"),
    ],
    ids=["nothing", "no label", "no known word"],
)
def test_unusable_taught_rows_are_refused_in_a_sentence(rows, says):
    data = replace(teach(load(), Rows.of([("hello", 0)])), taught=rows)
    with pytest.raises(DataError, match=says):
        TASK.check(load().config, data)


def test_other_settings_than_the_models_are_refused_but_for_the_seed(wrong):
    data = teach(load(), wrong)
    with pytest.raises(DataError, match="train from scratch"):
        TASK.check(replace(load().config, units=7), data)
    TASK.check(replace(load().config, seed=7), data)


def test_a_report_shows_the_loop_that_taught(taught):
    task = get_task("emoji")
    about = introduction(task, taught)
    assert about.training == "core.emoji.teaching"
    assert not about.finish  # what it was taught is not of half precision
    assert introduction(task, load()).training == "core.emoji.training"


def test_the_noise_counts_the_answers_that_another_training_changes(taught):
    none = measured(load(), load())
    assert (none.changed, none.sentences) == (0, len(load().data.development))
    some, found = measured(load(), taught), flips(load(), taught)
    assert some.became_right == len(found.mended)
    texts = set(load().data.development.texts)
    lost = [flip for flip in found.forgotten if flip.text in texts]
    assert some.became_wrong == len(lost)
    assert some.changed >= some.became_right + some.became_wrong
    bare = replace(load(), data=Sentences(name="bare", train=Rows()))
    with pytest.raises(DataError, match="Add a file"):
        measured(bare, bare)


def test_the_noise_of_the_model_that_ships_was_measured():
    noise = shipped_noise()
    assert 0 < noise.changed < noise.sentences
    assert noise.seeds[0] != noise.seeds[1]
    assert noise.origin.startswith("python -m benchmarks.emoji_teach")


def test_the_teaching_pool_shares_no_sentence_with_the_other_sets():
    assert len(pool()) == 100
    labels = [row["label"] for row in pool()]
    assert {labels.count(label) for label in "01234"} == {20}
    texts = [row[column] for row in pool() for column in ("text", "paraphrase")]
    assert len({words(text) for text in texts}) == 200
    for name in FILES:
        others = [row["text"] for row in rows(name)]
        fours = set().union(*map(runs_of_four, others))
        assert not fours & set().union(*map(runs_of_four, texts)), name
        assert shared_words(texts, others).max() < 0.6, name


def test_none_can_be_taught():
    text = "three men in a boat ate nothing but the fog"
    rows = Rows.of([(text, NONE)])
    before = load()
    assert answers(before, [text]) != [NONE]
    after, _, _ = end_of(TASK.train(before.config, teach(before, rows)))
    assert answers(after, [text]) == [NONE]
    (flip,) = flips(before, after).learned
    assert (flip.label, flip.after) == (NONE, NONE)


def test_a_model_that_never_answers_none_is_not_taught_it():
    own = few().replace_train(few().train, "mine")
    before = trained(Config.preset("v1", epochs=1), own)
    data = teach(before, Rows.of([("the train leaves at nine", NONE)]))
    with pytest.raises(DataError, match="got 'none', which this model does not answer"):
        TASK.check(before.config, data)


def test_a_contradiction_and_too_many_are_refused_in_a_sentence():
    before = load()
    twice = Rows.of([("I am livid", 3), ("i am livid!", 2)])
    with pytest.raises(DataError, match=r"livid!' in .* sad and in .* smile"):
        TASK.check(before.config, teach(before, twice))
    many = Rows.of((f"we lost {n} games", 3) for n in range(MOST_TAUGHT + 1))
    with pytest.raises(DataError, match="at most 1,000, got 1,001"):
        TASK.check(before.config, teach(before, many))
