"""Real browsers beside the simulated users: they open pages, train and watch."""

import time
from urllib.parse import parse_qs, urlsplit

import psutil
from playwright.async_api import async_playwright

from pages.ui.web.server import COOKIE
from tests.browser.conftest import QUIET, READY, chromium

NO_EPOCH = '[data-epoch=""], [data-epoch="0"], :not([data-epoch])'
TIMEOUT = 90_000  # milliseconds


class Browsers:
    """Chromium, with a profile for each person."""

    def __init__(self, server, errors):
        self.server, self.errors = server, errors
        self.pages, self.first_epochs = [], []  # seconds

    async def __aenter__(self):
        self._play = await async_playwright().start()
        self._chromium = await self._play.chromium.launch(
            executable_path=chromium(), args=QUIET
        )
        for process in psutil.Process().children(recursive=True):
            if "chrom" in process.name():  # on other machines, were it a class
                process.nice(19)  # the lowest priority
        return self

    async def __aexit__(self, *_):
        await self._chromium.close()
        await self._play.stop()

    async def open(self, owner, path):
        """Open a page in a new profile."""
        context = await self._chromium.new_context()
        cookie = {"name": COOKIE, "value": owner, "url": self.server.url}
        await context.add_cookies([cookie])
        page = await context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.on("console", self._count_error)
        await page.goto(f"{self.server.url}/{path}")
        await page.wait_for_selector(READY)
        self.pages.append(page)
        return page

    async def train(self, page):
        """Press Train, wait for the first epoch on the page, and return the run."""
        began = time.monotonic()
        await page.locator(".st-key-lstm_train button").first.click()
        await page.wait_for_selector(f".live:not({NO_EPOCH}), .st-key-lstm_close")
        self.first_epochs.append(time.monotonic() - began)
        return parse_qs(urlsplit(page.url).query).get("run", [""])[0]

    async def leave(self):
        """Close all pages."""
        for page in self.pages:
            await page.context.close()
        self.pages, self.first_epochs = [], []

    def _count_error(self, message):
        # Below a page's path a browser first looks for the server, in vain: 404.
        if message.type == "error" and "404" not in message.text:
            self.errors[f"browser console: {message.text}"] += 1
