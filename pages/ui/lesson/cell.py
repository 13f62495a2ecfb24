"""Step 1: one step of the cell with real numbers, all of them to be changed."""

import streamlit as st

from core import palette
from core.lesson.demo import CellDemo, cell_numbers
from pages.ui.controls import checked, setting
from pages.ui.lesson.cell_blocks import SCRIPTS
from pages.ui.lesson.components import cell_component
from pages.ui.lesson.equations import EQUATIONS
from pages.ui.lesson.reading import reading
from pages.ui.lesson.steps import code, question

FLAT = ("xt", "a_prev", "c_prev")


def cell(name: str) -> None:
    """Draw the cell beside its equations."""
    question(name, "The cell")
    stage, side = st.columns([5, 2], gap="large")
    with side:
        with st.popover("Size and seed", icon=":material/tune:"):
            values = {
                field: setting(f"{name}_cell", CellDemo, field, shared=True)
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
    script = SCRIPTS[name](settings.inputs, settings.units)
    with stage:
        cell_component(
            f"{name}_cell_view",
            {
                "cell": name,
                "numbers": {key: _listed(key, value) for key, value in numbers.items()},
                "blocks": script.blocks,
                "says": script.says,
                "negative": palette.NEGATIVE,
                "positive": palette.POSITIVE,
            },
        )
        code(name, "cell_forward")


def _listed(name: str, value):
    """Vectors as flat lists, matrices as lists of rows."""
    flat = name in FLAT or name.startswith("b")
    return value[:, 0].tolist() if flat else value.tolist()
