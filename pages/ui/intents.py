"""Intents: what clicks ask for, each carried out once.

A newer request of the browser, such as that of a live part, ends a script or a callback
at nearly any call of Streamlit, and the rest of it is lost. So a callback here only
notes an intent, without calling Streamlit. The frame carries it out before it draws a
page; an action that needs data of the page (*Train*) is carried out by the page. An
interruption repeats the action; an error drops it, and is shown at the top of the page.

Actions must allow a repetition: what must not happen twice is called by `once_a_press`.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from core.task import UserError
from pages.ui.address import Link, follow_link
from pages.ui.web.streamlit_internals import uninterrupted
from pages.ui.words import as_text

log = logging.getLogger(__name__)

FAILED = "This did not work; the error is in the server's log. Try it again."
ICONS = {
    "error": "error",
    "info": "info",
    "success": "check",
    "warning": "hourglass_top",
}


@dataclass
class Intent:
    """An action, None if the page has it; the page of its widget, and what it made."""

    page: str
    act: Callable[[], object] | None
    made: dict[Callable, object] = field(default_factory=dict)


@dataclass
class Intents:
    """A session's intents by the keys of their widgets."""

    page: str = ""  # the page being drawn
    queue: dict[str, Intent] = field(default_factory=dict)
    current: Intent | None = None  # the intent that is being carried out
    # Where an action leads, and from which page, until that page is left
    link: tuple[str, Link] | None = None
    # Kind and text of the sentence about the last action, until the next one
    flash: tuple[str, str] | None = None
    place: object = None  # place of that sentence


def _intents() -> Intents:
    return st.session_state.setdefault("intents", Intents())


def button(label: str, key: str, act=None, *args, draw=st.button, **look) -> bool:
    """Draw a button that asks for an action; return whether the page has to act.

    Parameters
    ----------
    act, args
        The action and its arguments; without it the page acts, by `carry_out`.
    draw
        A button of Streamlit, also that of a container or a form.
    """
    draw(label, key=key, on_click=intent(key, act, *args), **look)
    return wanted(key)


def intent(key: str, act=None, *args) -> Callable[[], None]:
    """Return a callback that asks for an action."""
    intents = _intents()
    return partial(_note, intents, key, intents.page, act and partial(act, *args))


def trigger_intent(key: str, name: str, act) -> Callable[[], None]:
    """Return a callback that asks for an action with a trigger value of a component."""
    intents, page = _intents(), _intents().page

    @uninterrupted  # the next run does not have the value
    def note() -> None:
        value = st.session_state[key][name]
        _note(intents, f"{key} {name}", page, partial(act, value))

    return note


def _note(intents: Intents, key: str, page: str, act) -> None:
    known = intents.queue.pop(key, None)
    intents.queue[key] = Intent(page, act, known.made if known else {})
    intents.flash = None


def want(key: str) -> None:
    """Ask in an action for another one, of the page."""
    _note(_intents(), key, _intents().page, None)


def wanted(key: str) -> bool:
    """Whether a button was pressed, and the page has not acted yet."""
    return key in _intents().queue


def carry_out(key: str, act, *args, also: Sequence[str] = ()):
    """Carry out what a button of the page asks for; return the action's result.

    `also` are the keys of other buttons that ask for it.
    """
    intents = _intents()
    if (key := next(filter(wanted, (key, *also)), None)) is None:
        return None
    made = _carry_out(intents, key, partial(act, *args))
    show_flash()
    if intents.link:
        follow_link(intents.link[1])
    return made


def once_a_press(make, *args):
    """Return `make(*args)` in an action, without a second call if it is repeated."""
    made = _intents().current.made
    if make not in made:
        made[make] = make(*args)
    return made[make]


def run_intents(page: str) -> None:
    """Carry out the intents before a page is drawn."""
    intents = _intents()
    intents.place = None
    if intents.page != page:
        intents.page, intents.flash = page, None
    for key, each in list(intents.queue.items()):
        if each.act:
            _carry_out(intents, key, each.act)
        elif each.page != page:
            del intents.queue[key]
    if intents.link:
        origin, link = intents.link
        if origin == page:
            follow_link(link, here=page)
        intents.link = None


def _carry_out(intents: Intents, key: str, act):
    intents.current, made = intents.queue[key], None
    try:
        made = act()
    # From here on no call of Streamlit: an interruption would repeat the action.
    except UserError as error:
        log.warning("refused %s: %s", key, type(error).__name__)
        intents.flash = "error", as_text(str(error))
    except Exception as error:
        log.error("%s failed", key, exc_info=error)
        intents.flash = "error", FAILED
    if isinstance(made, Link):
        intents.link = intents.current.page, made
    intents.queue.pop(key, None)
    return made


def forget_intents() -> None:
    """Forget intents that a complete page did not act on."""
    _intents().queue.clear()


def flash(text: str, kind: str = "error") -> None:
    """Have a sentence about an action shown: Markdown, and "success", for example."""
    _intents().flash = kind, text


def flash_place() -> None:
    """Draw the place of the sentence about the last action."""
    _intents().place = st.container(key="flash").empty()
    show_flash()


def show_flash() -> None:
    """Show the sentence about the last action, if there is one."""
    intents = _intents()
    if intents.flash:
        kind, text = intents.flash
        icon = f":material/{ICONS[kind]}:"
        getattr(intents.place or st, kind)(text, icon=icon)
