"""That `Page.settle` waits for the server, however slow it is."""

import os
import signal
import threading
from contextlib import contextmanager

SECONDS = 3.0


@contextmanager
def silent(dashboard):
    """Stop a server, which goes on after a while; yield the event that it does."""
    goes_on = threading.Event()

    def go_on():
        goes_on.set()
        os.kill(dashboard.pid, signal.SIGCONT)

    os.kill(dashboard.pid, signal.SIGSTOP)
    timer = threading.Timer(SECONDS, go_on)
    timer.start()
    try:
        yield goes_on
    finally:
        timer.join()


def test_a_page_settles_when_a_slow_server_has_answered(
    visit_own, own_dashboard, tmp_path
):
    page = visit_own("stock")
    page.open_settings("stock_epochs")
    with silent(own_dashboard) as goes_on:
        page.fill("stock_epochs", 7)
        assert goes_on.is_set()
    assert "stock_epochs=7" in page.page.url
    page.choose("stock_source", "Upload")
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with silent(own_dashboard) as goes_on:
        page.keyed("stock_upload").locator("input[type=file]").set_input_files(picture)
        page.settle()
        assert goes_on.is_set()
    assert page.page.get_by_text("got a file that is not text").first.is_visible()
