"""Sentences in other languages are called that, and English ones are answered."""

import csv

import pytest

from core.emoji.model.answering import NOT_ENGLISH, answers_csv
from core.emoji.pretrained import load
from core.emoji.text.corpus import shipped
from core.emoji.text.language import is_english
from core.emoji.text.rows import Rows
from tests.core.emoji.helpers import rank

OTHER = """je t'aime|guten Morgen|te quiero mucho|ti amo|muchas gracias|ich liebe dich
hoy estoy muy feliz|das Essen war lecker|c'est la vie|eu te amo|ik hou van jou
Я тебя люблю|我爱你|안녕하세요|σ' αγαπώ|أحبك|मैं बहुत खुश हूँ|jag älskar dig
maçı kazandık|przegraliśmy mecz|maten var god"""
CHAT = """wyd rn|lmaooo bruh|gonna grab some tacos w maria|omg jose is soooo late
sup bro|ur mum lol|nah fam|Gr8 m8|Siobhan and Niamh r coming|Ronaldo scored vs Juventus
sushi ramen udon|croissant and cappuccino pls|Bayern beat Dortmund|hahaha nooo|ok|no
grabed a burito|thnks luv|Van Gogh painted this|no way jose|die|me|😍|<3|123|
asdfghjkl
am in|la la land was great|en route home|dont hav any tho|he ate 2 kebabs
Xavi is back|Siobhan and Nguyen are getting married|GG EZ|viva la vida is on
ciao bella, see you at 8|Deutsche Bank called|mon dieu that was close|he ded|ily"""


@pytest.mark.parametrize("text", OTHER.replace("\n", "|").split("|"))
def test_another_language_is_called_that(text):
    (answer,) = load().answer([text])
    assert not answer.english
    assert not answer.sure
    assert not answer.mixed
    assert answer.title == "not English"
    assert answer.notices == (NOT_ENGLISH,)


@pytest.mark.parametrize("text", CHAT.replace("\n", "|").split("|"))
def test_chat_with_slang_names_and_typing_errors_is_english(text):
    assert is_english(text, rank)


@pytest.mark.parametrize("name", ["train", "test", "challenge", "development"])
def test_at_most_one_english_sentence_in_two_hundred_is_called_foreign(name):
    texts = getattr(shipped(), name).texts
    assert sum(not is_english(text, rank) for text in texts) <= 0.005 * len(texts)


def test_the_mixed_set_is_told_apart_by_language():
    rows: Rows = shipped().mixed
    other = rows.of_phenomenon("foreign")
    found = [not is_english(text, rank) for text in rows.texts]
    assert sum(found[n] for n in other.nonzero()[0]) >= 0.95 * other.sum()
    assert sum(found[n] for n in (~other).nonzero()[0]) <= 0.005 * (~other).sum()


def test_downloads_say_what_is_not_english():
    answers = load().answer(["je t'aime", "I love you"])
    french, english = csv.DictReader(answers_csv(answers).splitlines())
    assert (french["english"], french["sure"]) == ("no", "no")
    assert (english["english"], english["sure"]) == ("yes", "yes")
