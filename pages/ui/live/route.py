"""The route `live/...`, which browsers poll for changes.

`GET live/<view>/<subject>?version=V` answers 200 with JSON, or 204 if V is the current
version; 404 for unknown or forbidden subjects, 429 above the rate limit of a browser or
an address, and 503 while the store is away. The cookie authorises a request, or a share
or class in the query. The answers 200 and 204 have the id of the web process in
`X-Process`: if it changes, the page reruns, because the new process has no session for
its widgets.
"""

import gzip
import json
import logging
import math
import secrets
from collections import OrderedDict
from functools import cache
from importlib.metadata import version as version_of
from importlib.resources import files

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.runs.recent import Recent
from core.runs.run import StoreError
from core.task import UserError
from pages.ui.live.rates import MOST_KEYS, Rate
from pages.ui.live.view import View, view_of
from pages.ui.web.server import OWNER_HEADER, server_path

log = logging.getLogger(__name__)

PLOTLY = "plotly.min.js"
THREADS = 8  # reserved for reads of this route
MOST_BODIES = 256  # compressed answers in memory, some kB each
SECONDS_TO_WAIT = 2  # Retry-After above a limit, or while the store is away
# A page polls up to four parts twice a second; a person may have a few tabs. Cookies
# cost nothing, so browsers without a shown page count by network address.
asked = Rate(per_second=30, burst=120)
# Limits the guessing of ids: a page requests an unknown subject once.
refused = Rate(per_second=2, burst=60)  # rate of one network address
# A page of another process, or from before a restart, has no session here.
PROCESS = secrets.token_hex(8)
_threads = CapacityLimiter(THREADS)
_pages: OrderedDict[str, None] = OrderedDict()  # owners with a shown page


def live_routes() -> list[Route]:
    """Return the routes for `st.App`."""
    base = live_path("")
    return [
        Route(f"{base}{PLOTLY}", plotly, methods=["GET"]),
        Route(f"{base}{{path:path}}", live, methods=["GET"]),
    ]


def live_path(path: str) -> str:
    """Return the address of a path of the route on this server."""
    return server_path(f"live/{path}")


def plotly_path() -> str:
    """Return the address of Plotly's script, which contains its version."""
    return live_path(f"{PLOTLY}?version={version_of('plotly')}")


def note_page(owner: str) -> None:
    """Store that a page is shown to an owner, who then has a limit of their own.

    So a guesser at the same network address cannot use up the owner's limit.
    """
    _pages[owner] = None
    _pages.move_to_end(owner)
    while len(_pages) > MOST_KEYS:
        _pages.popitem(last=False)


async def live(request: Request) -> Response:
    """Answer the content of a view, if the browser's version is outdated."""
    owner = request.headers.get(OWNER_HEADER)
    address = request.client.host if request.client else ""
    who = owner if owner in _pages else address
    if not asked.take(who) or (who == address and not refused.has(address)):
        return _wait(429)
    query = dict(request.query_params)
    known = query.pop("version", None)
    path = request.path_params["path"]
    try:
        return await to_thread.run_sync(
            _answer, path, owner, query, known, address, limiter=_threads
        )
    except StoreError as error:
        return _wait(503, str(error))


def _answer(
    path: str, owner: str | None, query: dict[str, str], known: str | None, address: str
) -> Response:
    try:
        view = view_of(path, owner, query)
    except StoreError:
        raise
    except UserError as error:  # query that no page writes
        log.info("live: %.200r", str(error))
        view = None
    if view is None:
        refused.take(address)
        return Response(status_code=404, headers=NOT_STORED)
    if known == view.version:
        return Response(status_code=204, headers=ANSWER)
    headers = ANSWER | {"content-encoding": "gzip", "vary": "Accept-Encoding"}
    return Response(_body(view), media_type="application/json", headers=headers)


def _wait(status: int, sentence: str = "") -> Response:
    headers = NOT_STORED | {"retry-after": str(SECONDS_TO_WAIT)}
    return Response(json.dumps({"text": sentence}), status, headers, "application/json")


_bodies: Recent[bytes] = Recent(math.inf, MOST_BODIES)  # by version
NOT_STORED = {"cache-control": "no-store"}
ANSWER = NOT_STORED | {"x-process": PROCESS}


def _body(view: View) -> bytes:
    """Return the compressed answer, made once for all browsers."""
    return _bodies.get(
        view.version, lambda: gzip.compress(view.encoded(), compresslevel=1)
    )


async def plotly(_request: Request) -> Response:
    """Answer Plotly's script from the installed package."""
    body = await to_thread.run_sync(_plotly, limiter=_threads)
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "content-encoding": "gzip",
    }
    return Response(body, media_type="text/javascript", headers=headers)


@cache
def _plotly() -> bytes:
    script = files("plotly").joinpath("package_data", PLOTLY).read_bytes()
    return gzip.compress(script, compresslevel=6)
