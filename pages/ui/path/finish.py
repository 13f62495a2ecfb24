"""The end of the path: a summary, a page to print, further reading."""

import time

import streamlit as st

from core.runs.classes.names import MAX_NAME, clean_name
from core.takeaway.sheet import make_certificate
from pages.ui.controls import refusals
from pages.ui.download import download_button
from pages.ui.membership import current_progress
from pages.ui.path.progress import is_done
from pages.ui.path.stations import STATIONS
from pages.ui.words import local_time

READ_NEXT = """
- Christopher Olah (2015), [Understanding LSTM
  networks](https://colah.github.io/posts/2015-08-Understanding-LSTMs/): the cell once
  more, in pictures.
- Andrej Karpathy (2015), [The unreasonable effectiveness of recurrent neural
  networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/): networks that
  write, and units with a meaning.
- Ian Goodfellow, Yoshua Bengio and Aaron Courville (2016), [Deep
  Learning](https://www.deeplearningbook.org/contents/rnn.html), chapter 10: the same
  with all of its mathematics.
- Razvan Pascanu, Tomas Mikolov and Yoshua Bengio (2013), [On the difficulty of training
  recurrent neural networks](https://arxiv.org/abs/1211.5063): why gradients vanish and
  explode.
- Leo Feng and others (2024), [Were RNNs all we
  needed?](https://arxiv.org/abs/2410.01201): the minGRU.
"""


def finish() -> None:
    """Draw the end of the path once all stations are done; nothing before."""
    progress = current_progress()
    if not all(is_done(station, progress) for station in STATIONS):
        return
    if not st.session_state.get("path_celebrated"):
        st.session_state["path_celebrated"] = True
        st.balloons()
    with st.container(border=True, key="path_finish"):
        st.subheader(":material/trophy: You have walked the whole path")
        learned, more = st.columns([3, 2], gap="large")
        with learned:
            st.markdown("**What you have learned**")
            st.markdown("\n".join(f"1. {station.learned}" for station in STATIONS))
        with more:
            _certificate()
            st.markdown("**What to read next**\n" + READ_NEXT)


def _certificate() -> None:
    """Draw the box for a name, and the download of a page with it to print."""
    typed = st.text_input(
        "Your name",
        key="path_name",
        max_chars=MAX_NAME,
        autocomplete="off",
        placeholder="Leave it empty to write it by hand",
        help="It stands on the page to print, and is kept nowhere.",
    )
    with refusals():
        _page_to_print(clean_name(typed) if typed.strip() else "")


def _page_to_print(name: str) -> None:
    today = local_time(time.time())
    download_button(
        "Page to print",
        make_certificate(
            name,
            f"{today.day} {today:%B %Y}",
            [(station.title, station.learned) for station in STATIONS],
        ),
        "unrolled_path.html",
        "path_certificate",
        "text/html",
        icon=":material/print:",
        help="One file that opens without a network, on one page of A4.",
    )
