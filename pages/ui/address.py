"""The settings of a page in its address: for reload, history and sharing.

A parameter has the name of its widget. The address is read on arrival at a page. Then
the widgets are authoritative, and the end of each rerun writes the address: every
setting that differs from its default, or all settings of a page with a run, because the
defaults are then those of the run.
"""

import datetime
import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote_plus, urlencode

import streamlit as st

from core.registry import get_task
from pages.ui.components import read
from pages.ui.session import owner
from pages.ui.web.scripts import script

PAGES = Path(__file__).parents[1]
LONGEST = 1500  # characters of one text, as they are written in an address
STORED = 20_000_000  # characters of longer texts in memory, for a reload
DRAWN = "address_drawn"  # a hidden text: the number of the latest correction
STORED_SUFFIX = "_kept"  # suffix of the parameter that refers to a longer text


def copy_component(name: str, label: str, link: str):
    """Make a button that copies a link: its data, or the page's address with it."""
    return st.components.v2.component(
        name,
        html=f"""
        <button type="button" class="{name}">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M10 7H7a5 5 0 0 0 0 10h3 M14 7h3a5 5 0 0 1 0 10h-3 M8 12h8"/>
          </svg>
          {label}
        </button>
        <output aria-live="polite"></output>
        <input readonly hidden aria-label="{link}">""",
        css=read("address.css"),
        js=script("address.js"),
    )


_copy_button = copy_component(
    "copy_link", "Copy link to these settings", "Link to these settings"
)

_texts: OrderedDict[tuple[str, str], str] = OrderedDict()  # texts by owner and widget
_lock = threading.Lock()


class Link(NamedTuple):
    """A page, and the query of its address."""

    page: str
    query: str = ""


@dataclass
class Correction:
    """A widget's value that was set here, until the browser has it.

    Each click sends the values of all widgets; one that is made before the page is
    drawn anew sends those from before. The last widget of a page is the hidden `DRAWN`:
    what the browser sends of it says which corrections the click comes after.
    """

    value: object
    outdated: list  # values that the browser may still send, the one before all last
    number: int


@dataclass
class Address:
    """A session's state of the addresses of its pages."""

    page: str | None = None  # path of the current page
    unread: bool = True  # whether its address has yet to be read
    # Parameters whose widget has not been drawn yet
    given: dict[str, str] = field(default_factory=dict)
    # By widget, of all that were ever drawn
    defaults: dict[str, object] = field(default_factory=dict)
    linked: bool = False  # whether this rerun follows a link to settings without a run
    # Parameters at the last rerun of the page
    query: dict[str, str] = field(default_factory=dict)
    # Whether this rerun was requested by a page that the session has left
    overtaken: bool = False
    # By widget, of values that the browser may not have yet
    corrections: dict[str, Correction] = field(default_factory=dict)
    # Number of the latest correction, above those of the browser's former sessions
    corrected: int = field(default_factory=time.time_ns)
    # Widgets that the person has set in the message that requested this rerun
    typed: set[str] = field(default_factory=set)
    # Query of the link to the latest settings, by page
    visited: dict[str, str] = field(default_factory=dict)


def _address() -> Address:
    return st.session_state.setdefault("address", Address())


def arrive(path: str) -> None:
    """Store the current page; the address of a new page is read."""
    address = _address()
    overtaken, address.overtaken = address.overtaken, False
    moved = address.page != path
    if moved:
        if overtaken and address.page is not None:
            page = target_of(address.page or "home")
            st.switch_page(page, query_params=address.query)
        address.page, address.unread = path, True
    address.query = st.query_params.to_dict()
    address.typed.clear()  # by now the actions have been carried out
    drawn = st.session_state.get(DRAWN, "")
    drawn = int(drawn) if drawn.isdecimal() else 0
    for key, correction in list(address.corrections.items()):
        if moved or correction.number <= drawn:
            del address.corrections[key]


