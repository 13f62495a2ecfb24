"""The scripts of the components are served as modules, and nothing else is."""

import asyncio
import posixpath
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.exceptions import HTTPException
from starlette.routing import Router

from pages.ui.web.scripts import FILES, VERSION, script_path, script_route


def get(path):
    """Return the headers and the text of an answer."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "app": None}
    answering = Router([script_route()])(scope, None, send)
    with ThreadPoolExecutor(1) as own:  # Playwright has this one
        own.submit(asyncio.run, answering).result()
    body = b"".join(each.get("body", b"") for each in sent)
    return dict(sent[0]["headers"]), body.decode()


def test_a_browser_keeps_the_present_scripts_only():
    present, text = get(script_path("live/live.js"))
    former, same = get("/scripts/before/live/live.js")
    assert text == same == FILES["live/live.js"].read_text()
    assert b"immutable" in present[b"cache-control"]
    assert former[b"cache-control"] == b"no-store"


@pytest.mark.parametrize(
    "name", ["live/route.py", "../live/live.js", "live/../../../app.py", "%2e%2e/x"]
)
def test_no_other_file_is_served(name):
    with pytest.raises(HTTPException):
        get(f"/scripts/{VERSION}/{name}")


def test_each_import_of_a_script_is_served():
    for name, path in FILES.items():
        for imported in re.findall(r'from "(.+)"', path.read_text()):
            found = posixpath.normpath(
                posixpath.join(posixpath.dirname(name), imported)
            )
            assert found in FILES, f"{name} imports {imported}"
