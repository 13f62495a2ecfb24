"""A number that a person types is not lost to a slow server."""

import re

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Page
from tests.conftest import wait_until

EPOCHS, UNITS = "stock_epochs", "stock_units"


@pytest.fixture
def slow(browser, dashboard):
    """A page whose connection holds messages of the server, or to it, for a while."""
    page = Page(browser.new_context().new_page(), dashboard)
    page.is_held, page.is_server_held = False, False
    ends, held, unheard = [], [], []  # messages to the browser and to the server

    def connect(route):
        server = route.connect_to_server()
        ends[:] = [route, server]
        server.on_message(
            lambda message: (held.append if page.is_held else route.send)(message)
        )
        route.on_message(
            lambda message: (unheard.append if page.is_server_held else server.send)(
                message
            )
        )

    def ended():
        """The number of held script runs that have ended."""
        page.page.title()  # while the browser is asked, messages come
        kinds = [ForwardMsg.FromString(message).WhichOneof("type") for message in held]
        return kinds.count("script_finished")

    def release():
        page.is_held = page.is_server_held = False
        for end, messages in zip(ends, (held, unheard), strict=True):
            while messages:
                end.send(messages.pop(0))

    page.ended, page.release = ended, release
    page.page.route_web_socket(re.compile("/_stcore/stream"), connect)
    page.open("stock")
    page.open_settings("stock_recipe")
    page.settle()
    yield page
    page.page.context.close()


def box(page, key):
    return page.keyed(key).locator("input")


def choose_classic(page):
    """Choose a recipe; return the units that it changes."""
    before = box(page, UNITS).input_value()
    page.keyed("stock_recipe").get_by_text("Classic, flawed").click()
    return before


def shows(page, key, value):
    wait_until(lambda: box(page, key).input_value() == value, what=f"{key} {value}")


def in_address(page, setting):
    wait_until(
        lambda: setting in page.page.evaluate("location.search"), what="the address"
    )


def test_a_preset_that_comes_while_you_type_leaves_your_number(slow):
    slow.is_held = True
    units = choose_classic(slow)
    wait_until(slow.ended, what="the presets")
    box(slow, EPOCHS).fill("12")
    slow.release()
    wait_until(lambda: box(slow, UNITS).input_value() != units, what="the presets")
    slow.page.keyboard.type("00")
    slow.page.keyboard.press("Tab")
    slow.settle()
    shows(slow, EPOCHS, "1200")
    in_address(slow, "stock_epochs=1200")


def test_a_number_does_not_merge_with_that_of_a_preset(slow):
    slow.is_held = True
    choose_classic(slow)
    wait_until(slow.ended, what="the presets")
    box(slow, EPOCHS).select_text()
    slow.release()
    shows(slow, EPOCHS, "1000")
    slow.page.keyboard.type("12")
    assert box(slow, EPOCHS).input_value() == "12"


def test_a_preset_that_comes_after_your_number_leaves_it(slow):
    slow.is_held = True
    units = choose_classic(slow)
    wait_until(slow.ended, what="the presets")
    box(slow, EPOCHS).fill("1200")
    slow.page.keyboard.press("Tab")
    wait_until(lambda: slow.ended() > 1, what="the answer to the number")
    slow.release()
    wait_until(lambda: box(slow, UNITS).input_value() != units, what="the presets")
    slow.settle()
    shows(slow, EPOCHS, "1200")
    in_address(slow, "stock_epochs=1200")


def test_a_number_stays_that_reaches_the_server_with_the_preset(slow):
    slow.is_server_held = True
    units = choose_classic(slow)
    box(slow, EPOCHS).fill("1200")
    slow.page.keyboard.press("Tab")
    slow.release()
    wait_until(lambda: box(slow, UNITS).input_value() != units, what="the presets")
    slow.settle()
    shows(slow, EPOCHS, "1200")
    in_address(slow, "stock_epochs=1200")


def test_a_preset_replaces_a_number_that_was_typed_before(slow):
    slow.fill(EPOCHS, 1200)
    in_address(slow, "stock_epochs=1200")
    choose_classic(slow)
    shows(slow, EPOCHS, "1000")
