"""The route `/metrics`, which Prometheus reads with the token of the admin page."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.ui.web.server import Pages, server_path

TEXT = "text/plain; version=0.0.4; charset=utf-8"
HEADERS = {"cache-control": "no-store"}


def metrics_route(pages: Pages) -> Route:
    """Return the route for `st.App`; `pages` are the open ones of this process."""

    async def metrics(request: Request) -> Response:
        return await to_thread.run_sync(_answer, request, pages.count)

    return Route(server_path("metrics"), metrics, methods=["GET"])


def _answer(request: Request, pages: int) -> Response:
    # Imported here, as the import would delay the start of the server.
    from core.runs.metrics import measure
    from pages.ui.admin import has_admin_page, is_admin
    from pages.ui.session import platform

    if not has_admin_page():
        return _refuse(404, "This installation has no UNROLLED_ADMIN_TOKEN.")
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    address = request.client.host if request.client else ""
    found = is_admin(token.strip() if kind.lower() == "bearer" else "", address)
    if found is None:
        return _refuse(429, "Too many wrong tokens from this address.")
    if not found:
        return _refuse(401, "Expected the header: Authorization: Bearer ADMIN_TOKEN")
    return Response(measure(platform(), pages), headers=HEADERS, media_type=TEXT)


def _refuse(status: int, sentence: str) -> Response:
    needed = {"www-authenticate": "Bearer"} if status == 401 else {}
    return PlainTextResponse(sentence, status, HEADERS | needed)
