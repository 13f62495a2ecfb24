"""Word vectors: those that ship, and files of a person's own."""

import numpy as np
import pytest

from core.emoji.vectors.glove import glove
from core.emoji.vectors.own import (
    MAX_BYTES,
    MAX_SIZE,
    MAX_WORDS,
    OwnVectors,
    read_vectors,
)
from core.task import DataError

NUMBERS = " ".join(f"{n / 10}" for n in range(10))
GOOD = f"the {NUMBERS}\nfood {NUMBERS}\n"


def line_of(size, word="food"):
    return word + " 0.5" * size


def test_glove_finds_every_kind_of_word_where_it_is():
    table = glove()
    assert table.size == 50
    assert table.row("the") == 0
    assert table.row(",") == 1
    for word in ("n't", "é", "日本", "zzz", "!", "food"):
        row = table.row(word)
        assert row is None or table._word(np.uint32(row)) == word
    assert table.row("food") is not None
    assert table.row("no such word") is None
    assert table.row("") is None
    assert table.row("\ud800") is None


def test_glove_gives_the_vectors_of_the_published_file():
    first = glove().take([0])[0]
    np.testing.assert_allclose(first[:4], [0.418, 0.24968, -0.41242, 0.1217], atol=1e-6)
    assert glove().take([]).shape == (0, 50)


def test_words_of_like_meaning_lie_close():
    def cosine(one, other):
        a, b = glove().take([glove().row(one), glove().row(other)])
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    assert cosine("football", "soccer") > cosine("football", "soup") + 0.2


@pytest.mark.parametrize("header", ["", "2 10\n", "\ufeff"])
def test_glove_and_word2vec_text_is_read(header):
    table = read_vectors((header + GOOD).encode(), "mine")
    assert (table.size, table.words) == (10, ("the", "food"))
    assert table.row("food") == 1
    assert table.row("drink") is None
    np.testing.assert_allclose(table.take([1])[0], np.arange(10) / 10, atol=1e-6)


def test_a_word_may_hold_spaces_and_capitals_and_windows_line_ends():
    text = f"{line_of(10)}\r\nNew York {NUMBERS}\r\n"
    assert read_vectors(text.encode(), "mine").words == ("food", "new york")


BAD = {
    "an empty file": (b"", "at least one word, got none"),
    "blank lines": (b"\n\n \n", "at least one word, got none"),
    "a header only": (b"5 10\n", "at least one word, got none"),
    "too few numbers": (line_of(9).encode(), "line 1: .* 10 to 300 numbers, got 9"),
    "too many numbers": (line_of(MAX_SIZE + 1).encode(), "line 1: .* got 301"),
    "a short line": (f"{GOOD}dog 1 2\n".encode(), "line 3: .* a word and 10 numbers"),
    "no word": (f"{GOOD}{NUMBERS}\n".encode(), "line 3: .* got 10 in all"),
    "text for a number": (
        f"{GOOD}cat 1 2 3 four 5 6 7 8 9 10".encode(),
        "line 3: .*'four'",
    ),
    "not a number": (
        f"{GOOD}cat 1 2 3 nan 5 6 7 8 9 10".encode(),
        "line 3: .*not finite",
    ),
    "bytes": (b"\x89PNG\r\n\x1a\n" * 99, "line 1: .*UTF-8"),
    "a line without end": (b"a" * 20_000, "line 1: .*20,000"),
    "6 MB": (b"a" * (MAX_BYTES + 1), "at most 5 MB"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_the_line(case):
    content, said = BAD[case]
    with pytest.raises(DataError, match=said) as caught:
        read_vectors(content, "mine")
    assert "xpected" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_own_vectors_travel_as_bytes():
    table = read_vectors(GOOD.encode(), "mine")
    again = OwnVectors.decode(table.encode())
    assert (again.name, again.words) == (table.name, table.words)
    np.testing.assert_array_equal(again.array, table.array)


def test_of_a_large_file_the_first_words_are_kept():
    lines = [line_of(10, f"w{n}") for n in range(MAX_WORDS + 50)]
    table = read_vectors("\n".join(lines).encode(), "large")
    assert len(table.words) == MAX_WORDS
    assert table.row(f"w{MAX_WORDS - 1}") == MAX_WORDS - 1
