"""Whatever is typed is cut into words, and what is not known is said."""

import pytest

from core.emoji.text.tokens import MAX_WORDS, tokenize
from tests.core.emoji.helpers import rank

# As typed -> the words that are read; in brackets, unknown ones.
TOKENIZED = {
    "I'm happy": "i 'm happy",
    "don't": "do n't",
    "It’s fine": "it 's fine",
    "happy!": "happy !",
    "wow!!": "wow !",
    "well... ok": "well ... ok",
    "well… ok": "well ... ok",
    "“great”": '" great "',
    "$5 lunch": "$ 5 lunch",
    "100%": "100 %",
    "@bob hi": "bob hi",
    "#happy": "happy",
    "#BestDayEver": "best day ever",
    "see https://a.bc/d?e now": "see [https://a.bc/d?e] now",
    "I love you <3": "i love you love",
    "so sad :'(": "so sad crying",
    "LOL xD": "lol laughing",
    "❤️": "love",
    "👍🏽": "good",
    "🍕": "slice pizza",
    "hahahahaha": "haha",
    "soooo gooood": "so good",
    "lmao": "lol",
    "selfie": "[selfie]",
    "asdfghjkl": "[asdfghjkl]",
    "我爱你": "[我爱你]",
    "123": "123",
    "": "",
    "   ": "",
    "dont u luv it": "do n't you love it",
    "gr8 thx": "great thanks",
    "covid": "flu",
    "idk": "i do n't know",
    "i cant, wont": "i ca n't , wo n't",
    "shouldn't've": "should n't 've",
    "hapy brithday": "happy birthday",
    "at 5:37pm": "at 5 : 37 pm",
    "mother-in-law's": "mother in law 's",
    "ñandú": "nandu",
    "O'Clock": "o'clock",
    "ＦＯＯＤ": "food",
    "a\x00b\u200dc\ufeff": "abc",
    "\ud800 ok": "ok",
    # Numerals and abbreviations are words of their own, drawn-out words are not.
    "World War III": "world war iii",
    "Henry VIII": "henry viii",
    "AAA batteries": "aaa batteries",
    "AAAA nooo": "a no",
    "U.S. team": "u.s. team",
    "the U.K. and J.R.R. Tolkien, e.g.": "the u.k. and j.r.r. tolkien , e.g.",
    "at 3 p.m., ok.I go": "at 3 p.m. , ok . i go",
    "leonardo da vinci": "leonardo da vinci",
    "u r da best in da house": "you are the best in the house",
    # Faces: one that ends a bracket is none, one after a word is.
    "ready!): ok": "ready ! ) : ok",
    "that hurt ):": "that hurt sad",
    "no:( but ok:)": "no sad but ok happy",
    "score 3:0 at 10:30": "score 3:0 at 10:30",
    # Slips: swapped, doubled, left out, another vowel.
    "my freind lsot his jbo": "my friend lost his job",
    "brekfast at teh footbal": "breakfast at the football",
    "yuo are angrey": "you are angry",
}


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
