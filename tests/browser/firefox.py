"""Firefox as Debian has it, driven over WebDriver BiDi, which it speaks by itself.

https://w3c.github.io/webdriver-bidi
"""

import json
import re
import shutil
import subprocess
from contextlib import contextmanager

from websockets.sync.client import connect

from tests.conftest import wait_until

PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "media.autoplay.default": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",  # no list that Mozilla keeps is fetched
}
SECONDS = 60  # for an answer
# The first element that matches, also in the shadow roots of components.
FIND = """selector => {
  const find = root => root.querySelector(selector) ??
    [...root.querySelectorAll("*")].map(e => e.shadowRoot && find(e.shadowRoot))
      .find(Boolean)
  return find(document) ?? null
}"""


def firefox():
    """The installed browser, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """The one page of a running Firefox."""

    def __init__(self, socket):
        self.socket, self.number = socket, 0
        self.command("session.new", capabilities={})
        tree = self.command("browsingContext.getTree")
        self.page = tree["contexts"][0]["context"]
        size = {"width": 1280, "height": 900}
        self.command("browsingContext.setViewport", context=self.page, viewport=size)

    def command(self, method, **params):
        """Send a command and return its result."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": params}
        self.socket.send(json.dumps(command))
        answer = {}
        while answer.get("id") != self.number:  # events come in between
            answer = json.loads(self.socket.recv(timeout=SECONDS))
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}, {answer['message']}")
        return answer["result"]

    def goto(self, url):
        """Open an address."""
        self.command(
            "browsingContext.navigate", context=self.page, url=url, wait="complete"
        )

    def read(self, selector, function):
        """Return what a function makes of an element, or None without one.

        It returns text, a number or a truth value.
        """
        found = self._call(f"e => e && ({function})(e)", selector)
        return found.get("value")

    def click(self, selector):
        """Scroll to an element and click into its middle."""
        script = "e => (e.scrollIntoView({ block: 'center' }), e)"
        element = {"sharedId": self._call(script, selector)["sharedId"]}
        origin = {"type": "element", "element": element}
        actions = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": actions})

    def press(self, selector, key):
        """Focus an element and press a key, by its code in WebDriver."""
        self._call("e => (e.focus(), null)", selector)
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": actions})

    def _act(self, source):
        self.command("input.performActions", context=self.page, actions=[source])

    def _call(self, function, selector):
        answer = self.command(
            "script.callFunction",
            functionDeclaration=f"s => ({function})(({FIND})(s))",
            arguments=[{"type": "string", "value": selector}],
            target={"context": self.page},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"]


@contextmanager
def started(profile):
    """Start Firefox with a new profile in an empty folder; end it afterwards."""
    with (profile / "user.js").open("w") as file:
        for name, value in PREFERENCES.items():
            file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
    options = ["--headless", "--no-remote", "--remote-debugging-port=0"]
    log = profile / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [firefox(), *options, "--profile", profile], stderr=output, stdout=output
        )
    try:
        url = wait_until(
            lambda: re.search(r"BiDi listening on (ws://\S+)", log.read_text()),
            what="Firefox",
        )[1]
        with connect(f"{url}/session", max_size=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait()
