"""The interface of a view, and the blocks of the component."""

import hashlib
import importlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from core.task import UserError

Query = Mapping[str, str]
Block = dict[str, Any]

# View -> module and function `(owner, subject, query) -> View | None`. Imported at the
# first request, as importing all pages would delay the start of the server.
VIEWS = {
    "run": "pages.ui.live.run:run_view",
    "replay": "pages.ui.live.run:replay_view",
    "class": "pages.ui.classes.state:class_view",
    "students": "pages.ui.board.console:students_view",
    "poll": "pages.ui.board.poll_panel:poll_view",
    "board": "pages.ui.board.tiles:tiles_view",
    "class_runs": "pages.ui.board.runs_figure:runs_view",
    "workers": "pages.ui.home:workers_view",
    "runs": "pages.ui.runs:runs_view",
    "compare": "pages.ui.compare.curves:compare_view",
    "path": "pages.ui.path.progress:station_view",
    "admin": "pages.ui.admin:admin_view",
    "shared": "pages.ui.shared.link:watch_view",
    "search": "pages.ui.search.study:study_view",
}


@dataclass(frozen=True, kw_only=True)
class View:
    """The current content of a part of a page."""

    # The state on which the content depends: equal keys of one path mean equal contents
    # for every browser
    key: tuple[object, ...]
    # The state on which the widgets beside the part depend: the page reruns when it
    # changes
    page: str
    # Makes the content as JSON: `text`, `share`, `blocks` and more
    make: Callable[[], dict[str, Any]]

    @property
    def version(self) -> str:
        """Digest of the key, which browsers send as their latest version."""
        return digest(self.key, self.page)

    def encoded(self) -> bytes:
        """Return the whole answer as JSON."""
        answer = {"version": self.version, "page": self.page, **self.make()}
        return json.dumps(answer, cls=PlotlyJSONEncoder, separators=(",", ":")).encode()


def digest(*values: object) -> str:
    """Return a short hash of values, by their `repr`."""
    return hashlib.blake2b(repr(values).encode(), digest_size=12).hexdigest()


def view_of(path: str, owner: str | None, query: Query) -> View | None:
    """Return the view of a path such as `run/<id>`, or None without access."""
    name, _, subject = path.partition("/")
    if name not in VIEWS:
        return None
    module, _, function = VIEWS[name].partition(":")
    found = getattr(importlib.import_module(module), function)(owner, subject, query)
    assert found is None or isinstance(found, View)
    return found


def number(query: Query, name: str, low: float, high: float) -> float:
    """Return a number of a query, by default `low`; a UserError out of the range."""
    try:
        value = float(given := query.get(name, str(low)))
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise UserError(
            f"{name}: expected a number from {low} to {high}, got {given!r}."
        )
    return value


def figure_block(key: str, figure: object, alt: str, *, half: bool = False) -> Block:
    """Return a Plotly figure with its text for screen readers.

    Two `half` figures are drawn side by side on wide screens.
    """
    return {"kind": "figure", "key": key, "figure": figure, "alt": alt, "half": half}


def text_block(text: str, *, tone: str = "") -> Block:
    """Return a line of text: small, or "large"; "good" and "busy" ones have a dot."""
    return {"kind": "text", "text": text, "tone": tone}


def line_block(name: str, text: str) -> Block:
    """Return the text of a `live_line` elsewhere on the page."""
    return {"kind": "line", "key": name, "text": text}


def table_block(
    rows: list[dict[str, str | Block]], alt: str, *, titled: bool = False
) -> Block:
    """Return a table of rows by column. A cell is a text, or a `name_cell`.

    `titled` shows `alt` above it, which is else for screen readers only.
    """
    return {"kind": "table", "rows": rows, "alt": alt, "titled": titled}


def name_cell(text: str, *, colour: str, link: str | None = None) -> Block:
    """Return a table cell with a coloured mark, a name and an optional link."""
    return {"text": text, "colour": colour, "link": link}
