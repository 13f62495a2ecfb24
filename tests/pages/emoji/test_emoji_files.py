"""Files on the emoji page: what they are read as, and what comes back."""

import pytest

from tests.driver.pages.app import open_page, words
from tests.driver.pages.emoji import many


@pytest.fixture
def emoji():
    return open_page("emoji")


def answers_of(page):
    return next(t.value for t in page.dataframe if "Confidence" in t.value)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_header_is_no_sentence_and_a_label_no_part_of_one(emoji, delimiter):
    rows = ("Text", "Label"), ("well, I am so hungry", "🍕"), ("I love you, dear", "💙")
    many(emoji, "\n".join(map(delimiter.join, rows)).encode())
    assert list(answers_of(emoji)["Sentence"]) == [text for text, _ in rows[1:]]
    assert "100.0% correct of 2 labelled" in words(emoji).replace("*", "")
    name = {";": "semicolons", "\t": "tabs"}[delimiter]
    assert f"Cells separated by {name}: text from column 1" in words(emoji)


def test_a_refused_file_is_shown_as_it_begins(emoji):
    many(emoji, b"text;label\nwe lost;grim\nyes;0\nno;1\n")
    assert "Row 2: expected a label" in words(emoji) + emoji.error[0].value
    assert [c.value for c in emoji.code] == ["text;label\nwe lost;grim\nyes;0"]
    many(emoji, b"text;label\nwe lost;sad\n")
    assert not emoji.error
    assert not emoji.code


def test_sentences_of_no_class_are_answered_and_judged(emoji, files):
    many(emoji, b"text,label\nI am so hungry,food\nthe train leaves at nine,none\n")
    assert "100.0% correct** of 2 labelled" in words(emoji)
    assert "of 2 labelled sentences, and wrong in" in words(emoji)
    assert list(answers_of(emoji)["Label"])[1] == "none"
    assert [row["label"] for row in files("emoji_download")] == ["food", "none"]


def test_refused_answers_in_other_languages_are_not_counted_as_wrong(emoji):
    many(emoji, b"text,label\nI am so hungry,food\nmi piace molto il calcio,ball\n")
    assert "100.0% correct** of 1 labelled" in words(emoji)
    assert "1 labelled sentences are in another language" in words(emoji)
    many(emoji, b"text,label\nmi piace molto il calcio,ball\n")
    assert "% correct" not in words(emoji)
    assert "1 labelled sentences are in another language" in words(emoji)


def test_many_sentences_are_answered_where_it_was_left(emoji):
    sentences = [f"we lost {n} games, again" for n in range(1_200)]
    emoji.session_state["emoji_tabs"] = "Many at once"
    emoji.text_area(key="emoji_paste").set_value("\n".join(sentences)).run()
    assert not emoji.exception
    (answers,) = emoji.session_state["emoji_cache"]["many"].values()
    assert len(answers) == len(sentences)
    first = answers[0]
    del answers[700:]  # as after a click
    emoji.run()
    assert not emoji.exception
    assert len(answers) == len(sentences)
    assert answers[0] is first
    table = answers_of(emoji)
    assert list(table["Sentence"]) == sentences[:1_000]
    assert "The first 1,000 of 1,200" in words(emoji)
