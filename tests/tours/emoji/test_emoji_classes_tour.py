"""Classes of one's own, from nothing, as a person makes them."""

import time

from playwright.sync_api import expect

from tests.driver.browser.emoji import download, type_in

CALM = """\
I lay in the hammock all afternoon
the lake is still and nobody talks
we sat and looked at the stars
a cup of tea and a good book
the baby is asleep at last
slow music and a warm bath
no plans, no phone, no hurry
I breathe in and out and smile"""
HURRY = """\
quick, the bus is coming
I have no time, call me later
we are late, run
hurry up or we miss the train
the deadline is in ten minutes
faster, please, the shop is closing
I ran all the way to the station
there is no time to lose"""


def write(page, number, name, sentences):
    """Fill a box; the page takes what is in it when one leaves it."""
    inner = page.keyed(f"emoji_class_name_{number}").locator("input")
    inner.fill(name)
    inner.press("Enter")
    page.settle()
    area = page.keyed(f"emoji_class_sentences_{number}").locator("textarea")
    area.fill(sentences)
    area.press("Control+Enter")
    page.settle()


def test_own_classes_from_nothing_to_answers_in_under_two_minutes(visit):
    begin = time.perf_counter()
    page = visit("emoji")
    page.choose("emoji_source", "Own classes")
    page.sees("Write 8 sentences or more")
    page.page.get_by_role("link", name="Your classes").first.click()
    title = page.page.get_by_role("heading", name="Your classes")
    expect(title).to_be_in_viewport()
    write(page, 0, "🧘 calm", CALM)
    page.sees("got only 🧘 calm")
    write(page, 1, "🏃‍♀️ hurry", HURRY.rpartition("\n")[0])
    page.sees("got 7 of 🏃‍♀️ hurry")
    expect(page.keyed("emoji_train").get_by_role("button")).to_be_disabled()
    write(page, 1, "🏃‍♀️ hurry", HURRY)
    page.sees("16 sentences of 2 classes")
    page.press("emoji_train")
    page.sees("Of 16 sentences, .* get their class")
    page.sees("95% interval")
    page.sees("What would help most")
    type_in(page, "run, we have no time, the train is leaving")
    heading = page.page.get_by_role("heading", level=2)
    expect(heading.get_by_text("Hurry")).to_be_visible()
    assert time.perf_counter() - begin < 120
    page.fits(1280)
    # It is there after a reload, listed, and answers by its own classes.
    page.page.reload()
    page.settle()
    page.sees("Of 16 sentences, .* get their class")
    expect(page.keyed("emoji_correct").get_by_text("calm")).to_be_visible()
    box = page.keyed("emoji_class_sentences_2").locator("textarea")
    expect(box).to_have_value(CALM)
    page.page.get_by_role("tab", name="Many at once").click()
    assert "p_calm,p_hurry" in download(page, "emoji_download").splitlines()[0]
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("2 classes, .* right in cross-validation")
    page.assert_quiet()


def test_own_classes_fit_a_phone(visit):
    page = visit("emoji", 390)
    page.choose("emoji_source", "Own classes")
    page.pick("emoji_class_starter", "Film reviews")
    page.sees("180 sentences of 3 classes")
    page.fits(390)
