"""Widgets: settings with the bounds and help of a Config, and buttons."""

import dataclasses
import typing
from collections.abc import Mapping
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.source import source
from core.task import UserError, bounds_of
from pages.ui.address import bind, persistent, typed_noter
from pages.ui.words import as_text

SHORT_UNITS = ("days", "windows", "steps")  # the others are in the help
WIDE = 1000  # a range of more than this factor has a step relative to its default
BOX_WIDTH = 160  # pixels of a number box with room for 0.00025 beside its buttons

# Browsers in languages without a decimal comma drop a comma that is typed or pasted
# into a number box: 0,5 would become 05. A preset may arrive when you have selected a
# number and are about to type another: unless it is selected, too, 100 and 1000 become
# 1001000. Streamlit cuts long answers off on phones.
_adapted_widgets = st.components.v2.component(
    "adapted_widgets",
    css="""
    [class*="st-key-answers_"] button { height: auto; text-align: start }
    [class*="st-key-answers_"] button * { white-space: normal }
    """,
    isolate_styles=False,  # the widgets are outside of the component
    js="""
    function pointForComma(event) {
      const box = event.composedPath()[0]
      if (box.type !== "number" || !event.data?.includes(",")) return
      event.preventDefault()
      const written = event.data.trim()
      if (/^[+-]?[0-9]*,[0-9]*$/.test(written)) {
        document.execCommand("insertText", false, written.replace(",", "."))
      }
    }
    let shown = null // the text of the box that has the focus
    function selectAfterChange({ target: box }) {
      if (box.type !== "number") return
      if (shown !== null && box.value !== shown) box.select()
      shown = box.value
    }
    function watchFocus({ target: box }) {
      if (box.type !== "number") return
      shown = box.value
      requestAnimationFrame(function look() {
        if (document.activeElement !== box) return
        selectAfterChange({ target: box })
        requestAnimationFrame(look)
      })
    }
    function noteTyped({ target: box }) {
      if (box.type === "number") shown = box.value
    }
    const LISTENERS = [
      ["focusin", watchFocus],
      ["keydown", selectAfterChange],
      ["beforeinput", pointForComma],
      ["input", noteTyped],
    ]
    export default function ({ parentElement }) {
      // Invisible: it must not take the gap between two elements.
      document.querySelector(".st-key-adapted_widgets").style.display = "none"
      for (const [event, listen] of LISTENERS) {
        document.addEventListener(event, listen, true) // before those of the box
      }
      return () => {
        if (parentElement.isConnected) return // it is called anew, not taken away
        for (const [event, listen] of LISTENERS) {
          document.removeEventListener(event, listen, true)
        }
      }
    }
    """,
)


def adapt_widgets() -> None:
    """Adapt the widgets of the whole page: numbers being typed, and long answers."""
    _adapted_widgets(key="adapted_widgets")


def show_value(key: str, value) -> None:
    """Set what a widget shows, if it shows something else.

    Assigning the same value again would make the browser discard a click whose message
    is still under way.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def choose_answer(question: str, answers, *, key: str, **options):
    """Draw the answers to a question; return the chosen one, or None."""
    with st.container(key=f"answers_{key}"):
        return st.pills(
            question,
            answers,
            key=key,
            label_visibility="collapsed",
            wrap=True,
            **options,
        )


def choose(label: str, options, key: str, *, default=None, place=st, **look):
    """Draw a choice, part of the address; return the chosen option.

    Parameters
    ----------
    options
        Their labels by option, or options that are their own labels.
    default
        By default the first option.
    place
        A container.
    """
    if isinstance(options, Mapping):
        look["format_func"] = options.get
    default = next(iter(options)) if default is None else default
    return place.segmented_control(
        label,
        list(options),
        **persistent(bind(key, default, options)),
        required=True,
        **look,
    )


def settings_grid() -> DeltaGenerator:
    """Two columns of settings, or one where two would cut off their values."""
    return st.grid(2, min_column_width=BOX_WIDTH)


def setting(prefix: str, kind, name: str, default=None, words=str, act=None):
    """Draw the widget of one setting, keyed `<prefix>_<name>`.

    The default is that of the kind of settings, unless another is given, such as a
    preset's. `words` adapts label and help to the data. `act` notes what a change asks
    for, besides the change itself.

    Number boxes have no bounds: Streamlit would withhold a number out of bounds, and
    the page would continue with the previous one. `checked` validates the values.
    """
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    if default is None:
        default = field.default
    unit = f" ({bounds.unit})" if bounds.unit in SHORT_UNITS else ""
    key = f"{prefix}_{name}"
    common = {
        "label": words(setting_name(name) + unit),
        "help": words(bounds.help),
        "on_change": typed_noter(key, act),
    }
    if bounds.options:
        return st.segmented_control(
            **common,
            **persistent(bind(key, default, bounds.options)),
            options=bounds.options,
            required=True,
            wrap=True,
        )
    whole = typing.get_type_hints(kind)[name] is int
    # A box of whole numbers would silently change 1.5 to 1.
    typed = st.number_input(
        **common,
        **persistent(bind(key, float(default), low=bounds.low, high=bounds.high)),
        value=None,  # value of an empty box
        step=1.0 if whole else _step(bounds, field.default),
        format="%.10g" if whole else "%.5g",
    )
    is_whole = typed is not None and float(typed).is_integer()
    return int(typed) if whole and is_whole else typed


def setting_name(name: str) -> str:
    """The name of a setting as a label: `Learning rate`."""
    return name.replace("_", " ").capitalize()


@contextmanager
def refusals(place=st, icon: str = "error"):
    """Show a UserError about what widgets are set to, and go on after the block."""
    try:
        yield
    except UserError as error:
        place.error(as_text(str(error)), icon=f":material/{icon}:")


def checked(kind, place, **values):
    """The settings in the widgets as a Config; None and an error if one is invalid."""
    with refusals(place):
        return kind(**values)
    return None


def code(module: str, name: str) -> None:
    """Draw the source of a function or class, folded; see `core.source.source`."""
    path = f"{module.replace('.', '/')}.py"
    with st.expander(f"`{name.split('.')[-1]}` from `{path}`", icon=":material/code:"):
        st.code(source(module, name), "python")


def _step(bounds, default: float) -> float:
    """Return a step that suits the bounds."""
    if bounds.low == 0 and bounds.high <= 1:
        return 0.05
    if bounds.low > 0 and bounds.high / bounds.low > WIDE:
        return default / 10
    return bounds.high / 100
