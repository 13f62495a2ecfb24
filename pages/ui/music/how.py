"""How it works: from notes to tokens to notes, in equations and in code."""

import streamlit as st

from core.source import source

TOKENS = """
**1. A melody as tokens.** Time is cut into sixteenths. Each is one of three kinds: a
note begins, it is held, or there is a rest. Every piece is moved to C major or A minor,
so that a tune is the same in all keys. At each step the model also sees the chord that
sounds, the place in the bar, the last notes with their leaps, and what was played one,
two or four bars ago.
"""
LSTM = """
**2. Going on.** An LSTM reads the steps $x_1 \\dots x_t$, keeps a cell state $c_t$, and
gives a score $z$ to every token that may come next:

$$
f_t, i_t, o_t = \\sigma(W [a_{t-1}, x_t] + b), \\qquad
c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_c [a_{t-1}, x_t] + b_c)
$$

$$
a_t = o_t \\odot \\tanh c_t, \\qquad p(y_{t+1}) = \\text{softmax}(W_y a_t + b_y)
$$
"""
PERPLEXITY = """
**3. Nats and perplexity.** The loss is how surprised the model is by what the composer
wrote, on average over the $N$ sixteenths of a piece:

$$
L = -\\frac{1}{N} \\sum_{t} \\ln p(y_t), \\qquad \\text{perplexity} = e^{L}
$$

A perplexity of 3 means: as unsure as if it threw a fair die with three sides at each
sixteenth. Most sixteenths only hold a note, which is easy; that is why the share of
**right onsets**, of notes that begin, is shown as well.
"""
CHOOSING = """
**4. Choosing.** The temperature $T$ sharpens or flattens the odds; top-k and top-p cut
off what is least likely:

$$
p_k = \\frac{e^{z_k / T}}{\\sum_j e^{z_j / T}}
$$

**Why does a model repeat one note?** The likeliest token is often "the same again". At
a low temperature that is always taken, and having heard a note five times makes a sixth
likelier still. Here a note may not be struck more than four times in a row.

**Why does it copy?** After five notes that only one piece has, the sixth of that
piece is the best guess there is. The less a model has learned from, and the longer it
did, the more it does so. The guard counts the notes of the run that is being copied,
and refuses one that would make it longer than pieces by people have them.
"""


def how_it_works() -> None:
    """Draw the explanation, and the code that plays on this page."""
    st.markdown(TOKENS)
    _code("core.music.listener", "Listener.see")
    st.markdown(LSTM)
    _code("core.music.network", "Network")
    _code("core.music.forward", "DefaultPlayer")
    st.markdown(PERPLEXITY)
    _code("core.music.judged", "totals_of")
    st.markdown(CHOOSING)
    _code("core.music.sampling", "play")
    _code("core.music.copy_guard", "CopyGuard")
    _code("core.music.originality", "Originals._matches")


def _code(module: str, name: str) -> None:
    path = f"{module.replace('.', '/')}.py"
    with st.expander(f"`{name.split('.')[-1]}` from `{path}`", icon=":material/code:"):
        st.code(source(module, name), "python")
