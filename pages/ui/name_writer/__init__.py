"""The small network on the home page, which writes names in the browser.

`make examples` writes the weights: those of the example of the writing task.
"""

import streamlit as st

from core.examples import NAMES
from core.figures import palette
from pages.ui.components import read
from pages.ui.intents import intent
from pages.ui.membership import note_event, wants_event
from pages.ui.previews import preview_path
from pages.ui.web.scripts import script

EVENTS = ("seen", "typed", "turned")  # of the first station: "seen home", ...
_writer = st.components.v2.component(
    "name_writer",
    html="""
    <div class="lesson" role="group" aria-label="A network that writes names">
      <div class="parts">
        <section>
          <label>Type the beginning of a name
            <input class="typed box" type="text" maxlength="12" autocomplete="off"
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
      <div class="inside" hidden>
        <section>
          <label>One of its 8,571 weights: it makes “<b class="turned"></b>” likelier
            <input class="turn" type="range" min="-4" max="4" step="0.05" value="0">
          </label>
          <p class="loss" aria-live="polite"></p>
          <p class="slope"></p>
        </section>
        <section>
          <h4>The loss, from this weight turned down to turned up</h4>
          <canvas class="curve" role="img" aria-label="Loss"></canvas>
        </section>
      </div>
    </div>""",
    css=read("components/player.css", "name_writer/name_writer.css"),
    js=script("name_writer/name_writer.js"),
)


def name_writer(*, with_weight: bool = False) -> None:
    """Draw the network: type a beginning, and move through its epochs.

    With one weight to turn, and the loss of what is typed, it is the first station of
    the path.
    """
    version = NAMES.stat().st_mtime_ns
    key = "home_names"
    wanted = [each for each in EVENTS if wants_event(f"{each} home")]
    _writer(
        key=key,
        data={
            "url": preview_path(f"{NAMES.name}?version={version}"),
            "negative": palette.NEGATIVE,
            "positive": palette.POSITIVE,
            "watched": wanted if with_weight else None,
        },
        **{
            f"on_{each}_change": intent(f"{key} {each}", note_event, f"{each} home")
            for each in EVENTS
        },
    )
