"""Questions to the live route."""

import asyncio
import gzip
import json
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request

from pages.ui.live import route
from pages.ui.web.server import OWNER_HEADER

ME, OTHER = "m" * 43, "o" * 43


def ask(path, owner=ME, query="", address="10.0.0.1"):
    """The status of an answer, and what it says."""
    headers = [(OWNER_HEADER.encode(), owner.encode())] if owner else []
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/live/{path}",
        "path_params": {"path": path},
        "query_string": query.encode(),
        "headers": headers,
        "client": (address, 1),
    }
    with ThreadPoolExecutor(1) as own:  # Playwright has the loop of this thread
        response = own.submit(asyncio.run, route.live(Request(scope))).result()
    if response.status_code != 200:
        return response.status_code, None
    assert response.headers["content-encoding"] == "gzip"
    return 200, json.loads(gzip.decompress(response.body))
