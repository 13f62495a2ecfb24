"""The emoji page says when it does not know, and how often it is sure and wrong."""

import pytest

from tests.driver.pages.app import open_page, text_of


@pytest.fixture(scope="module")
def page():
    return open_page("emoji")


def test_a_neutral_sentence_is_not_surely_an_emoji(page):
    page.text_input(key="emoji_text").set_value("the meeting is at three").run()
    assert not page.exception
    said = text_of(page)
    assert "## None of these" in said or "## Not sure" in said


def test_another_language_is_called_that_and_not_none(page):
    page.text_input(key="emoji_text").set_value("je t'aime").run()
    assert not page.exception
    said = text_of(page)
    assert "## I read English only" in said
    assert "Sure:" not in said
    assert "If it is English" not in said
    assert not any("an explanation needs one" in info.value for info in page.info)
    assert any("Type the sentence in English" in info.value for info in page.info)


def test_none_of_these_has_no_explanation(page):
    page.text_input(key="emoji_text").set_value("the bank is next to the library").run()
    assert "None of these" in text_of(page)
    assert any("an explanation needs one" in info.value for info in page.info)


def test_a_higher_threshold_covers_less_and_is_wrong_less_often(page):
    page.session_state["emoji_tabs"] = "Judgement"
    page.run()
    shares = {}
    for threshold in (0.5, 0.95):
        page.slider(key="emoji_threshold").set_value(threshold).run()
        assert not page.exception
        text = next(
            m.value for m in page.markdown if "difficult development" in m.value
        )
        shares[threshold] = [
            float(part.split("%")[0]) for part in text.split("**")[1::2]
        ]
    assert shares[0.5][0] > shares[0.95][0]
    assert shares[0.5][1] > shares[0.95][1]


def test_sure_and_wrong_is_said_for_each_phenomenon(page):
    page.session_state["emoji_tabs"] = "Judgement"
    page.run()
    table = next(t.value for t in page.table if "Sure and wrong" in t.value.columns)
    named = set(table["Phenomenon"])
    assert {"all", "neutral", "idiom", "sarcasm", "slang", "typo", "foreign"} == named
    assert "counts as an answer" in text_of(page)
