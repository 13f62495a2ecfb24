"""Sentences in files: the good ones are read, the bad ones explained."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emoji import Config, check
from core.emoji.labels import LABELS
from core.emoji.text.corpus import Sentences, shipped
from core.emoji.text.rows import MAX_ROWS, Rows, read_csv, write_csv
from core.emoji.text.table import MAX_BYTES
from core.emoji.vectors.own import read_vectors
from core.task import DataError
from tests.core.emoji.helpers import few

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 40


def test_labels_are_read_as_numbers_names_and_emojis():
    lines = ["text,label"]
    for place, label in enumerate(LABELS):
        lines += [f"one,{place}", f"two,{label.name.upper()}", f"three,{label.emoji}"]
    rows = read_csv("\n".join(lines).encode())
    np.testing.assert_array_equal(rows.targets, np.repeat(np.arange(5), 3))


def test_a_heart_without_its_colour_is_a_heart():
    assert read_csv("text,label\nyou,❤".encode()).labels == (0,)


def test_columns_are_found_by_name_in_any_order_and_others_left_out():
    rows = read_csv(b"id,Label,phenomena,TEXT\n7,3,negation;long,not now\n")
    assert (rows.texts, rows.labels) == (("not now",), (3,))
    assert rows.phenomena == ("negation;long",)
    assert rows.all_phenomena == ["long", "negation"]


def test_without_a_header_the_first_column_is_the_text():
    rows = read_csv(b'"never, ever",3,,\nI adore you,0,,[0]\n')
    assert (rows.texts, rows.labels) == (("never, ever", "I adore you"), (3, 0))


@pytest.mark.parametrize("header", ["text{0}label\n", "label{0}Text\n", ""])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_are_separated_by_commas_semicolons_or_tabs(header, delimiter):
    lines = ['"yes; dear, do\tit"', "sad"], ["no, never", "3"], ["why", "😞"]
    if delimiter == ",":
        lines[1][0] = '"no, never"'
    if header.startswith("label"):
        lines = [cells[::-1] for cells in lines]
    text = header.format(delimiter) + "\n".join(map(delimiter.join, lines))
    rows = read_csv(text.encode())
    assert rows.texts == ("yes; dear, do\tit", "no, never", "why")
    assert rows.labels == (3, 3, 3)


@pytest.mark.parametrize(
    "sentences",
    [
        ("I love you so much", "we lost the game"),
        ("I came; I saw", "we won; they lost"),
    ],
)
def test_sentences_without_labels_are_read_whole(sentences):
    rows = read_csv("\n".join(sentences).encode(), need_labels=False)
    assert rows.texts == sentences


def test_semicolons_in_a_sentence_before_a_comma_and_a_label_are_part_of_it():
    rows = read_csv(b"don't; 'x'; y,1\nwon't; 'y'; z,2\n")
    assert rows.texts == ("don't; 'x'; y", "won't; 'y'; z")


def test_without_labels_there_are_none_where_none_are_needed():
    rows = read_csv(b"hello\nyou there\n", need_labels=False)
    assert (rows.texts, rows.labels) == (("hello", "you there"), (None, None))
    assert not rows.labelled


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_spreadsheets_are_read(encoding):
    content = "text,label\r\nun café s'il vous plaît,food\r\n".encode(encoding)
    assert read_csv(content).texts == ("un café s'il vous plaît",)


BAD = {
    "an empty file": (b"", "empty file"),
    "a picture": (PNG, "not text"),
    "a header only": (b"text,label\n", "a header only"),
    "a label that is none": (b"text,label\na,0\nb,7\n", "Row 3: .*'7'"),
    "no label": (b"text,label\na,0\nb,\n", "Row 3: expected a label"),
    "a short row": (b"text,label\na,0\nb\n", "Row 3: expected a label"),
    "no text": (b"text,label\n,0\n", "Row 2: expected a sentence"),
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


def test_written_csv_is_safe_in_spreadsheets_and_reads_back():
    texts = ["=1+1", "@bob", "-5", 'say "hi", ok', "two\nlines", "'quoted'"]
    content = write_csv({"text": texts, "label": ["food"] * len(texts)})
    assert "\n'=1+1,food" in content
    assert list(read_csv(content.encode()).texts) == texts


def test_bundled_sentences_are_labelled_and_have_the_documented_sizes():
    whole = shipped()
    assert len(whole.train) >= 1_200
    assert (len(whole.test), len(whole.off_topic)) == (300, 60)
    np.testing.assert_array_equal(np.bincount(whole.test.targets), [60] * 5)
    assert whole.challenge.of_phenomenon("negation").sum() >= 40
    assert whole.train.labelled


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
        check(Config(), Sentences(name="x", train=rows))


def test_own_vectors_that_are_not_there_are_asked_for():
    with pytest.raises(DataError, match="file of your own word vectors"):
        check(Config(vectors="own"), few())
