"""The unit that counts: followed over the epochs, read, chosen, switched off."""

from playwright.sync_api import expect

ADDRESS = (
    "lstm?lstm_step=Forward&lstm_forward_network=Trained"
    "&lstm_trained_view=The+unit+that+counts"
)


def open_unit(visit, width=1280):
    page = visit(ADDRESS, width)
    box = page.keyed("lstm_units_text").locator(".lesson")
    expect(box.locator(".text [data-i]").first).to_be_visible(timeout=60_000)
    return page, box


def test_a_unit_is_followed_over_the_epochs(visit):
    page, box = open_unit(visit)
    expect(box).to_have_attribute("data-epoch", "40")
    box.get_by_role("button", name="Play (space)").click()
    expect(box).to_have_attribute("data-playing", "false")  # at the end again
    expect(box).to_have_attribute("data-epoch", "40")
    colours = "all => all.map((one) => getComputedStyle(one).backgroundColor).join()"
    trained = box.locator(".text [data-i]").evaluate_all(colours)
    box.get_by_label("Epoch", exact=True).fill("0")
    expect(box).to_have_attribute("data-epoch", "0")
    expect(box.get_by_text("Before training")).to_be_visible()
    assert box.locator(".text [data-i]").evaluate_all(colours) != trained
    page.choose("lstm_units_colours", "What is lost without it")
    page.sees("At the ends of names")
    page.choose("lstm_units_colours", "Its state")
    expect(box).to_have_attribute("data-epoch", "40")


def test_characters_are_read_by_pointer_and_by_keyboard(visit):
    page, box = open_unit(visit, 390)
    reading = box.locator(".readout strong")
    box.locator(".text [data-i]").nth(11).hover()
    expect(reading).to_contain_text("Character 12,")
    box.locator(".text").focus()
    page.page.keyboard.press("ArrowRight")
    expect(reading).to_contain_text("Character 13,")
    page.assert_quiet()
