"""The code of a class in large letters, for a projector."""

import streamlit as st

from pages.ui.web.scripts import script

_code = st.components.v2.component(
    "join_code",
    html="<div><p></p></div>",
    css="""
    div { container-type: inline-size }
    p { margin: 0; color: var(--st-heading-color); white-space: nowrap;
        font: 700 clamp(3rem, 21cqw, 10rem)/1.1 var(--st-code-font);
        letter-spacing: 0.08em }
    """,
    js=script("classes/code.js"),
)


def join_code(code: str) -> None:
    """Draw the code, which a screen reader spells."""
    _code(key="classes_join_code", data=code)
