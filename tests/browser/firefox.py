"""Debian's Firefox for Playwright, which drives it by WebDriver BiDi.

Playwright emulates a colour scheme in each new page by a command that Firefox ESR 153
does not have, and stops there. This program starts Firefox with the arguments that it
gets and passes all messages on, except for that command, which it answers itself.

https://w3c.github.io/webdriver-bidi
"""

import json
import re
import shutil
import subprocess
import sys
import threading
from functools import partial

from websockets.sync.client import connect
from websockets.sync.server import serve

UNKNOWN = "emulation.setMediaFeaturesOverride"


def installed():
    """The installed browser, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def executable(folder):
    """Write a program that Playwright can start in place of Firefox."""
    program = folder / "firefox"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n')
    program.chmod(0o755)
    return program


def pass_on(url, playwright):
    """Connect Playwright with Firefox."""
    with connect(f"{url}/session", max_size=None) as firefox:
        threading.Thread(target=commands, args=(playwright, firefox)).start()
        for message in firefox:
            playwright.send(message)


def commands(playwright, firefox):
    for message in playwright:
        command = json.loads(message)
        if command["method"] == UNKNOWN:
            answer = {"type": "success", "id": command["id"], "result": {}}
            playwright.send(json.dumps(answer))
        else:
            firefox.send(message)


def main():
    """Start Firefox, and tell Playwright the address to connect to."""
    process = subprocess.Popen(
        [installed(), *sys.argv[1:]], stderr=subprocess.PIPE, text=True
    )
    for line in process.stderr:
        if found := re.search(r"BiDi listening on (ws://\S+)", line):
            handler = partial(pass_on, found[1])
            server = serve(handler, "127.0.0.1", 0, max_size=None)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.socket.getsockname()[1]
            line = f"WebDriver BiDi listening on ws://127.0.0.1:{port}\n"
        sys.stderr.write(line)
        sys.stderr.flush()


if __name__ == "__main__":
    main()
