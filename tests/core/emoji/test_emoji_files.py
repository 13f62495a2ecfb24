"""Files of sentences as programs and people write them."""

import codecs
import csv
import io
import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emoji.labels import LABELS, NONE, Label, NewLabels, find_label
from core.emoji.model.many import answer_many, answered_file
from core.emoji.pretrained import load
from core.emoji.text.rows import Rows, read_csv, rows_of
from core.emoji.text.table import FileError, read_table
from core.process import one_thread
from core.table.text import NO_DELIMITER as LINES

TWO = ("I love you", "we lost")
LOST = ("well, we lost", "I love you, dear")


class Case(NamedTuple):
    """A file that can be misread, and what is in it."""

    content: str
    delimiter: str
    texts: tuple[str, ...] = TWO
    labels: tuple[int | None, ...] = (0, 3)
    encoding: str = "utf-8"


NO_LABELS = (None, None)
CASES = {
    "commas": Case("text,label\nI love you,heart\nwe lost,sad\n", ","),
    "semicolons": Case("text;label\nI love you;heart\nwe lost;sad\n", ";"),
    "tabs": Case("text\tlabel\nI love you\theart\nwe lost\tsad\n", "\t"),
    "commas in sentences between semicolons": Case(
        "text;label\nwell, we lost;sad\nI love you, dear;heart\n", ";", LOST, (3, 0)
    ),
    "commas in sentences between tabs, no header": Case(
        "well, we lost\t3\nI love you, dear\t0\n", "\t", LOST, (3, 0)
    ),
    "commas in sentences without quotes": Case(
        "text,label\nwell, we lost,sad\nI love you, dear,heart\n", ",", LOST, (3, 0)
    ),
    "the same after the label": Case(
        "label,text\nsad,well, we lost\nheart,I love you, dear\n", ",", LOST, (3, 0)
    ),
    "decimal commas": Case(
        "text;score;label\nI love you;0,91;heart\nwe lost;0,3;sad\n", ";"
    ),
    "decimal commas, no header": Case("I love you;0,91;heart\nwe lost;0,3;sad\n", ";"),
    "label first": Case("label,text\nheart,I love you\nsad,we lost\n", ","),
    "label first, no header": Case("heart,I love you\nsad,we lost\n", ","),
    "numbers of rows first, no header": Case("1;I love you;0\n2;we lost;3\n", ";"),
    "numbers of rows and no labels": Case(
        "1;I love you\n2;we lost\n", ";", labels=NO_LABELS
    ),
    "times": Case("2024-01-01 10:00,❤️,I love you\n2024-01-02 9:30,😞,we lost\n", ","),
    "quotes": Case(
        'text,label\n"well, we lost",sad\n"I ""love"" you; dear",heart\n',
        ",",
        ("well, we lost", 'I "love" you; dear'),
        (3, 0),
    ),
    "a space before quotes": Case(
        'label, text\nsad, "well, we lost"\nheart, "I love you, dear"\n',
        ",",
        LOST,
        (3, 0),
    ),
    "a line end in quotes": Case(
        'text;label\n"I love\nyou";heart\nwe lost;sad\n', ";", ("I love\nyou", TWO[1])
    ),
    "one column": Case("I love you\nwe lost\n", LINES, labels=NO_LABELS),
    "one column with as many commas in each": Case(
        "well, we lost\nI love you, dear\n", LINES, LOST, NO_LABELS
    ),
    "one column with a header": Case(
        "Message\nwell, we lost\nI love you, dear\n", LINES, LOST, NO_LABELS
    ),
    "one column with semicolons": Case(
        "I came; I saw\nwe won; they lost\n",
        LINES,
        ("I came; I saw", "we won; they lost"),
        NO_LABELS,
    ),
    "one column in quotes": Case(
        '"well, we lost"\n"I love you, dear"\n', LINES, LOST, NO_LABELS
    ),
    "one column with quotes inside": Case(
        '"we lost" she said\n"never\n',
        LINES,
        ('"we lost" she said', '"never'),
        NO_LABELS,
    ),
    "one word a line": Case("pizza\ntears\n", LINES, ("pizza", "tears"), NO_LABELS),
    "one row": Case("I love you;heart\n", ";", TWO[:1], (0,)),
    "one row of prose": Case("well, good\n", LINES, ("well, good",), (None,)),
    "columns without labels": Case(
        "id;where;what\n1;Rome;I love you\n2;Oslo;we lost\n", ";", labels=NO_LABELS
    ),
    "names above no numbers": Case(
        "where;what\nRome;I love you\nOslo;we lost\n",
        ";",
        ("what", *TWO),
        (None,) * 3,
    ),
    "a byte order mark": Case(
        "text;label\nI love you;heart\nwe lost;sad\n", ";", encoding="utf-8-sig"
    ),
    "UTF-16": Case(
        "text\tlabel\r\nI love you\theart\r\nwe lost\tsad\r\n",
        "\t",
        encoding="utf-16",
    ),
    "Windows-1252": Case(
        "text;label\r\n“ça va” – très bien;smile\r\nwe lost;sad\r\n",
        ";",
        ("“ça va” – très bien", "we lost"),
        (2, 3),
        "cp1252",
    ),
    "empty lines": Case(
        "\r\ntext,label\r\n\r\nI love you,heart\r\n,\r\n\r\nwe lost,sad\r\n\r\n", ","
    ),
    "old line ends": Case("text,label\rI love you,heart\rwe lost,sad\r", ","),
    "empty columns, no header": Case(
        '"never, ever",3,,\nI adore you,0,,[0]\n',
        ",",
        ("never, ever", "I adore you"),
        (3, 0),
    ),
    "semicolons before a comma and a label": Case(
        "don't; 'x'; y,1\nwon't; 'y'; z,2\n",
        ",",
        ("don't; 'x'; y", "won't; 'y'; z"),
        (1, 2),
    ),
    "empty columns": Case("text,label,,\nI love you,heart,,\nwe lost,sad,,\n", ","),
    "a separator in the first line": Case(
        "sep=;\ntext;label\nI love you;heart\nwe lost;sad\n", ";"
    ),
    "spaces and case": Case(
        " Tweet Text ; SENTIMENT Label \n I love you ; HEART \n we lost ; Sad\n", ";"
    ),
    "a rating that is no label": Case(
        "review,sentiment\nI love you,5 stars\nwe lost,1 star\n", ",", labels=NO_LABELS
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_read_as_it_was_meant(name):
    case = CASES[name]
    content = case.content.encode(case.encoding)
    rows = read_csv(content, need_labels=False)
    assert rows.texts == case.texts
    assert rows.labels == case.labels
    assert read_table(content).delimiter == case.delimiter
    if None not in case.labels:
        assert read_csv(content) == rows


TEXTS = ["Text", "SENTENCE", "sentences", "message ", "Comment", "review", "tweet"]
NAMES = ["label", "Class", " emoji", "category", "Sentiment", "labels", "mood"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(("text", "label"), [*zip(TEXTS, NAMES, strict=True)])
def test_a_header_is_recognised_by_many_names_in_any_order(text, label, delimiter):
    for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        rows = [("id", text, label), ("7", "never, ever", "sad"), ("8", "yes", "0")]
        file = io.StringIO()
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([row[place] for place in order] for row in rows)
        found = read_csv(file.getvalue().encode())
        assert (found.texts, found.labels) == (("never, ever", "yes"), (3, 0))


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("⚽", "ball"),
        ("🏀", "ball"),
        ("Soccer", "ball"),
        ("sports", "ball"),
        ("💙", "heart"),
        ("❤", "heart"),
        ("❤\ufe0f", "heart"),
        ("love", "heart"),
        ("👍🏽", "smile"),
        ("  Happy ", "smile"),
        ("😢", "sad"),
        ("🍕", "food"),
        ("🍽️", "food"),
        ("❤️ heart", "heart"),
        ("3.0", "sad"),
        ("4,0", "food"),
    ],
)
def test_a_label_may_be_any_usual_name_of_its_class(cell, name):
    assert LABELS[find_label(cell)].name == name


@pytest.mark.parametrize(
    "cell", ["", "5", "-1", "angry", "heart sad", "1.5", "tractor"]
)
def test_a_cell_without_a_class_name_has_no_label(cell):
    assert find_label(cell) is None


def test_other_classes_have_their_own_names_and_no_others():
    labels = (Label("love", "🍕"), Label("Rain", "🌧️"), Label("1", "👩🏽‍🚀"))
    names = {"love": 0, "🍕": 0, "rain": 1, "🌧": 1, "1": 2, "👩‍🚀": 2, "0": 0, "2": 2}
    assert {name: find_label(name, labels) for name in names} == names
    for name in ("heart", "💙", "food", "sports"):
        assert find_label(name, labels) is None
    rows = read_csv("rain;it pours, again\n🍕;I adore you\n".encode(), labels=labels)
    assert (rows.texts, rows.labels) == (("it pours, again", "I adore you"), (1, 0))
    with pytest.raises(FileError, match=r"Row 2: .*0 love, 1 Rain, 2 1"):
        read_csv(b"a,0\nb,heart", labels=labels)


NEW = {
    "label last": "it pours, again;rain\nhot, dry;sun\nwet again, oh;rain\n",
    "label first": "rain;it pours, again\nsun;hot, dry\nrain;wet again, oh\n",
    "numbers of rows": "1;it pours, again;rain\n2;hot, dry;sun\n3;wet again, oh;rain\n",
    "header": "Class;Review\nrain;it pours, again\nsun;hot, dry\nrain;wet again, oh\n",
}


@pytest.mark.parametrize("name", NEW)
def test_classes_that_are_not_known_yet_are_found_where_names_repeat(name):
    labels = NewLabels()
    rows = read_csv(NEW[name].encode(), labels=labels)
    assert rows.texts == ("it pours, again", "hot, dry", "wet again, oh")
    assert [labels.labels[n].name for n in rows.labels] == ["rain", "sun", "rain"]


@pytest.mark.parametrize("cell", ["none", "None", "other", "🚫"])
def test_files_may_label_sentences_as_none(cell):
    content = f"text,label\nthe train leaves at nine,{cell}\nyum,4\n".encode()
    assert read_csv(content).labels == (NONE, 4)
    assert read_csv(content).of_classes.texts == ("yum",)
    assert read_csv(content).of_none.texts == ("the train leaves at nine",)


REFUSED = {
    "no labels": ("well, we lost\nI love you\n", "got lines of one cell each"),
    "a column of other things": ("Text;Stars\nwe lost;1 star\n", "a column of labels"),
    "a column of no class": ("text;mood\nwe lost;1 star\n", "a column of labels"),
    "no sentence": ("text;label\n;sad\n", "Row 2: expected a sentence"),
    "a label of no class": ("text;label\nyes;0\nno;7\n", "Row 3: .*'7'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_understood_is_refused_with_its_first_rows(case):
    content, said = REFUSED[case]
    with pytest.raises(FileError, match=said) as caught:
        read_csv(content.encode())
    assert caught.value.first_rows == tuple(content.splitlines()[:3])
    assert "xpected" in str(caught.value)
    assert len(str(caught.value)) < 300


def test_long_rows_of_a_refused_file_are_shortened():
    with pytest.raises(FileError) as caught:
        read_csv(b"text,label\n" + b"a" * 900 + b",tractor\n")
    assert [len(row) for row in caught.value.first_rows] == [10, 100]


CELL = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="'=+-@＝＋－＠"),
    min_size=1,
    max_size=8,
)
SENTENCE = st.lists(CELL | st.sampled_from([",", ";", '"', "1,5", "\n"]), min_size=1)
ROWS = st.lists(
    st.tuples(
        SENTENCE.map(" ".join).filter(str.strip), st.sampled_from(range(len(LABELS)))
    ),
    min_size=1,
    max_size=8,
)


@given(
    ROWS,
    st.sampled_from([",", ";", "\t"]),
    st.permutations([("text", 0), ("label", 1), ("score", 2)]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_csv_written_by_programs_is_read_with_any_delimiter(
    pairs, delimiter, order, encoding, line_end
):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
    writer.writerow([name for name, _ in order])
    for text, label in pairs:
        cells = [text, LABELS[label].name, "0,5"]
        writer.writerow([cells[place] for _, place in order])
    rows = read_csv(file.getvalue().encode(encoding))
    assert rows == Rows.of([(text.strip(), label) for text, label in pairs])


@given(ROWS, st.sampled_from([",", ";", "\t"]))
def test_a_file_without_a_header_is_read_by_its_labels(pairs, delimiter):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows((f"so {text}", LABELS[label].emoji) for text, label in pairs)
    rows = read_csv(file.getvalue().encode())
    np.testing.assert_array_equal(rows.targets, [label for _, label in pairs])
    assert rows.texts == tuple(f"so {text}".strip() for text, _ in pairs)


def model():
    one_thread()
    return load().model


FILE_CELL = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=9)


@given(
    st.lists(st.tuples(FILE_CELL, FILE_CELL), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_file_comes_back_with_its_columns_its_delimiter_and_the_answers(
    cells, delimiter, encoding, line_end
):
    rows = [["Note 1", "emoji", "Review"]]
    for place, (before, word) in enumerate(cells):
        rows.append([before, LABELS[place % 5].name, f"so {word}, again"])
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    table = read_table(file.getvalue().encode(encoding))
    sentences = rows_of(table, need_labels=False)
    answers = answer_many(model(), sentences.texts)
    written = answered_file(table, answers)
    assert written.startswith(codecs.BOM_UTF8) == (encoding != "utf-8")
    text = written.decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert text.count("\r\n") == len(rows) * (line_end == "\r\n")
    assert [[*map(unescaped, row[:3])] for row in back] == rows
    assert back[0][3:6] == ["label", "answer_emoji", "confidence"]
    assert [row[3] for row in back[1:]] == [answer.name for answer in answers]
    again = read_csv(written, need_labels=False)
    assert again.texts == sentences.texts


def unescaped(cell):
    """A cell without the quote before what a spreadsheet would run."""
    return cell[1:] if re.match(r"'\s*[=+\-@＝＋－＠]", cell) else cell


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("I love you\nwe lost, again\n", "text,label,emoji,"),
        ("I love you;7;heart\nwe lost;8;sad\n", "text;column 2;label;answer_label;"),
        ("text,label\nwe lost, again,sad\n", "text,label,answer_label,emoji,"),
    ],
)
def test_a_file_gets_the_header_that_it_needs(content, header):
    table = read_table(content.encode())
    texts = rows_of(table, need_labels=False).texts
    written = answered_file(table, answer_many(model(), texts)).decode()
    lines = written.splitlines()
    assert lines[0].startswith(header)
    assert len(lines) == 1 + len(texts)
    widths = {len(row) for row in csv.reader(lines, delimiter=table.delimiter or ",")}
    assert len(widths) == 1


def test_light_answers_are_the_same_answers():
    texts = ["I am so hungry", "qzxvkw is great", ""]
    for light, whole in zip(
        answer_many(model(), texts), model().answer(texts), strict=True
    ):
        assert (light.label, light.sure, light.unknown, light.notices) == (
            whole.label,
            whole.sure,
            whole.unknown,
            whole.notices,
        )
        np.testing.assert_allclose(light.probabilities, whole.probabilities, atol=1e-6)
