"""A dashboard in a process of its own, and a real browser in front of it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

from tests.browser import firefox
from tests.conftest import wait_until

ROOT = Path(__file__).parents[2]
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
# Notes which answers of the server a page awaits. A message that asks for a run of the
# script awaits the run's beginning, and then its end. A run that ends early makes way
# for another one. Heartbeats and the like await nothing. The numbers are those of the
# fields in Streamlit's messages BackMsg and ForwardMsg (Protocol Buffers).
NOTE_ANSWERS = """(() => {
  if (window.answers) return
  const HASH = 1, METADATA = 2, NEW_SESSION = 4, SCRIPT_FINISHED = 6, EARLY = 2
  const RERUN_SCRIPT = 11, FILE_URLS = [16, 19], BACKEND_OPERATION = [19, 27]
  const ANSWERS = new Map([[RERUN_SCRIPT, NEW_SESSION], FILE_URLS, BACKEND_OPERATION])
  const awaited = new Set([NEW_SESSION])
  const answers = (window.answers = { awaited, asked: 0, since: null })
  answers.begun = () => !awaited.has(NEW_SESSION)
  // The field that a message has, and its value if it is a number.
  const parse = (bytes) => {
    let at = 0
    const number = () => {
      for (let value = 0, shift = 0; ; shift += 7) {
        value |= (bytes[at] & 127) << shift
        if (!(bytes[at++] > 127)) return value
      }
    }
    for (;;) {
      const field = number() >> 3
      if (field !== HASH && field !== METADATA) return [field, number()]
      const length = number()
      at += length
    }
  }
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address)
      this.addEventListener("message", ({ data }) => {
        const [field, value] = parse(new Uint8Array(data))
        if (field === NEW_SESSION) awaited.add(SCRIPT_FINISHED)
        if (field !== SCRIPT_FINISHED || value !== EARLY) awaited.delete(field)
      })
      this.addEventListener("close", () => awaited.clear())
    }
    send(message) {
      const [field] = parse(message)
      if (field === RERUN_SCRIPT) answers.asked = performance.now()
      if (ANSWERS.has(field)) awaited.add(ANSWERS.get(field))
      super.send(message)
    }
  }
  // An upload, after which the page asks for a run.
  const send = XMLHttpRequest.prototype.send
  XMLHttpRequest.prototype.send = function (body) {
    if (body) {
      awaited.add(this)
      this.addEventListener("loadend", () => awaited.delete(this))
    }
    return send.call(this, body)
  }
})()"""
# A page draws for a moment after a run's end, and may then ask for another run.
IS_SETTLED = """ready => {
  const now = performance.now(), { answers } = window
  if (!answers) return false
  if (answers.awaited.size || !document.querySelector(ready)) answers.since = null
  else answers.since ??= now
  return answers.since !== null && now - answers.since >= 50
}"""
USUAL_TIMEOUT = 30_000  # milliseconds, of Playwright
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-quic"]
expect.set_options(timeout=40_000)  # a loaded machine is slow, not wrong


def chromium():
    """The installed browser, or None: then Playwright takes its own.

    Without windows it needs a tenth less of the processor's time.
    """
    windowless = "chromium-headless-shell"
    names = (windowless, "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Dashboard:
    """The server, which can be killed and started again at the same address."""

    program = ("-m", "streamlit")
    options = ("--server.address=127.0.0.1",)

    def __init__(self, home, output=subprocess.DEVNULL):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home, self.output = home, output
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [
                sys.executable,
                *self.program,
                "run",
                "app.py",
                *self.options,
                f"--server.port={self.port}",
            ],
            cwd=ROOT,
            env=os.environ | {"UNROLLED_HOME": str(self.home)},
            stdout=self.output,
            stderr=self.output,
        )
        self.pid = self.process.pid
        wait_until(self._answers, what="the dashboard")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def _answers(self):
        try:
            return urllib.request.urlopen(self.url + "/_stcore/health").read() == b"ok"
        except OSError:
            return False


class Running(Dashboard):
    """A dashboard that another test process has started."""

    def __init__(self, home, pid, port):
        self.home, self.pid, self.port = home, pid, port


@pytest.fixture(scope="session")
def dashboard(home):
    """The dashboard that all test processes of a run share; it ends with the run."""
    note = home / "dashboard.json"
    with FileLock(home / "dashboard.lock"):
        if note.exists():
            return Running(home, **json.loads(note.read_text()))
        started = Dashboard(home)
        note.write_text(json.dumps({"pid": started.pid, "port": started.port}))
    return started


@pytest.fixture
def own_dashboard(home):
    """Another one over the same store and cluster, which a test may kill."""
    dashboard = Dashboard(home)
    yield dashboard
    dashboard.kill()


class Profiles:
    """Browser profiles, each with one page, which tests use one after the other.

    A page that stays keeps the compiled scripts of the dashboard: a new profile takes
    three times as long for its first page. What a visitor leaves behind is cleared.
    A script that is given runs in each page before its own.
    """

    def __init__(self, browser, script=""):
        self.browser, self.script, self.unused = browser, script, []

    def take(self, width=1280, scheme="light", height=900):
        size = {"width": width, "height": height}
        if not self.unused:
            context = self.browser.new_context(viewport=size, color_scheme=scheme)
            if self.script:
                context.add_init_script(self.script)
            return context.new_page()
        page = self.unused.pop()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="null")
        return page

    def give_back(self, page, url):
        """Leave the dashboard, at an address of its own without scripts, and clear."""
        context = page.context
        for other in context.pages:
            if other != page:
                other.close()
        context.set_offline(False)
        page.goto(f"{url}/_stcore/health")
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
        context.clear_cookies()
        context.clear_permissions()
        page.set_default_timeout(USUAL_TIMEOUT)
        self.unused.append(page)


@pytest.fixture(scope="session")
def profiles(browser):
    return Profiles(browser)


@pytest.fixture(scope="session")
def firefox_profiles(play, tmp_path_factory):
    if firefox.installed() is None:
        pytest.skip("Firefox is not installed: see tests/install.sh")
    browser = play.firefox.launch(
        channel="moz-firefox",
        executable_path=firefox.executable(tmp_path_factory.mktemp("firefox")),
        firefox_user_prefs={"media.autoplay.default": 0},
    )
    yield Profiles(browser)
    browser.close()


@pytest.fixture
def visit(profiles, dashboard):
    """A function that opens a page in a browser profile of its own."""
    yield from _visits(profiles, dashboard)


@pytest.fixture
def visit_firefox(firefox_profiles, dashboard):
    """The same in Firefox."""
    yield from _visits(firefox_profiles, dashboard)


def _visits(profiles, dashboard):
    pages = []

    def visit(path="", width=1280, scheme="light", height=900):
        page = Page(profiles.take(width, scheme, height), dashboard)
        pages.append(page)
        page.open(path)
        return page

    yield visit
    for page in pages:
        page.stop_listening()
        profiles.give_back(page.page, dashboard.url)


@pytest.fixture
def visit_own(browser, own_dashboard):
    """A function that opens a page of the dashboard which a test may kill."""
    contexts = []

    def visit(path=""):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = Page(contexts[-1].new_page(), own_dashboard)
        page.open(path)
        return page

    yield visit
    for context in contexts:
        context.close()


class Page:
    """A browser page, with the few moves that the tests make again and again."""

    def __init__(self, page, dashboard):
        self.page, self.dashboard = page, dashboard
        self.outside, self.complaints = [], []
        page.add_init_script(NOTE_ANSWERS)
        page.on("request", self._note_request)
        page.on("console", self._note_complaint)
        page.on("pageerror", self._note_error)

    def stop_listening(self):
        self.page.remove_listener("request", self._note_request)
        self.page.remove_listener("console", self._note_complaint)
        self.page.remove_listener("pageerror", self._note_error)

    def open(self, path):
        self.page.goto(f"{self.dashboard.url}/{path}")
        self.settle()

    def settle(self):
        """Wait until the run that the last action began has ended."""
        end = time.monotonic() + 60
        while not self._is_settled():
            if time.monotonic() > end:
                pytest.fail(f"{self.page.url} does not come to rest: {self._seen()}")
            self.page.wait_for_timeout(50)

    def _is_settled(self):
        try:
            return self.page.evaluate(IS_SETTLED, READY)
        except PlaywrightError as error:
            if "navigation" not in str(error):
                raise
            return False  # the next page has not begun

    def _seen(self):
        """What is to be seen of a page that should stand still."""
        state = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
        text = self.page.inner_text("body")[:300]
        return f"{self.page.evaluate(state)}, {self.complaints}, {text!r}"

    def keyed(self, key):
        return self.page.locator(f".st-key-{key}")

    def press(self, key):
        self.keyed(key).get_by_role("button").first.click()

    def choose(self, key, label):
        self.keyed(key).get_by_text(label, exact=True).click()
        self.settle()

    def pick(self, key, label):
        """Choose an option of a list, which scrolling and redraws close."""
        box = self.keyed(key).locator("input")
        option = self.page.get_by_role("option", name=label)
        box.wait_for()
        self.settle()
        for timeout in (2_000, 2_000, USUAL_TIMEOUT):
            box.scroll_into_view_if_needed()
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
            box.click()
            with suppress(PlaywrightTimeoutError):
                option.click(timeout=timeout)
                return
        pytest.fail(f"no option {label} of {key}")

    def fits(self, width):
        """Wait until nothing is wider than the screen, which charts follow late."""
        wide = "document.documentElement.scrollWidth"
        wait_until(
            lambda: self.page.evaluate(wide) <= width, what=f"a page {width} wide"
        )

    def open_settings(self, key):
        self.keyed(key).wait_for(state="attached")
        if not self.keyed(key).is_visible():
            self.page.get_by_text("Hyperparameters").click()

    def fill(self, key, value):
        self.open_settings(key)
        box = self.keyed(key).locator("input")
        box.fill(str(value))
        box.press("Enter")
        self.settle()
        expect(box).to_have_value(str(value))  # no run has put another one there

    def sees(self, pattern, seconds=60):
        text = self.page.get_by_text(re.compile(pattern)).filter(visible=True).first
        for _ in range(3):
            expect(text).to_be_visible(timeout=seconds * 1000)
            with suppress(PlaywrightTimeoutError):  # it has gone again
                return text.inner_text(timeout=1_000)
        return pytest.fail(f"{pattern} comes and goes")

    def epoch(self):
        return int(re.search(r"Epoch (\d+) of", self.sees(r"Epoch \d+ of"))[1])

    def assert_quiet(self):
        """Nothing was asked of another host, and the console has no complaint."""
        assert self.outside == []
        # Streamlit looks for its own server at the page's path first.
        assert [c for c in self.complaints if "404" not in c] == []

    def _note_request(self, request):
        own = self.dashboard.url, self.dashboard.url.replace("http", "ws")
        if not request.url.startswith((*own, "data:", "blob:")):
            self.outside.append(request.url)

    def _note_complaint(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def _note_error(self, error):
        """Note what no script of the page has caught."""
        self.complaints.append(str(error))
