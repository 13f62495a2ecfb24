"""Templates of reports, sheets (escaped HTML) and notebooks (plain text)."""

import pprint
import re
import textwrap

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

LINE = 88  # characters of a line of code


def render(template: str, **values: object) -> str:
    """Fill in a template of the folder `templates`."""
    return _environment.get_template(template).render(values)


def _literal(value: object) -> str:
    """Return a value as Python code, wrapped to LINE characters."""
    return pprint.pformat(value, width=LINE, sort_dicts=False)


def _comment(text: str) -> str:
    """Return a sentence as a comment within a call."""
    mark = "    # "
    return textwrap.fill(text, LINE, initial_indent=mark, subsequent_indent=mark)


def _inline(text: str) -> Markup:
    """Return a sentence with its bold and italic words as HTML."""
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(text)))
    return Markup(re.sub(r"\*(.+?)\*", r"<em>\1</em>", safe))


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


_environment = Environment(
    loader=PackageLoader("core.takeaway"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "literal": _literal,
    "comment": _comment,
    "inline": _inline,
    "short": _short,
}
