"""The end of the path: a summary, further reading."""

import streamlit as st

from pages.ui.membership import current_progress
from pages.ui.path.progress import is_done
from pages.ui.path.stations import STATIONS

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
            st.markdown("**What to read next**\n" + READ_NEXT)
