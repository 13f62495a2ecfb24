"""Step 1: one step of the cell with real numbers, all of them to be changed."""

import streamlit as st

from core import palette
from core.lesson.demo import LARGEST, CellDemo, cell_numbers, edited
from pages.ui.address import hold
from pages.ui.controls import checked, setting
from pages.ui.lesson.cell_blocks import SCRIPTS
from pages.ui.lesson.components import cell_component
from pages.ui.lesson.equations import EQUATIONS
from pages.ui.lesson.reading import reading
from pages.ui.lesson.steps import code, question

FLAT = ("xt", "a_prev", "c_prev")
MOST = 4000  # characters: every number of the largest cell


def cell(name: str) -> None:
    """Draw the cell beside its equations."""
    question(name, "The cell")
    stage, side = st.columns([5, 2], gap="large")
    with side:
        with st.popover("Size and seed", icon=":material/tune:"):
            values = {
                field: setting(f"{name}_cell", CellDemo, field)
                for field in ("inputs", "units", "seed")
            }
        st.subheader("The equations")
        st.latex(EQUATIONS[name])
        reading(name, "The cell")
    with stage:
        settings = checked(CellDemo, st, **values)
    if settings is None:
        return
    numbers = cell_numbers(name, settings)
    edits = _Edits(hold(f"{name}_cell_numbers", ""), settings)
    script = SCRIPTS[name](settings.inputs, settings.units)
    with stage:
        cell_component(
            f"{name}_cell_view",
            {
                "cell": name,
                "numbers": _listed(numbers),
                "edited": _listed(edited(numbers, edits.text)),
                "largest": LARGEST,
                "blocks": script.blocks,
                "says": script.says,
                "negative": palette.NEGATIVE,
                "positive": palette.POSITIVE,
            },
            edits.take,
        )
        code(name, "cell_forward")


class _Edits:
    """What was changed in the numbers of one size and seed, in the session's state."""

    def __init__(self, key: str, settings: CellDemo) -> None:
        self.key = key
        self.of = ".".join(str(value) for value in settings.values.values())

    @property
    def text(self) -> str:
        of, _, edits = st.session_state[self.key].partition("~")
        return edits if of == self.of else ""

    def take(self, edits) -> None:
        st.session_state[self.key] = f"{self.of}~{edits}"[:MOST] if edits else ""


def _listed(numbers):
    """Vectors as flat lists, matrices as lists of rows."""
    return {
        name: value[:, 0].tolist()
        if name in FLAT or name.startswith("b")
        else value.tolist()
        for name, value in numbers.items()
    }
