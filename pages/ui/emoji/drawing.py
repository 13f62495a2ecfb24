"""An answer's emoji in large: SVG that looks the same on every machine."""

import streamlit as st

from core.emoji.figures import COLOURS
from core.emoji.labels import LABELS

HEART, BALL, SMILE, SAD, FOOD = COLOURS[:5]
DARK = "#1F2328"
_face = f"""
    <circle cx="50" cy="50" r="42" fill="{{colour}}"/>
    <ellipse cx="35" cy="41" rx="5.5" ry="8" fill="{DARK}"/>
    <ellipse cx="65" cy="41" rx="5.5" ry="8" fill="{DARK}"/>"""
DRAWINGS = {
    "heart": f"""
    <path fill="{HEART}" d="M50 88 C24 68 8 52 8 33 A22 22 0 0 1 50 26
      A22 22 0 0 1 92 33 C92 52 76 68 50 88 Z"/>""",
    "ball": f"""
    <circle cx="50" cy="50" r="41" fill="#FFFFFF" stroke="{BALL}" stroke-width="4"/>
    <path d="M24 20 C42 38 42 62 24 80 M76 20 C58 38 58 62 76 80"
      fill="none" stroke="{HEART}" stroke-width="3.5"/>
    <path d="M24 20 C42 38 42 62 24 80 M76 20 C58 38 58 62 76 80" fill="none"
      stroke="{HEART}" stroke-width="12" stroke-dasharray="2.5 7.5"/>""",
    "smile": f"""
    {_face.format(colour=SMILE)}
    <path d="M25 56 H75 C75 74 63 82 50 82 C37 82 25 74 25 56 Z" fill="{DARK}"/>
    <path d="M30 58 H70 V62 C70 65 30 65 30 62 Z" fill="#FFFFFF"/>""",
    "sad": f"""
    {_face.format(colour=SAD)}
    <path d="M32 75 C40 62 60 62 68 75 M26 30 L38 26 M74 30 L62 26"
      fill="none" stroke="{DARK}" stroke-width="5" stroke-linecap="round"/>""",
    "food": f"""
    <g fill="none" stroke="{FOOD}" stroke-width="6" stroke-linecap="round">
      <path d="M22 12 V32 C22 48 46 48 46 32 V12 M34 12 V90"/>
      <path fill="{FOOD}" d="M70 90 V12 C84 20 84 44 79 56 H70"/>
    </g>""",
    # Of a model with classes of its own: the emoji itself, or a speech bubble.
    "own": """
    <text class="own" x="50" y="76"></text>""",
    "word": f"""
    <path fill="{BALL}" d="M14 18 H86 A8 8 0 0 1 94 26 V62 A8 8 0 0 1 86 70 H46
      L26 88 V70 H14 A8 8 0 0 1 6 62 V26 A8 8 0 0 1 14 18 Z"/>
    <path d="M24 36 H76 M24 52 H60" stroke="#FFFFFF" stroke-width="6"
      stroke-linecap="round"/>""",
    "none": """
    <circle class="hollow" cx="50" cy="50" r="40"/>
    <path class="hollow" d="M34 50 h.1 M50 50 h.1 M66 50 h.1"/>""",
}

_component = st.components.v2.component(
    "emoji_answer",
    html='<svg viewBox="0 0 100 100">'
    + "".join(f'<g class="{name}">{paths}</g>' for name, paths in DRAWINGS.items())
    + '<text class="doubt" x="88" y="30">?</text></svg>',
    css="""
    svg { width: 112px; height: 112px; display: block }
    svg > g { display: none }
    svg[data-sure=no] > g { opacity: 0.4 }
    .doubt { display: none; fill: var(--st-text-color); text-anchor: middle;
             font: 700 34px var(--st-font) }
    svg[data-sure=no] > .doubt { display: inline }
    .own { text-anchor: middle; font-size: 76px; fill: var(--st-text-color) }
    .hollow { fill: none; stroke: var(--st-border-color); stroke-width: 6;
              stroke-linecap: round }
    """
    + "".join(f"svg[data-show={n}] > .{n} {{ display: inline }}" for n in DRAWINGS),
    js="""
    export default function ({ data, parentElement }) {
      const svg = parentElement.querySelector("svg")
      svg.dataset.show = data.show
      svg.querySelector(".own > text").textContent = data.emoji
      svg.dataset.sure = data.sure
      svg.setAttribute("role", "img")
      svg.setAttribute("aria-label", data.says)
    }
    """,
)
assert {label.name for label in LABELS} < set(DRAWINGS)


def draw_large(answer) -> None:
    """Draw an answer's emoji; pale with a question mark if it is not sure."""
    show = answer.name or "none"
    if answer.label is not None and answer.labels != LABELS:
        show = "own" if answer.labels[answer.label].emoji else "word"
    unsure = answer.name and not answer.sure
    data = {
        "show": show,
        "emoji": answer.emoji if show == "own" else "",
        "sure": "no" if unsure else "yes",
        "says": f"Perhaps {answer.name}" if unsure else answer.name or "No answer",
    }
    _component(key="emoji_answer", data=data, height=112)
