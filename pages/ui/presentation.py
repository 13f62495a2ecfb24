"""Presentation mode, for a projector: one block of a page at a time, in large type."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


def _icon(path: str) -> str:
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>'


_presentation = st.components.v2.component(
    "presentation",
    html=f"""
    <div class="presentation">
      <button class="open" type="button" aria-label="Present"
              title="One block at a time, in large type, for a projector">
        {_icon("M3 4h18v2h-1v10h-6l2 4h-2l-2-4-2 4H8l2-4H4V6H3zm3 2v8h12V6z")}
        <span>Present</span>
      </button>
      <div class="bar" role="group" aria-label="Presentation">
        <button class="back" type="button" aria-label="Previous block"
                title="Previous block (Page Up, left arrow)">
          {_icon("M15 5v14L7 12z")}
        </button>
        <output class="place" aria-live="polite"></output>
        <button class="next" type="button" aria-label="Next block"
                title="Next block (Page Down, right arrow)">
          {_icon("M9 5v14l8-7z")}
        </button>
        <button class="leave" type="button" aria-label="Leave the presentation"
                title="Leave (Esc)">
          {_icon("M6 5l6 6 6-6 1 1-6 6 6 6-1 1-6-6-6 6-1-1 6-6-6-6z")}
        </button>
      </div>
    </div>""",
    css=(HERE / "presentation.css").read_text(),
    js=(HERE / "presentation.js").read_text(),
    isolate_styles=False,  # it shows and hides the page's own blocks
)


def offer_presentation() -> None:
    """Draw the button that begins it; `?present=true` in a link does so as well."""
    _presentation(key="presentation", width="content")
