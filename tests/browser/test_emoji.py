"""The emoji page, as a person goes through it."""

from playwright.sync_api import expect

from tests.driver.browser.emoji import type_in


def test_the_answer_changes_as_one_types(visit):
    page = visit("emoji")
    heading = page.page.get_by_role("heading", level=2)
    type_in(page, "I am so hungry, where is the pizza")
    expect(heading.get_by_text("Food")).to_be_visible()
    type_in(page, "let's play baseball")
    expect(heading.get_by_text("Ball")).to_be_visible()
    drawn = page.page.get_by_role("img", name="ball", exact=True)
    expect(drawn).to_be_visible()
    type_in(page, "")
    expect(heading.get_by_text("No sentence")).to_be_visible()
