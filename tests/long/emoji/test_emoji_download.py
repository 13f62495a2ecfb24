"""The downloaded model answers as the page does, without this project."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from core.emoji import TASK, Config
from core.emoji.download import FIRST_WORD, WORDS, model_archive
from core.emoji.own_classes import starter
from core.emoji.pretrained import load
from core.emoji.teaching import teach
from core.emoji.text.rows import Rows
from core.emoji.text.tokens import tokenize
from core.emoji.vectors.own import OwnVectors
from core.training import finish
from tests.core.downloads import run_alone, unpack_into
from tests.core.emoji.helpers import MODELS, few, rank, trained, training_of
from tests.driver.core.lazy import keras

TEXTS = [
    "I love you",
    "Let us play football tomorrow",
    "what a wonderful day",
    "he is sad and tired",
    "I want a pizza",
    "i'm not hungry",
    "cant wait!!!",
    "sooooo happyyyy :-)",
    "<3 <3",
    "🍕⚽",
    "#HappyBirthday @anna",
    "deliscious diner",
    "café, jalapéño",
    "see https://example.org",
    "asdfghjkl",
    "asdfghjkl and you",
    "",
    "…",
    "2-1 at 7:30",
    "never " * 50,
]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The model that ships, unpacked: its folder, and its files."""
    folder = tmp_path_factory.mktemp("model")
    return folder, unpack_into(folder, model_archive(load("best")))


def test_the_script_answers_as_the_page_does(shipped):
    folder, files = shipped
    assert files == {
        "model.keras",
        "vocabulary.json",
        "answer.py",
        "README.txt",
        "core/__init__.py",
        "core/emoji/text/tokens.py",
        "core/emoji/text/spelling.py",
    }
    printed = run_alone(folder, "answer.py", *TEXTS).splitlines()
    for line, ours in zip(printed, load("best").answer(TEXTS), strict=True):
        theirs = json.loads(line)
        assert theirs["text"] == ours.text
        assert (theirs["label"] or "", theirs["emoji"] or "") == (ours.name, ours.emoji)
        assert theirs["confidence"] == pytest.approx(ours.confidence, abs=2e-6)
        assert (theirs["sure"], theirs["unknown"]) == (ours.sure, ours.unknown)


def answers_of(folder, texts):
    """What the model in a folder answers (texts, outputs)."""
    vocabulary = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    rows = {word: row for row, word in enumerate(vocabulary["words"])}
    model = keras.saving.load_model(folder / "model.keras")
    answers = []
    for text in texts:
        words = [token.word for token in tokenize(text, rows.get).tokens]
        ids = [rows[word] + FIRST_WORD if word else 1 for word in words] or [1]
        ids += [0] * (vocabulary["length"] - len(ids))
        answers.append(np.array(model(np.array([ids])))[0])
    return np.array(answers)


def assert_same(result, folder, texts):
    unpack_into(folder, model_archive(result))
    ours = result.model.predict_shares(texts)
    if not result.detects_none:
        ours = ours[:, :-1]
    assert np.ptp(ours) > 0.01
    np.testing.assert_allclose(answers_of(folder, texts), ours, atol=2e-6)


@pytest.mark.parametrize("kind", MODELS)
def test_the_file_has_the_networks_of_every_kind(kind, tmp_path):
    texts = ["I love you so much", "asdfghjkl"]
    # Calibration makes the answers of so small a model nearly alike.
    result = replace(training_of(kind)[0], temperature=0.7)
    assert_same(result, tmp_path, texts)


def test_no_two_layers_of_the_file_can_become_one(tmp_path):
    """Keras finds a layer again by its address, which a new one may have by chance."""
    config = MODELS["everything"]
    unpack_into(tmp_path, model_archive(training_of("everything")[0]))
    with zipfile.ZipFile(tmp_path / "model.keras") as file:
        layers = json.loads(file.read("config.json"))["config"]["layers"]
    both = [each["config"] for each in layers if each["class_name"] == "Bidirectional"]
    numbers = {each["layer"]["shared_object_id"] for each in both}
    assert len(numbers) == len(both) == config.networks * config.layers > 1


@pytest.mark.parametrize("kind", ["best", "everything", "small"])
def test_the_file_of_a_taught_model_has_what_it_was_taught(kind, tmp_path):
    before = load("best") if kind == "best" else training_of(kind)[0]
    taught = Rows.of([("the train leaves at nine", 1), ("my tea is cold", 4)])
    once = finish(TASK.train(before.config, teach(before, taught.take([0]))))
    after = finish(TASK.train(before.config, teach(once, taught)))
    assert_same(after, tmp_path, [*taught.texts, "the train leaves at ten", ""])
    assert after.answer(taught.texts)[1].label == 4


def test_the_file_of_own_classes_answers_with_them(tmp_path):
    result = trained(Config.preset("small"), starter("yes_no_maybe"))
    assert_same(result, tmp_path, ["it never rained", "perhaps", "asdfghjkl", ""])
    vocabulary = json.loads((tmp_path / "vocabulary.json").read_text("utf-8"))
    assert vocabulary["labels"] == [label.name for label in result.labels]


def test_all_words_of_own_vectors_are_in_the_file(tmp_path):
    words = ("love", "food", "love", "ball")
    table = OwnVectors("mine", words, np.eye(4, 10, dtype=np.float32))
    config = replace(MODELS["best"], vectors="own")
    result = trained(config, replace(few(), own_vectors=table))
    assert_same(result, tmp_path, ["love food", "ball"])
    vocabulary = json.loads((tmp_path / "vocabulary.json").read_text("utf-8"))
    assert vocabulary["words"] == ["love", "food", "ball"]


def test_the_words_are_the_frequent_ones_and_the_learned_ones_by_rank(shipped):
    folder, _ = shipped
    vocabulary = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    frequent, learned = vocabulary["words"][:WORDS], vocabulary["words"][WORDS:]
    assert [rank(word) for word in frequent[::500]] == list(range(0, WORDS, 500))
    ranks = [rank(word) for word in learned]
    assert ranks == sorted(ranks)
    assert set(load("best").words) <= set(vocabulary["words"])
