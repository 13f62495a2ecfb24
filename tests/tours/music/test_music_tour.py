"""The music page: its files, its tracks, and every tab at every width."""

import io
import re
import wave
import xml.etree.ElementTree as ET

import numpy as np
import psutil
import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.music import (
    audio,
    download,
    drawn,
    heard,
    melody,
    roll,
    source,
    tab,
    upload,
)
from tests.driver.pages.music import BAND, SOLO


@pytest.fixture
def page(visit):
    page = visit("music")
    expect(audio(page)).to_be_attached(timeout=60_000)
    return page


TABS = (
    *("Training", "Result", "Judgement", "Human or model?", "Take away"),
    "How it works",
)
LIT = "all => all.findIndex(one => one.classList.contains('now'))"


def test_generating_gives_another_sound_and_all_its_files(page):
    before = source(page)
    page.page.get_by_text("Sampling, primer").click()
    box = page.keyed("music_seed").locator("input")
    box.fill("7")
    box.press("Enter")
    page.settle()
    assert source(page) == before
    page.press("music_generate")
    expect(audio(page)).not_to_have_attribute("src", before)
    page.settle()
    tab(page, "Take away")
    with wave.open(io.BytesIO(download(page, "music_download_wav"))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 2**15
        seconds = file.getnframes() / file.getframerate()
    assert seconds == pytest.approx(audio(page).evaluate("a => a.duration"), abs=0.1)
    assert np.sqrt(np.mean(samples**2)) > 0.01
    assert np.abs(samples).max() < 1
    written = melody(download(page, "music_download"))
    page.page.get_by_text("The tokens").click()
    tokens = download(page, "music_download_txt").decode().split()
    assert len(tokens) == 16 * 8  # sixteenths of sixteen bars of 2/4
    assert len([t for t in tokens if t not in ("hold", "rest")]) == len(written)
    score = ET.fromstring(download(page, "music_download_musicxml"))
    assert score.tag == "score-partwise"
    assert score.findall(".//harmony")


def test_a_track_of_an_upload_is_chosen_heard_and_improvised_on(page, tmp_path):
    upload(page, tmp_path / "my [band].mid", BAND)
    page.sees(f"{len(SOLO)} notes in 24 bars of 4/4")
    wait_until(lambda: len(drawn(page, "music_preview")) == len(SOLO), what="the roll")
    page.pick("music_track", "(Bass)")
    page.sees("96 notes in 24 bars of 4/4")
    wait_until(lambda: len(drawn(page, "music_preview")) == 96, what="the bass")
    roll(page, "music_preview").get_by_role("button", name="Play (space)").click()
    wait_until(lambda: heard(page, "music_preview") > 0.3, what="sound")

    upload(page, tmp_path / "broken.mid", BAND[:300])
    page.sees("broken or cut off")
    assert len(drawn(page, "music_preview")) == 96

    before = source(page)
    page.press("music_improvise")
    expect(audio(page)).not_to_have_attribute("src", before)
    expect(roll(page)).to_contain_text("the primer, which it only read")
    page.settle()
    pitches = melody(download(page, "music_download"))[:, 1]
    assert list(pitches[:16]) == [48] * 4 + [41] * 4 + [43] * 4 + [48] * 4


def test_every_tab_fits_every_screen_and_says_nothing_in_the_console(page):
    for width in (1280, 390):
        page.page.set_viewport_size({"width": width, "height": 900})
        for name in TABS:
            tab(page, name)
            page.fits(width)
    assert [c for c in page.complaints if "404" not in c] == []


def test_an_epoch_is_heard_while_the_training_goes_on(page, dashboard, tmp_path):
    upload(page, tmp_path / "band.mid", BAND)
    page.sees(f"{len(SOLO)} notes")
    page.fill("music_epochs", 500)
    page.fill("music_units", 8)
    page.fill("music_patience", 0)
    page.fill("music_train_seed", 108)  # a training that nobody else follows
    page.press("music_train")
    page.sees("Listen to the latest epoch", seconds=60)
    page.press("music_hear")
    expect(audio(page, "music_epoch")).to_be_attached()
    first = source(page, "music_epoch")
    wait_until(lambda: heard(page, "music_epoch") > 0.2, what="sound")
    epoch, then = page.epoch(), heard(page, "music_epoch")
    wait_until(lambda: page.epoch() > epoch, what="the next epoch")
    wait_until(lambda: heard(page, "music_epoch") > then, what="more of the sound")
    assert source(page, "music_epoch") == first
    maps = [m.path for m in psutil.Process(dashboard.pid).memory_maps()]
    assert not [path for path in maps if "tensorflow" in path]
    page.press("music_stop")
    page.sees("Stopped", seconds=90)
    page.sees("Played by your model")


def test_sheet_music_follows_the_sound_and_is_printed(page):
    before = source(page)
    page.page.set_viewport_size({"width": 1900, "height": 1000})  # room for two pages
    page.page.get_by_text("Tempo, length, key").click()
    page.fill("music_bars", 40)
    page.press("music_generate")
    expect(audio(page)).not_to_have_attribute("src", before)
    page.settle()
    page.choose("music_view", "Notation")
    sheet = page.keyed("music_notation").locator(".lesson")
    expect(sheet.locator(".page:visible")).to_have_count(2)
    expect(sheet.locator(".measure")).to_have_count(40)
    expect(sheet.locator(".measure.now")).to_have_count(0)
    sheet.get_by_role("button", name="Play (space)").click()
    measures = sheet.locator(".measure")
    wait_until(lambda: measures.evaluate_all(LIT) >= 2, what="the third measure")
    assert heard(page) > 2  # bars of 1.2 s
    sheet.get_by_role("button", name="Pause (space)").click()
    first = sheet.locator(".page").first.locator(".measure").count()  # of page 2
    second = sheet.locator(".measure").nth(first + 1)
    second.locator(".spot").click()
    there = pytest.approx(1.2 * (first + 1), abs=0.1)
    wait_until(lambda: heard(page) == there, what="the second bar of page 2")
    expect(second).to_have_class("measure now")
    sheet.press("ArrowLeft")
    expect(sheet.locator(".readout")).to_have_text(f"Bar {first + 1}, page 2")

    page.page.evaluate("window.print = () => { window.printed = true }")
    sheet.get_by_role("button", name="Print, or save as PDF").click()
    wait_until(lambda: page.page.evaluate("window.printed"), what="the dialog")
    pages = page.page.locator(".notation-print > svg")
    assert pages.count() == sheet.locator(".page").count() == 2
    document = page.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", document)) == 2
    page.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(pages).to_have_count(0)

    page.page.set_viewport_size({"width": 390, "height": 844})
    expect(sheet.locator(".page:visible")).to_have_count(1)
    expect(sheet.locator(".clock")).to_contain_text(re.compile(r"of ([5-9]|1\d)$"))
    page.fits(390)
