"""What a person typed, or called a file, is shown as it is and does nothing."""

import re

import numpy as np
import pytest

from core.registry import get_task
from pages.ui.session import platform
from tests.core.music.music_files import TUNE, line, midi
from tests.driver.pages.app import open_page
from tests.security.bombs import PICTURE

MARKUP = (
    "<img src=x onerror=alert(1)><b>bold</b> **bold** [link](javascript:alert(1)) "
    "![i](http://127.0.0.1/i.png) :red[red] `code` $x^2$ :material/bolt: ~~s~~"
)
# What of it would do something, if it came into a text as it is.
ALIVE = (
    "<img",
    "<b>",
    "**bold",
    "](javascript",
    "![i]",
    ":red[red",
    "`code",
    "$x^2$",
    ":material/bolt:",
    "~~s",
)
ESCAPED = re.compile(r"\\.")
RENDERED = ("markdown", "caption", "error", "warning", "info", "success", "title")


def texts_of(page):
    """Everything on a page that is drawn as Markdown."""
    assert not page.exception
    texts = [part.value for kind in RENDERED for part in getattr(page, kind)]
    boxes = [*page.expander, *page.tabs, *page.button, *page.metric]
    return [str(text) for text in (*texts, *(box.label for box in boxes))]


def alive(page):
    """Texts of a page in which what a person typed would do something."""
    texts = [ESCAPED.sub("", text) for text in texts_of(page)]
    return [text for text in texts if any(sign in text for sign in ALIVE)]


def shown(page, part):
    """Whether some text of a page says what a person typed."""
    return any(part in text.replace("\\", "") for text in texts_of(page))


def test_a_sentence_is_no_markup_on_the_emoji_page():
    page = open_page("emoji")
    page.text_input(key="emoji_text").set_value(MARKUP).run()
    for view in ("Words", "Word by word", "Neighbours", "Word order", "Map"):
        page.segmented_control(key="emoji_why").set_value(view).run()
        assert alive(page) == []
        assert shown(page, "bold")


def test_names_of_files_and_columns_are_no_markup_on_the_price_page():
    page = open_page("stock")
    days = np.datetime64("2015-01-01") + np.arange(700)
    rows = "\n".join(f"{day},{5 + n},{6 + n}" for n, day in enumerate(days))
    for head, name in (("Close,Volume", MARKUP), (f'"{MARKUP}",b', "prices")):
        page.segmented_control(key="stock_source").set_value("Upload").run()
        box = page.file_uploader(key="stock_upload")
        box.upload(f"{name}.csv", f"Date,{head}\n{rows}".encode()).run()
        assert alive(page) == []
    page.selectbox(key="stock_column").set_value(MARKUP).run()
    assert alive(page) == []


def test_a_refused_file_of_each_page_is_noted_in_the_log(caplog):
    page = open_page("stock")
    page.segmented_control(key="stock_source").set_value("Upload").run()
    page.file_uploader(key="stock_upload").upload("a.csv", PICTURE).run()
    page = open_page("emoji")
    page.session_state["emoji_tabs"] = "Many at once"
    page.file_uploader(key="emoji_upload").upload("a.csv", PICTURE).run()
    page = open_page("music")
    page.segmented_control(key="music_corpus").set_value("upload").run()
    box = page.file_uploader(key="music_upload")
    box.set_value([("a.mid", PICTURE, "audio/midi")]).run()
    noted = [line for line in caplog.messages if line.startswith("refused ")]
    assert [line.split(":")[0] for line in noted] == [
        "refused a file of prices",
        "refused a file",
        "refused a music file",
    ]


def test_a_ticker_is_no_markup_and_its_refusal_is_noted_once(caplog):
    page = open_page("stock")
    page.segmented_control(key="stock_source").set_value("Ticker").run()
    page.text_input(key="stock_ticker").set_value(f"A\nrefused: {MARKUP}").run().run()
    assert alive(page) == []
    (noted,) = [line for line in caplog.messages if "refused a ticker" in line]
    assert noted == "refused a ticker: ConfigError"
    assert shown(page, "refused")


def test_files_tracks_titles_and_chords_are_no_markup_on_the_music_page():
    page = open_page("music")
    page.segmented_control(key="music_corpus").set_value("upload").run()
    band = midi((MARKUP, 0, 0, line(TUNE * 6)), ("<img>", 1, 0, line(TUNE * 6)))
    files = [(f"{MARKUP}.mid", band), (f"{MARKUP}.xml", b"<score-partwise>")]
    box = page.file_uploader(key="music_upload")
    box.set_value([(name, content, "audio/midi") for name, content in files]).run()
    assert alive(page) == []
    assert shown(page, "bold")
    page.text_input(key="music_track_chords").set_value(MARKUP).run()
    assert alive(page) == []
    page.text_area(key="music_chords").set_value(MARKUP).run()
    assert alive(page) == []
    assert page.error


def test_a_text_to_learn_from_and_the_many_sentences_are_no_markup():
    page = open_page("rnn", rnn_step="Learning", rnn_data="Own text")
    page.text_area(key="rnn_text").set_value(MARKUP).run()
    assert alive(page) == []
    page = open_page("emoji")
    page.session_state["emoji_tabs"] = "Many at once"
    page.text_area(key="emoji_paste").set_value(f"{MARKUP}\n{MARKUP}").run()
    assert alive(page) == []
    content = f"text,label\n{MARKUP},{MARKUP}\n".encode()
    for key in ("emoji_upload", "emoji_teach_upload"):
        page.file_uploader(key=key).upload(f"{MARKUP}.csv", content).run()
        assert alive(page) == []
        assert shown(page, "bold")


@pytest.mark.parametrize("name", ["stock", "emoji"])
def test_the_title_and_the_error_of_a_run_are_no_markup(name):
    page = open_page(name)
    owner, store = page.session_state["owner"], platform().store
    run_id = store.create(owner, name, get_task(name).tiny()[0], title=MARKUP, data=b"")
    store.give_up(run_id, "failed", MARKUP)
    for place in (name, "runs"):
        page = open_page(place, owner, **({} if place == "runs" else {"run": run_id}))
        assert alive(page) == []
        assert shown(page, "bold")


@pytest.mark.parametrize("run", ["../../x", "\0", "0" * 32, MARKUP, "' OR '1'='1"])
def test_a_guessed_address_shows_the_page_and_says_what_it_is(run, caplog):
    page = open_page("stock", run=run)
    assert alive(page) == []
    assert shown(page, "not yours or was deleted")
    assert "run" not in page.query_params
    assert "refused the run" in caplog.text
    assert "\n" not in caplog.messages[-1]
