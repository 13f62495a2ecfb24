"""The sentences that ship: enough of each kind, and none known from another set."""

import csv
import hashlib
import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "data" / "emoji"
LABELLED = ("train", "development", "test", "challenge")
UNLABELLED = ("development_offtopic", "offtopic")
CLASSES = 5
# What is judged on may never change unseen: figures before and after must compare.
FROZEN = {
    "test": "3bdf7ffbda3619353594947d6e8574b5671f26c91eea5340ae0263cd1064c788",
    "challenge": "b338efb1156a6f0c803502d4260de50af4fa31b1f449718767a5cf0bbba39715",
    "offtopic": "46ccb66a62140d51e2d8ad9cabe1ca213a4f82a36e2efdd4012cdab0132f6aef",
}
# Shares of the training sentences, for each emoji alike.
QUOTAS = {
    "negation": 0.15,
    "ambiguous": 0.11,
    "idiom": 0.065,
    "contraction": 0.10,
    "spelling": 0.075,
    "intensifier": 0.08,
    "long": 0.08,
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return tuple(re.findall(r"[a-z0-9']+", plain))


def runs_of_four(text: str) -> set[tuple[str, ...]]:
    row = words(text)
    return {row[place : place + 4] for place in range(len(row) - 3)}


@pytest.mark.parametrize("name", FROZEN)
def test_what_is_judged_on_has_not_changed(name: str) -> None:
    content = (DATA / f"{name}.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN[name]


def test_every_emoji_has_its_share_of_every_set() -> None:
    fewest = {"train": 1300, "development": 80, "test": 60, "challenge": 29}
    for name, least in fewest.items():
        counts = Counter(row["label"] for row in rows(name))
        assert set(counts) == set("01234"), name
        assert min(counts.values()) >= least, (name, counts)


@pytest.mark.parametrize("label", "01234")
def test_training_sentences_of_an_emoji_hold_the_quotas(label: str) -> None:
    chosen = [row for row in rows("train") if row["label"] == label]
    tags = Counter(tag for row in chosen for tag in row["phenomena"].split(";"))
    short = {
        tag: tags[tag] / len(chosen)
        for tag, share in QUOTAS.items()
        if tags[tag] < share * len(chosen)
    }
    assert not short


def test_the_challenge_has_enough_of_every_phenomenon() -> None:
    counts = Counter(row["phenomena"] for row in rows("challenge"))
    assert counts["negation"] >= 40
    assert min(counts.values()) >= 15
    assert len(counts) >= 6


def test_no_sentence_is_known_from_another_set() -> None:
    owner: dict[tuple[str, ...], str] = {}
    for name in (*LABELLED, *UNLABELLED):
        for row in rows(name):
            sentence = words(row["text"])
            assert owner.setdefault(sentence, name) == name, row["text"]


def test_no_run_of_four_words_is_shared_between_sets() -> None:
    seen = {
        name: set().union(*(runs_of_four(row["text"]) for row in rows(name)))
        for name in LABELLED
    }
    for one, other in itertools.combinations(LABELLED, 2):
        assert not seen[one] & seen[other], (one, other)


def test_no_sentence_shares_most_of_its_words_with_one_of_another_set() -> None:
    kept = [(name, set(words(row["text"]))) for name in LABELLED for row in rows(name)]
    having = defaultdict(list)
    for place, (_, sentence) in enumerate(kept):
        for word in sentence:
            having[word].append(place)
    for name, sentence in kept:
        if name == "train":
            continue
        shared = Counter(place for word in sentence for place in having[word])
        for place, count in shared.items():
            other, others = kept[place]
            alike = count / len(sentence | others)
            assert other == name or alike < 0.6, (name, sentence, other, others)


def test_families_never_reach_across_sets() -> None:
    families = {
        name: {row["family"] for row in rows(name)} for name in (*LABELLED, *UNLABELLED)
    }
    for one, other in itertools.combinations(families, 2):
        assert not families[one] & families[other], (one, other)


def test_the_same_sentence_never_has_two_answers() -> None:
    for name in LABELLED:
        answers: dict[tuple[str, ...], str] = {}
        for row in rows(name):
            sentence = words(row["text"])
            assert answers.setdefault(sentence, row["label"]) == row["label"]
