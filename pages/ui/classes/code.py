"""How to join a class, in large letters: address, code and QR code."""

import streamlit as st

from pages.ui.links import link_to, qr_code
from pages.ui.web.scripts import script

_code = st.components.v2.component(
    "join_code",
    html='<section><div><p class="address"></p><p class="code" role="img" '
    'aria-label="Code of the class"></p></div>'
    '<span role="img" aria-label="QR code of the link"></span></section>',
    css="""
    section { container-type: inline-size; display: flex; flex-wrap: wrap;
        gap: 0 1.5rem; align-items: center; justify-content: space-between }
    p { margin: 0; color: var(--st-heading-color) }
    .address { font: 600 clamp(1.2rem, 3.8cqw, 3.5rem)/1.3 var(--st-heading-font);
        overflow-wrap: anywhere }
    .code { font: 700 clamp(3rem, 12cqw, 10rem)/1.1 var(--st-code-font);
        white-space: nowrap; letter-spacing: 0.08em }
    svg { display: block; height: max(25vh, 9rem) }
    """,
    js=script("classes/code.js"),
)


def join_code(code: str) -> str:
    """Draw address, code, and a QR code of a quarter of the height; return the link."""
    link = link_to("classes", {"code": code})
    address = link.partition("://")[2].partition("?")[0]
    data = {"code": code, "address": address, "qr": qr_code(link)}
    _code(key="classes_join_code", data=data)
    return link
