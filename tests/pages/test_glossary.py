"""The glossary: every term that a control or a chart uses."""

import dataclasses
import re
from importlib import import_module

import pytest

from core import emoji, music, stock
from core.lesson import adding, writing
from core.lesson.demo import CellDemo, SequenceDemo
from core.task import bounds_of
from pages.ui.glossary import GLOSSARY
from tests.driver.pages.app import open_page

CONFIGS = (
    writing.Config,
    adding.Config,
    CellDemo,
    SequenceDemo,
    stock.Config,
    emoji.Config,
    music.Config,
    music.Performance,
)
TERMS = re.findall(r"^\*\*(.+?)\.\*\* ", GLOSSARY, re.MULTILINE)
KNOWN = " ".join(TERMS).lower()
CHARTED = (
    "epoch, learning rate, optimizer, batch, validation set, test set, held-out data, "
    "temperature, seed, nat, perplexity, vanishing gradient, exploding gradient, "
    "influence, digits agree, clipping, gradient norm, lag, mse, nll, crps, "
    "winkler score, coverage, macro-f1, calibration error, markov chain"
)


def stems(words):
    """The beginnings of words, so that "seeds" is found in "seed"."""
    return {word[:5].removesuffix("s") for word in re.findall(r"[a-z]+", words.lower())}


def names_of(term):
    """The names in small letters: "top-k" and "top-p" of "Top-k, top-p"."""
    whole = term.lower().partition(" (")[0]
    return [name.strip() for name in whole.split(", ")]


def unexplained(kind):
    """The settings of a Config that neither the glossary nor their help explains."""
    for field in dataclasses.fields(kind):
        label = stems(field.name.replace("_", " "))
        if not (label <= stems(KNOWN) or label & stems(bounds_of(field).help)):
            yield field.name


@pytest.mark.parametrize("kind", CONFIGS, ids=lambda kind: kind.__module__)
def test_every_control_is_in_the_glossary_or_explained_by_its_help(kind):
    assert list(unexplained(kind)) == []


def test_every_term_of_the_charts_and_tables_is_in_the_glossary():
    terms = {name for term in TERMS for name in names_of(term)}
    assert [term for term in CHARTED.split(", ") if term not in terms] == []


def test_the_glossary_is_in_alphabetical_order():
    assert sorted(TERMS, key=str.lower) == TERMS
    assert len(TERMS) == GLOSSARY.count("**") / 2


@pytest.mark.parametrize("page", ["rnn", "lstm", "gru", "stock", "emoji", "music"])
def test_every_page_that_trains_has_the_glossary(page):
    assert "Glossary" in [each.label for each in open_page(page).expander]


def test_it_says_what_an_epoch_is_in_each_task():
    music_model = import_module("core.music.model.default")  # with TensorFlow
    returns = import_module("core.stock.recipes.returns")
    (text,) = re.findall(r"^\*\*Epoch\.\*\*((?:.+\n)+)", GLOSSARY, re.MULTILINE)
    words = " ".join(text.split())
    assert words.startswith("One pass over the training set")
    assert writing.Config.steps == adding.Config.steps
    assert f"an epoch is {writing.Config.steps} training steps" in words
    assert f"after {music_model.EPOCH_STEPS} steps at the latest" in words
    assert returns.MIN_STEPS == 10
    assert "at least ten batches" in words
