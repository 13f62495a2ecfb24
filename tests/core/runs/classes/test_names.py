"""What students may be called, and which names are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.classes.names import clean_line, clean_name, name_key, quoted
from core.task import UserError


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ann", "Ann"),
        ("  Ann \t\n B ", "Ann B"),
        ("17", "17"),
        ("🦊", "🦊"),
        ("Zo\u0065\u0308", "Zoë"),
        ("A\u200bn\u2060n\ufeff", "Ann"),  # of no width
        ("\u202eAnn\u202c \u2066x\u2069", "Ann x"),  # turns the text around
        ("A\0n\x1b[31mn\x07", "An[31mn"),
        ("\u3164Ann\u2800", "Ann"),  # blank letters
        ("<b>*Ann*</b> $x$", "<b>*Ann*</b> $x$"),
        ("عمر", "عمر"),
        ("x" + "\u0336" * 20, "x\u0336\u0336"),
    ],
)
def test_a_name_is_shown_without_what_cannot_be_seen(typed, shown):
    assert clean_name(typed) == shown


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\u200b\u200d", "\u3164", "...", "-", "\u202e", "\u0301", "\ud800"],
)
def test_a_name_without_anything_to_see_is_refused(typed):
    with pytest.raises(UserError, match="Type your name"):
        clean_name(typed)


def test_a_name_is_at_most_24_characters_after_cleaning():
    assert clean_name("a" * 24 + "\u200b" * 100 + " ") == "a" * 24
    with pytest.raises(UserError, match="expected at most 24 characters, got 25"):
        clean_name("a" * 25)
    with pytest.raises(UserError, match="got 5,000,000 characters"):
        clean_name("a" * 5_000_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "ANN"),
        ("Straße", "STRASSE"),
        ("Ａｎｎ", "Ann"),
        ("Ann", "A\u200bnn"),
        ("Ann B", "ann\u00a0 b"),
        ("❤", "❤\ufe0f"),
        ("①", "1"),
    ],
)
def test_names_that_look_the_same_are_the_same(one, other):
    assert name_key(clean_name(one)) == name_key(clean_name(other))


@given(st.text(max_size=60))
def test_a_cleaned_name_stays_as_it_is(typed):
    try:
        name = clean_name(typed)
    except UserError:
        return
    assert clean_name(name) == name
    assert name_key(name)
    assert not [c for c in name if unicodedata.category(c)[0] == "C"]
    name.encode()  # PostgreSQL keeps it


def test_a_line_is_one_line_of_a_limited_length():
    assert clean_line("title", " Physics\n\u202e 4b\0 ", 80) == "Physics 4b"
    assert clean_line("title", "", 80) == ""
    with pytest.raises(UserError, match="title: expected at most 3 characters, got 4"):
        clean_line("title", "four", 3)


def test_a_message_quotes_the_beginning_of_what_was_typed():
    assert quoted("\u202e" + "x" * 1_000) == repr("x" * 99)
