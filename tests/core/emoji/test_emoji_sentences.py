"""The sentences that ship: enough of each kind, and none known from another set."""

import hashlib
import itertools
from collections import Counter

import numpy as np
import pytest

from tests.driver.core.emoji_sentences import (
    DATA,
    FILES,
    SPLITS,
    rows,
    runs_of_four,
    shared_words,
    words,
)

# What is judged on may never change unseen: figures before and after must compare.
FROZEN = {
    "test": "3bdf7ffbda3619353594947d6e8574b5671f26c91eea5340ae0263cd1064c788",
    "challenge": "b338efb1156a6f0c803502d4260de50af4fa31b1f449718767a5cf0bbba39715",
    "mixed": "85d07877f64648879dbe0acb58cb8d3ae1c93f9dac936a6904f9b70dc2af994a",
    "offtopic": "46ccb66a62140d51e2d8ad9cabe1ca213a4f82a36e2efdd4012cdab0132f6aef",
    "trades": "e6447b10edd05710430d35690eca763560210293361875066646562695c61d4a",
    "everyday": "273fc36e98b43245eca1fa76ba9c6082c5f258fe206916f85df6e090bfe6f912",
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


@pytest.mark.parametrize("name", FROZEN)
def test_evaluation_sentences_have_not_changed(name: str) -> None:
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


def texts(split: str) -> list[str]:
    return [row["text"] for name in SPLITS[split] for row in rows(name)]


def test_no_sentence_is_known_from_another_set() -> None:
    owner: dict[tuple[str, ...], str] = {}
    for split in SPLITS:
        for text in texts(split):
            if sentence := words(text):
                assert owner.setdefault(sentence, split) == split, text


def test_no_run_of_four_words_is_shared_between_sets() -> None:
    seen = {split: set().union(*map(runs_of_four, texts(split))) for split in SPLITS}
    for one, other in itertools.combinations(SPLITS, 2):
        assert not seen[one] & seen[other], (one, other)


def test_no_sentence_shares_most_of_its_words_with_one_of_another_set() -> None:
    for split in set(SPLITS) - {"train"}:
        ours = texts(split)
        theirs = [text for other in SPLITS if other != split for text in texts(other)]
        pairs = np.argwhere(shared_words(ours, theirs) >= 0.6)
        assert not len(pairs), [(ours[a], theirs[b]) for a, b in pairs]


def test_families_never_reach_across_sets() -> None:
    families = {name: {row["family"] for row in rows(name)} for name in FILES}
    for one, other in itertools.combinations(families, 2):
        assert not families[one] & families[other], (one, other)


def test_the_same_sentence_never_has_two_answers() -> None:
    for names in SPLITS.values():
        answers: dict[tuple[str, ...], str] = {}
        for row in itertools.chain(*map(rows, names)):
            if sentence := words(row["text"]):
                label = row.get("label", "none")
                assert answers.setdefault(sentence, label) == label, row["text"]


def test_the_none_class_has_many_kinds_of_training_sentences() -> None:
    none = rows("none")
    assert {row["label"] for row in none} == {"none"}
    counts = Counter(row["phenomena"] for row in none)
    assert counts["neutral"] >= 600
    assert sum(counts[name] for name in ("foreign", "nonsense", "sarcasm")) >= 200
    assert len(rows("development_mixed")) >= 300


def test_the_mixed_set_has_every_kind_and_every_label() -> None:
    mixed = rows("mixed")
    assert len(mixed) == 300
    counts = Counter(row["phenomena"] for row in mixed)
    kinds = {"neutral", "idiom", "sarcasm", "slang", "typo", "foreign"}
    assert set(counts) == kinds
    assert min(counts.values()) >= 40
    assert {row["label"] for row in mixed} == {*"01234", "none"}
