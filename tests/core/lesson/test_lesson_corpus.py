"""Text as it is pasted, and as a network reads it."""

import hashlib
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lesson.network import PADDING
from core.lesson.writing import TASK
from core.lesson.writing.corpus import (
    NAMES,
    Corpus,
    cut,
    inputs_and_targets,
    one_hot,
    own_names,
    repeated_share,
)
from core.task import DataError

WORDS = "one\ntwo\nthree\nfour"


def test_our_list_of_names_is_what_its_readme_says():
    readme = NAMES.with_name("README.md").read_text()
    content = NAMES.read_bytes()
    names = content.decode().split()
    assert hashlib.sha256(content).hexdigest() in readme
    assert f"{len(names):,} first names" in readme
    assert len(set(names)) == len(names) >= 1500
    assert all(re.fullmatch("[a-z]+", name) for name in names)


def test_short_lines_are_names_and_a_long_one_makes_a_passage():
    assert own_names().is_names
    assert Corpus.from_text(WORDS).is_names
    assert not Corpus.from_text(WORDS + "\n" + 33 * "x").is_names
    assert not Corpus.from_text("one line alone").is_names


def test_a_name_is_read_from_line_break_to_line_break():
    corpus = Corpus.from_text(WORDS)
    tokens = cut(corpus, 40).train
    inputs, targets = inputs_and_targets(tokens[:, :1])  # "one" alone
    assert corpus.decode(inputs[:, 0]) == "\none"
    assert corpus.decode(targets[:, 0]) == "one\n"
    longest = inputs_and_targets(tokens)
    assert longest[0].shape == longest[1].shape == (6, 4)
    assert (longest[1][4:, 0] == PADDING).all()


def test_a_passage_is_read_in_windows_that_predict_the_next_character():
    corpus = Corpus.from_text("The quick brown fox jumps over the lazy dog.")
    inputs, targets = inputs_and_targets(cut(corpus, 10).train)
    assert corpus.decode(inputs[:, 3]) == corpus.text[3:13]
    assert corpus.decode(targets[:, 3]) == corpus.text[4:14]
    assert inputs.shape[1] == len(corpus.text) - 10


def test_held_out_names_are_not_trained_on():
    excerpts = cut(own_names(), 40)
    train = {tuple(column) for column in excerpts.train.T}
    held_out = {tuple(column) for column in excerpts.held_out.T}
    assert 100 <= len(held_out) <= 200
    assert not train & held_out


def test_held_out_windows_do_not_overlap_the_training():
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 250)))  # every character once
    corpus = Corpus.from_text(text + ".")
    excerpts = cut(corpus, 10)
    assert excerpts.held_out.size
    assert not set(excerpts.train.flat) & set(excerpts.held_out.flat)


def test_a_passage_of_repeated_lines_repeats_itself_in_its_held_out_part():
    line = "The river runs to the sea, and the sea runs to the river again.\n"
    assert repeated_share(Corpus.from_text(line * 20), 40) == 1.0
    assert cut(Corpus.from_text(line * 20), 40).held_out.size


def test_only_the_repeated_share_of_the_held_out_part_counts():
    rng = np.random.default_rng(0)
    letters = "".join(rng.choice(list("abcdefghij"), 2_000))
    assert repeated_share(Corpus.from_text(letters), 40) == 0.0
    half = letters[:1_900] + letters[:100]  # of the last tenth the second half
    assert repeated_share(Corpus.from_text(half), 40) == pytest.approx(0.5, abs=0.02)
    assert repeated_share(Corpus.from_text("too short to hold anything out"), 40) == 0.0


def test_long_names_that_are_the_same_once_cut_count_as_repeated():
    names = Corpus.from_text("\n".join(f"anne-marie {n:02d}" for n in range(40)))
    assert repeated_share(names, 40) == 0.0
    assert repeated_share(names, 8) == 1.0


def test_padding_is_a_column_of_zeros():
    x = one_hot(np.array([[2, PADDING]]), 3)
    np.testing.assert_array_equal(x[0], [[0, 0], [0, 0], [1, 0]])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ab" * 100_001, r"at most 200 kB, got more: 200,002 bytes.* shorter part"),
        ("é" * 100_001, "at most 200 kB"),
        ("too few", "at least 10 characters, got 7"),
        (" \n\t  \n" * 20, "at least 10 characters, got 0"),
        ("aaaaaaaaaaaa", "2 to 256 different characters, got 1"),
        ("".join(map(chr, range(0x4E00, 0x4F10))), "different characters, got 272"),
    ],
)
def test_a_text_that_cannot_be_learned_is_refused_in_words(text, wanted):
    with pytest.raises(DataError, match=wanted):
        Corpus.from_text(text)


def test_exactly_200_kb_are_accepted():
    assert len(Corpus.from_text("ab" * 100_000).text) == 200_000


def test_a_file_that_is_not_text_is_refused_in_words():
    with pytest.raises(DataError, match="a text file in UTF-8, got byte 0xff"):
        Corpus.from_bytes(b"\xff\xfe\x00binary" * 10)


def test_windows_line_breaks_and_a_byte_order_mark_are_understood():
    corpus = Corpus.from_bytes("\ufeffalpha\r\nbeta\r\ngamma\r\n".encode())
    assert corpus.lines == ["alpha", "beta", "gamma"]


@given(st.text(min_size=10, max_size=300))
def test_any_text_is_refused_in_words_or_comes_back_whole(text):
    try:
        corpus = Corpus.from_text(text)
    except DataError:
        return
    assert corpus.decode(corpus.encode(corpus.text)) == corpus.text
    assert TASK.decode_data(TASK.encode_data(corpus)) == corpus
    assert Corpus.from_text(corpus.text).text == corpus.text
    assert not set(corpus.text) & {"\0", "\r", "\t"}
    for window in (2, 7, 100):
        inputs, targets = inputs_and_targets(cut(corpus, window).train)
        assert inputs.shape == targets.shape
        assert 1 <= len(inputs) <= window
        assert targets.max() < len(corpus.characters)


def test_content_that_is_no_text_of_ours_is_refused():
    for content in (b"", b"[]", b'{"title": "x"}', b'{"title": "x", "text": 3}'):
        with pytest.raises(DataError):
            TASK.decode_data(content)
