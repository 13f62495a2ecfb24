"""Classes of a model's own: any number of them, with any name."""

import csv
import itertools

import numpy as np
import pytest

from core.emoji import Config, figures
from core.emoji.judging.explain import explain
from core.emoji.labels import Label
from core.emoji.model.answering import answers_csv
from core.emoji.result import Result
from core.emoji.text.corpus import Sentences, shipped
from core.emoji.text.rows import Rows
from tests.core.emoji.helpers import trained

TWELVE = (
    *(Label(f"class {n}") for n in range(10)),
    Label("⚽", "⚽"),
    Label("astronaut", "👩‍🚀"),
)
CONES = {  # what the eye is left with (Machado, Oliveira & Fernandes 2009)
    "all": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def some(labels, each=8):
    """A few sentences of each of the classes."""
    numbers = [number for number in range(len(labels)) for _ in range(each)]
    texts = shipped().train.texts[: len(numbers)]
    rows = Rows.of(zip(texts, numbers, strict=True))
    return Sentences(name="mine", labels=labels, train=rows)


@pytest.mark.parametrize(
    ("model", "labels"),
    [("v1", TWELVE[9:11]), ("best", TWELVE), ("small", TWELVE)],
)
def test_a_model_carries_its_own_classes_through_its_file(model, labels):
    config = Config.preset(model, units=4, epochs=1)
    result = trained(config, some(labels))
    again = Result.decode(result.encode())
    assert again.labels == again.model.labels == labels
    (answer,) = again.answer(["what a day"])
    assert answer.probabilities.shape == (len(labels),)
    assert answer.name == labels[answer.label].name
    (empty,) = again.answer([""])
    np.testing.assert_allclose(empty.probabilities, 1 / len(labels))


def test_sentences_keep_their_classes():
    data = some(TWELVE)
    assert Sentences.decode(data.encode()).labels == TWELVE


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rain", "rain"),
        ("⚽", "soccer ball"),
        ("❤️", "heavy black heart"),
        ("👩‍🚀", "woman, rocket"),
        ("🇩🇪", "flag DE"),
        ("我", "我"),
    ],
)
def test_an_emoji_is_put_into_words_for_charts_and_readers(name, words):
    assert Label(name, name).words == words


def test_a_class_is_shown_with_its_emoji_its_name_or_both():
    assert [str(label) for label in TWELVE[9:]] == ["class 9", "⚽", "👩‍🚀 astronaut"]
    assert [label.shown for label in TWELVE[9:]] == ["class 9", "⚽", "👩‍🚀"]


def test_answers_of_models_with_other_classes_stand_in_one_file():
    answers = [
        answer
        for labels in (TWELVE[9:11], TWELVE[10:])
        for answer in trained(Config.preset("v1", epochs=1), some(labels)).answer(
            ["what a day"]
        )
    ]
    first, second = csv.DictReader(answers_csv(answers).splitlines())
    classes = [name for name in first if name.startswith("p_") and name != "p_none"]
    assert classes == ["p_class 9", "p_⚽", "p_astronaut"]
    assert [name for name in classes if not first[name]] == ["p_astronaut"]
    assert [name for name in classes if not second[name]] == ["p_class 9"]


def oklab(colour, cones):
    """A colour in OKLab (Ottosson 2020), as an eye with these cones sees it."""
    srgb = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(cones) @ linear, 0, 1)
    lms = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.array(lab) @ np.cbrt(np.array(lms) @ linear)


@pytest.mark.parametrize("cones", CONES)
def test_twelve_classes_are_told_apart_by_every_eye(cones):
    """By their colours, and after the fifth by lines and marks, too."""
    assert len({figures.marks(n) for n in range(12)}) == 12
    least = min(
        float(np.linalg.norm(oklab(a, CONES[cones]) - oklab(b, CONES[cones])))
        for a, b in itertools.combinations(figures.COLOURS, 2)
    )
    assert least > (0.055 if cones == "no blue" else 0.085)


def test_figures_name_all_classes_in_words():
    result = trained(Config.preset("v1", epochs=1), some(TWELVE))
    explanation = explain(result.model, "what a day")
    last = explanation.after[-1]
    bars = figures.class_bars(last, result.threshold, labels=TWELVE)
    assert set(bars.data[0].y) == {label.words for label in TWELVE}
    assert "soccer ball" in figures.class_bars_alt(last, TWELVE)
    lines = figures.after_each_word(explanation, labels=TWELVE)
    assert len({(x.line.color, x.line.dash, x.marker.symbol) for x in lines.data}) == 12
    counts = np.eye(12, dtype=int)
    assert len(figures.confusion(counts, labels=TWELVE).figure.data[0].x) == 12