def request_noter() -> Callable[[], None]:
    """Return a callback which notes that this page, not a person, requests a rerun.

    A browser that has not heard of a change of page yet would otherwise undo it.
    """
    address, page = _address(), current_page()

    def note() -> None:
        address.overtaken = page != address.page

    return note


def visited_pages() -> dict[str, str]:
    """Return the queries of links to the settings of this session's pages."""
    return _address().visited


def current_page() -> str:
    """Return the path of the current page."""
    return _address().page or ""


def is_general(page: str) -> bool:
    """Whether a page is the general one of a task, `task.py`."""
    return not (PAGES / f"{page}.py").is_file()


def script_of(page: str) -> Path:
    """Return the script of a page."""
    return PAGES / ("task.py" if is_general(page) else f"{page}.py")


def target_of(page: str):
    """Return the page as Streamlit's links and `switch_page` take it."""
    if not is_general(page):
        return f"pages/{page}.py"
    return st.Page(script_of(page), title=get_task(page).TITLE, url_path=page)


def follow_link(link: Link, here: str | None = None) -> None:
    """Go to a page with the settings of a link; `here` is the page if it is undrawn."""
    _address().unread = True
    query = dict(parse_qsl(link.query))
    if link.page == here:
        st.query_params.from_dict(query)
    else:
        st.switch_page(target_of(link.page), query_params=query)


def read_address(page: str):
    """Read the address of a page; return a place for the copy button.

    An address without settings keeps those of the session; one with some settings
    resets the others to the defaults, or to those of its run.
    """
    address = _address()
    if address.unread:
        address.unread = False
        given = {
            name: value
            for name, value in st.query_params.items()
            if name.startswith(f"{page}_") and len(quote_plus(value)) <= LONGEST
        }
        address.given = given
        address.linked = bool(given) and "run" not in st.query_params
        if "run" in st.query_params:
            st.session_state.pop(f"{page}_settings_of", None)
        if address.linked:
            for key in address.defaults:
                if key.startswith(f"{page}_"):
                    st.session_state.pop(key, None)
    return st.container()


def bind(key: str, default, options=(), low=None, high=None) -> str:
    """Bind a widget to its parameter of the address; return its key.

    The value is that of the address if it is valid, else the current one, else the
    default. A current one that is no longer among the options does not count.

    Parameters
    ----------
    options
        Of a choice. A mapping has their labels, which an address may use, too.
    low, high
        Of a number or a date; of a text, the most characters.
    """
    address = _address()
    address.defaults[key] = default
    value = None
    if (given := address.given.pop(key, None)) is not None:
        value = _value(given, default, options, low, high)
    if (given := address.given.pop(key + STORED_SUFFIX, None)) is not None:
        value = _stored_text(key, given)
    if value is None:
        value = _corrected(key, st.session_state.get(key, default))
        if options and value not in options:
            value = default
    # Streamlit may drop the state of a choice when a rerun interrupts the script; its
    # value is then None.
    if options or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def persistent(key: str) -> dict[str, Any]:
    """The arguments of a widget whose value lasts as long as the session."""
    return {"key": key, "persist_state": "session"}


def typed_noter(key: str, then: Callable[[], None] | None) -> Callable[[], None]:
    """Return a callback which notes that the person has set a widget."""
    address = _address()

    def note() -> None:
        address.typed.add(key)
        if then:
            then()

    return note


def _corrected(key: str, value):
    """The value of a widget, including one not yet sent to the browser.

    A correction may reach the browser after the person has set the widget. So their
    value is sent back, as a correction of its own.
    """
    correction = _address().corrections.get(key)
    if correction is None or value in (None, correction.value):
        return value
    if value in correction.outdated:
        return correction.value
    _correct(key, value, [correction.value, *correction.outdated[:-1]])
    return value


def _correct(key: str, value, outdated: list) -> None:
    address = _address()
    address.corrected += 1
    address.corrections[key] = Correction(
        value, [old for old in outdated if old != value], address.corrected
    )
    st.session_state[key] = value


