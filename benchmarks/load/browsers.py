"""A few real browsers beside the simulated sessions."""

import re
import shutil
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from benchmarks.load.connection import COOKIE
from tests.browser.conftest import QUIET, READY, chromium

# A real browser has a machine of its own. Here it gets what the server leaves over.
# All its threads must, so its priority is set before it starts.
IDLE = """#!/bin/sh
exec chrt --idle 0 {program} "$@"
"""
BOARD_SIZE = {"width": 1920, "height": 1080}
WATCH = """() => {
  window.seen = []
  const note = () => {
    const found = document.body.innerText.match(/Epoch (\\d+) of/)
    if (!found) return
    const last = window.seen.at(-1)
    if (!last || last[0] !== +found[1]) window.seen.push([+found[1], Date.now() / 1000])
  }
  setInterval(note, 50)
}"""


# The tiles are in a component of their own: in a shadow root.
WATCH_BOARD = """() => {
  window.seen = []
  const shown = new Map()
  let tiles
  const find = () => [...document.querySelectorAll("*")]
    .map((host) => host.shadowRoot?.querySelector(".tiles")).find(Boolean)
  const note = () => {
    if (!tiles?.isConnected) tiles = find()
    for (const tile of tiles?.children ?? []) {
      const run = tile.dataset.run, word = tile.querySelector(".word").textContent
      if (!run || shown.get(run) === word) continue
      shown.set(run, word)
      window.seen.push([run, word, Date.now() / 1000])
    }
  }
  setInterval(note, 50)
}"""
EPOCH = re.compile(r"(\d+)/(\d+)")  # of a training on its tile


class Browsers:
    """Chromium, with a profile for each session."""

    def __init__(self, address, counts, home):
        self.address, self.counts, self.home = address, counts, home
        self._pages, self._board = [], None
        self._play = self._chromium = None

    async def _start(self):
        self._play = await async_playwright().start()
        self._chromium = await self._play.chromium.launch(
            executable_path=self._program(), args=QUIET
        )

    def _program(self):
        found = chromium() or self._play.chromium.executable_path
        if not shutil.which("chrt"):
            return found
        script = Path(tempfile.mkdtemp(dir=self.home)) / "chromium"
        script.write_text(IDLE.format(program=found))
        script.chmod(0o755)
        return script

    async def watch_run(self, owner, run):
        """Open a run in a new profile and record each epoch that is drawn."""
        page = await self._open(owner, f"stock?run={run}")
        await page.evaluate(WATCH)
        self._pages.append((page, run))

    async def watch_board(self, owner, code):
        """Open the board of a class, and record what each tile shows."""
        self._board = await self._open(owner, f"board?class={code}", BOARD_SIZE)
        await self._board.evaluate(WATCH_BOARD)

    async def _open(self, owner, path, size=None):
        if self._chromium is None:
            await self._start()
        context = await self._chromium.new_context(viewport=size)
        await context.add_cookies(
            [{"name": COOKIE, "value": owner, "url": self.address.url}]
        )
        page = await context.new_page()
        page.on("console", self._count_error)
        await page.goto(f"{self.address.url}/{path}")
        await page.wait_for_selector(READY, timeout=60_000)
        return page

    async def close(self):
        """Collect what was seen, and end the browser."""
        if self._board:
            self._note_tiles(await self._board.evaluate("window.seen"))
        for page, run in self._pages:
            watch = self.counts.new_browser_watch(run)
            for epoch, at in await page.evaluate("window.seen"):
                watch.see(epoch, at)
        if self._chromium:
            await self._chromium.close()
            await self._play.stop()

    def _note_tiles(self, seen):
        """Note the epochs that the tiles have shown; a result comes with the last."""
        watches, last = {}, {}
        for run, word, at in seen:
            if run not in watches:
                watches[run] = self.counts.new_tile_watch(run)
            if found := EPOCH.fullmatch(word):
                last[run] = int(found[2])
                watches[run].see(int(found[1]), at)
            else:
                watches[run].see(last.get(run, 0) if word == "Finished" else 0, at)

    def _count_error(self, message):
        # Below a page's path a browser first looks for the server, in vain: 404.
        if message.type == "error" and "404" not in message.text:
            self.counts.error(f"browser console: {message.text}")
