"""The board of a class in a browser."""

from playwright.sync_api import expect


def names(page, *wanted):
    expect(page.keyed("board_tiles").locator(".name")).to_have_text(list(wanted))