def is_given(key: str) -> bool:
    """Whether the address has a value for a widget that has not been drawn yet."""
    return key in _address().given


def set_widget(key: str, value) -> None:
    """Set the value of a widget before it is drawn; the address is ignored."""
    address = _address()
    address.given.pop(key, None)
    if key in st.session_state:
        former = address.corrections.get(key)
        outdated = [st.session_state[key], *(former.outdated if former else ())]
        _correct(key, value, outdated)
    else:
        st.session_state[key] = value


def set_widgets(prefix: str, values) -> None:
    """Set the widgets with a prefix before they are drawn.

    What the person has set while the server was slow to hear of a press stays.
    """
    for key, value in ((f"{prefix}_{name}", each) for name, each in values.items()):
        if key not in _address().typed:
            set_widget(key, value)


def restore(prefix: str, values) -> None:
    """Set widgets to the settings of a run, except for those in the address."""
    address = _address()
    if not address.linked:
        given = {name: f"{prefix}_{name}" in address.given for name in values}
        set_widgets(prefix, {n: value for n, value in values.items() if not given[n]})


def write_address(page: str, place, *lacking: str) -> None:
    """Write the settings of a page into its address, and draw the button to copy it.

    Parameters
    ----------
    place
        As returned by `read_address`.
    lacking
        Parts of the settings that a link cannot contain, such as "your file".
    """
    address, state = _address(), st.session_state
    address.linked = False
    written, link = dict(address.given), dict(address.given)
    for key, default in address.defaults.items():
        value = state.get(key)
        if not key.startswith(f"{page}_") or value is None:
            continue
        changed, text = value != default, as_parameter(value)
        if len(quote_plus(text)) > LONGEST:
            written[key + STORED_SUFFIX] = _store_text(key, text)
            lacking += ("your text, which is too long for it",)
        elif changed or "run" in st.query_params:
            written[key] = text
            if changed:
                link[key] = text
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    others = {n: v for n, v in before.items() if not n.startswith(f"{page}_")}
    after = others | {name: [value] for name, value in written.items()}
    if after != before:
        st.query_params.from_dict(after)
    address.visited[page] = urlencode(link)
    draw_marker()
    with place:
        _copy_button(key=f"{page}_copy_link", data=address.visited[page])
        if lacking:
            st.caption(f"The link does not include {' and '.join(lacking)}.")


def draw_marker() -> None:
    """Draw the last widget of a page with settings; its value tells what is drawn."""
    st.session_state[DRAWN] = str(_address().corrected)
    st.text_input("Corrections", key=DRAWN)


def _value(given: str, default, options, low, high):
    """The value of a parameter, or None if it is invalid for the widget."""
    if options:
        labels = options if isinstance(options, Mapping) else {}
        return next((o for o in options if given in (str(o), labels.get(o))), None)
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(given)
    try:
        if isinstance(default, int | float):
            number = float(given)
            if math.isfinite(number) and low <= number <= high:
                if isinstance(default, float):
                    return number
                return int(number) if number.is_integer() else None
            return None
        if isinstance(default, datetime.date):
            day = datetime.date.fromisoformat(given)
            return day if low <= day <= high else None
    except ValueError:
        return None
    return given if high is None or len(given) <= high else None


def as_parameter(value) -> str:
    """The value of a widget as a parameter of an address."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _store_text(key: str, text: str) -> str:
    """Store a long text for a reload by its owner; return its digest."""
    with _lock:
        _texts[owner(), key] = text
        _texts.move_to_end((owner(), key))
        while sum(map(len, _texts.values())) > STORED:
            _texts.popitem(last=False)
    return _digest(text)


def _stored_text(key: str, digest: str) -> str | None:
    """The owner's long text with a digest, if it is still stored."""
    with _lock:
        text = _texts.get((owner(), key))
    if text is not None and _digest(text) == digest:
        return text
    st.info(
        "The text of this address is too long to be part of it, and is not stored any "
        "more: please paste it again.",
        icon=":material/content_paste:",
    )
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
