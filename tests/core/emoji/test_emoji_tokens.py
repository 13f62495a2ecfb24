"""Whatever is typed is cut into words, and what is not known is said."""

import pytest

from core.emoji.text.tokens import MAX_WORDS, tokenize
from tests.core.emoji.helpers import rank
from tests.driver.core.emoji_tokens import TOKENIZED


@pytest.mark.parametrize("text", TOKENIZED)
def test_a_sentence_is_cut_as_the_table_needs_it(text):
    tokens = tokenize(text, rank).tokens
    shown = [t.word if t.word is not None else f"[{t.text}]" for t in tokens]
    assert " ".join(shown) == TOKENIZED[text]
    assert all(rank(t.word) is not None for t in tokens if t.word is not None)


def test_a_piece_that_stands_for_several_words_is_shown_once():
    tokens = tokenize("idk", rank).tokens
    assert [token.text for token in tokens] == ["idk", "", "", ""]


def test_unknown_words_are_named_once_each():
    assert tokenize("asdfghjkl or asdfghjkl, qwxzv", rank).unknown == [
        "asdfghjkl",
        "qwxzv",
    ]


@pytest.mark.parametrize("text", ["word " * 50, "a" * 10_000, "好" * 10_000, "!?" * 40])
def test_a_long_text_is_cut_and_that_is_said(text):
    tokenized = tokenize(text, rank)
    assert len(tokenized.tokens) <= MAX_WORDS
    assert "were read" in tokenized.notices[0]


def test_a_text_of_exactly_the_longest_length_has_no_notice():
    tokenized = tokenize("word " * MAX_WORDS, rank)
    assert len(tokenized.tokens) == MAX_WORDS
    assert not tokenized.notices
