"""The scripts of the components: ES modules with relative imports, not built.

They are served under a folder named after their content, so browsers keep them until
they change.
"""

from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.ui.web.server import server_path

UI = Path(__file__).parents[1]
FILES = {str(path.relative_to(UI)): path for path in sorted(UI.rglob("*.js"))}
VERSION = sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[
    :16
]
KEPT = {"cache-control": "public, max-age=31536000, immutable"}


def script_path(name: str) -> str:
    """Return the address of a script by its path within `pages/ui`."""
    return server_path(f"scripts/{VERSION}/{FILES[name].relative_to(UI)}")


def script(name: str) -> str:
    """Return the source of a component: the default export of a script."""
    # Streamlit imports it from a blob, which relative addresses cannot refer to.
    address = f'new URL("{script_path(name)}", location.origin)'
    return f"const {{ default: draw }} = await import({address})\nexport default draw\n"


def script_route() -> Route:
    """Return the route of the scripts, for `st.App`."""
    return Route(server_path("scripts/{version}/{name:path}"), _answer)


def _answer(request: Request) -> Response:
    path = FILES.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404)
    # A page from before a new release also gets the present scripts, for now.
    is_present = request.path_params["version"] == VERSION
    headers = KEPT if is_present else {"cache-control": "no-store"}
    return Response(path.read_bytes(), headers=headers, media_type="text/javascript")
