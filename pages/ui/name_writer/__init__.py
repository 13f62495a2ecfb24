"""The small network on the home page, which writes names in the browser.

`make examples` writes the weights: those of the example of the writing task.
"""

import streamlit as st

from core.examples import NAMES
from core.figures import palette
from pages.ui.components import read
from pages.ui.previews import preview_path
from pages.ui.web.scripts import script

_writer = st.components.v2.component(
    "name_writer",
    html="""
    <div class="lesson" role="group" aria-label="A network that writes names">
      <div class="parts">
        <section>
          <label>Type the beginning of a name
            <input class="typed" type="text" maxlength="12" autocomplete="off"
              autocapitalize="off" spellcheck="false" placeholder="such as mar">
          </label>
          <p class="refused" role="status"></p>
          <output class="name" aria-live="polite"></output>
          <p class="others"></p>
        </section>
        <section>
          <h4>The next letter</h4>
          <ol class="chances"></ol>
        </section>
        <section>
          <h4>Its memory, letter by letter: brown below 0, green above</h4>
          <canvas class="memory" role="img" aria-label="Its memory"></canvas>
        </section>
      </div>
      <div class="bar"></div>
      <p class="story"></p>
    </div>""",
    css=read("components/player.css", "name_writer/name_writer.css"),
    js=script("name_writer/name_writer.js"),
)


def name_writer() -> None:
    """Draw the network: type a beginning, and move through its epochs."""
    version = NAMES.stat().st_mtime_ns
    _writer(
        key="home_names",
        data={
            "url": preview_path(f"{NAMES.name}?version={version}"),
            "negative": palette.NEGATIVE,
            "positive": palette.POSITIVE,
        },
    )
