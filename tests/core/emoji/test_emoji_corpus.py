"""Sentences in files: the good ones are read, the bad ones explained."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emoji import TASK, Config
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import MAX_ROWS, Rows, read_csv
from core.emoji.text.table import MAX_BYTES
from core.emoji.vectors.own import read_vectors
from core.task import DataError
from tests.core.emoji.helpers import few

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 40


def test_columns_are_found_by_name_in_any_order_and_others_left_out():
    rows = read_csv(b"id,Label,phenomena,TEXT\n7,3,negation;long,not now\n")
    assert (rows.texts, rows.labels) == (("not now",), (3,))
    assert rows.phenomena == ("negation;long",)
    assert rows.all_phenomena == ["long", "negation"]


BAD = {
    "an empty file": (b"", "empty file"),
    "a picture": (PNG, "not text"),
    "a header only": (b"text,label\n", "a header only"),
    "no label": (b"text,label\na,0\nb,\n", "Row 3: expected a label"),
    "a short row": (b"text,label\na,0\nb\n", "Row 3: expected a label"),
    "6 MB": (b"a,0\n" * (MAX_BYTES // 4 + 1), "at most 5 MB"),
    "many rows": (b"a,0\n" * (MAX_ROWS + 1), "at most 50,000"),
    "wide": (b"a," * 200_000, "Row 1: .*columns"),
    "a cell without end": (b'text,label\n"' + b"a" * 200_000, "cannot be read"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_the_row(case):
    content, said = BAD[case]
    with pytest.raises(DataError, match=said) as caught:
        read_csv(content)
    assert "xpected" in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.binary(max_size=500) | st.text(max_size=300).map(str.encode))
def test_whatever_the_bytes_the_answer_is_rows_or_a_sentence(content):
    try:
        rows = read_csv(content, need_labels=False)
    except DataError as error:
        assert str(error).endswith(".")  # noqa: PT017 - both ends are right
    else:
        assert all(rows.texts)


def test_sentences_travel_as_bytes():
    numbers = " 0.5" * 10
    own = read_vectors(f"food{numbers}".encode(), "mine")
    data = replace(few().teach(Rows.of([("\ud800 odd", 1)])), own_vectors=own)
    again = Sentences.decode(data.encode())
    assert again.encode() == data.encode()
    assert again.taught == data.taught
    assert again.own_vectors is not None
    assert again.own_vectors.words == ("food",)


def test_a_taught_sentence_takes_the_place_of_the_one_that_ships():
    data = few()
    text, label = data.train.texts[3], data.train.labels[3]
    other = (label + 1) % 5
    taught = data.teach(Rows.of([(f"{text.upper()}!!", other), ("new one", 4)]))
    assert text not in taught.train.texts
    assert len(taught.train) == len(data.train) - 1
    assert taught.learned.labels[-2:] == (other, 4)
    assert len(taught.teach(Rows()).learned) == len(data.train) - 1


UNUSABLE = {
    "too few": (Rows.of([("a", 0)] * 9), "10 to 20,000 sentences"),
    "too many": (Rows.of([("a", 0), ("b", 1)] * 10_001), "10 to 20,000 sentences"),
    "of one label": (Rows.of([("a", 4)] * 10), "only food"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_sentences_that_teach_nothing_are_refused(case):
    rows, said = UNUSABLE[case]
    with pytest.raises(DataError, match=said):
        TASK.check(Config(), Sentences(name="x", train=rows))


def test_own_vectors_that_are_not_there_are_asked_for():
    with pytest.raises(DataError, match="file of your own word vectors"):
        TASK.check(Config(vectors="own"), few())
