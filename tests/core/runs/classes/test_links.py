"""Links to settings that a teacher pastes."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.classes.links import linked_pages, parse_link
from core.task import UserError

MINIMAL = "gru_step=Learning&gru_cell=mingru"
ADDING = "lstm_step=Learning&lstm_task=adding"


@pytest.mark.parametrize(
    "link",
    [
        f"https://unrolled.example/lstm?{ADDING}",
        f"http://192.168.0.7:8501/lstm/?{ADDING}#top",
        f"  /some/folder/lstm?{ADDING} \n",
        f"lstm?{ADDING}",
        f"lstm?{ADDING}&code=KXQWRT&rnn_step=Forward&lstm_text_kept=0123&lstm_%00=1",
    ],
)
def test_the_page_and_its_parameters_count_whatever_the_host(link):
    assert parse_link(link) == ("lstm", ADDING, "adding")


@pytest.mark.parametrize(
    ("link", "page", "query", "task"),
    [
        ("rnn?rnn_step=Learning", "rnn", "rnn_step=Learning", "text"),
        ("rnn?rnn_step=Backward", "rnn", "rnn_step=Backward", None),
        ("gru?gru_step=Learning&gru_cell=mingru", "gru", MINIMAL, "text"),
        ("stock?stock_units=16", "stock", "stock_units=16", "stock"),
        # Without settings, the parameter sees to it that the page has its defaults.
        ("http://x/lstm", "lstm", "lstm_step=The+cell", None),
        ("http://x/emoji?", "emoji", "emoji_model=best", "emoji"),
        ("music", "music", "music_model=default", "music"),
        ("stock", "stock", "stock_recipe=honest", "stock"),
    ],
)
def test_a_link_says_what_is_trained_there(link, page, query, task):
    assert parse_link(link) == (page, query, task)


@pytest.mark.parametrize(
    "link",
    [
        "http://x/lstm?run=0123456789abcdef0123456789abcdef&lstm_step=Learning",
        "http://x/shared?share=abc",
        "http://x/shared?class=KXQWRT&run=0123",
    ],
)
def test_a_link_to_a_run_is_refused_with_the_way_to_one_to_settings(link):
    with pytest.raises(UserError, match=r"got one to a run\. Open the page"):
        parse_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "?lstm_step=Learning",
        "http://x/runs",
        "http://x/classes?code=KXQWRT&teacher=secret",
        "http://[::1/classes?teacher=secret",
        "http://[::1",
        "http://x/",
        "lstmx",
        "javascript:alert(1)",
        "<b>",
        "lstm?" + "&".join(["lstm_a=1"] * 101),
    ],
)
def test_links_to_other_places_are_refused_with_a_remedy_and_no_token(link):
    with pytest.raises(UserError, match=r"link: expected one to .* Open") as refusal:
        parse_link(link)
    assert "secret" not in str(refusal.value)


def test_a_link_is_no_longer_than_an_address():
    value = "é" * 250  # six characters each in an address
    assert parse_link("emoji?" + urlencode({"emoji_text": value}))[0] == "emoji"
    with pytest.raises(UserError, match="at most 1,500 characters for emoji_text"):
        parse_link("emoji?" + urlencode({"emoji_text": value + "x"}))
    many = {f"emoji_t{n}": "x" * 1_400 for n in range(6)}
    with pytest.raises(UserError, match="settings of at most 8,000 characters, got 8"):
        parse_link("emoji?" + urlencode(many))
    with pytest.raises(UserError, match="at most 20,000 characters, got 1,000,006"):
        parse_link("emoji?" + "x" * 1_000_000)


@given(st.sampled_from(["", *linked_pages()]), st.text(max_size=80))
def test_any_text_is_a_link_or_a_sentence(page, text):
    try:
        found, query, _ = parse_link(f"{page}?{text}")
    except UserError:
        return
    assert found == page
    assert parse_link(f"{found}?{query}")[:2] == (found, query)
