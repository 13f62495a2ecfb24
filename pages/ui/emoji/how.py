"""How it works: from a sentence to an emoji, in equations and in code."""

import streamlit as st

from core.emoji import Config
from core.source import source

READ = """
**1. Words.** The sentence is cut as the Penn Treebank does: *don't* becomes *do* and
*n't*, *happy!!* becomes *happy* and *!*. Each word $w_t$ is looked up in GloVe, a table
of 400,000 words whose neighbours in the table are neighbours in meaning:

$$
x_t = E_{w_t} \\in \\mathbb{R}^{50}
$$

A word that is not in the table gets the unknown vector and is shown as unknown.
"""
LSTM = """
**2. Reading.** An LSTM reads the vectors in their order, and keeps a cell state
$c_t$ from word to word. That is how a *not* can wait for its *happy*:

$$
f_t, i_t, o_t = \\sigma(W [a_{t-1}, x_t] + b)
$$

$$
c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_c [a_{t-1}, x_t] + b_c)
$$

$$
a_t = o_t \\odot \\tanh c_t
$$

Our own model reads in both directions, and its setting *pooling* says what it keeps of
the words' states; the classic **v2** stacks two LSTMs and keeps the last state; **v1**
has none and takes the mean of the vectors, for which *dog bites man* and *man
bites dog* are the same.
"""
SCORES = """
**3. Scores.** Five scores $z$, and one **softmax** to make them probabilities. The
**temperature** $T$ is chosen on sentences kept aside, after training, such that
confidence matches how often the answer is right:

$$
p_k = \\frac{e^{z_k / T}}{\\sum_j e^{z_j / T}}
$$
"""
TWICE = """
**Why not two softmaxes?** The classic script applies the softmax in the model and once
more in the loss. The second one gets numbers between 0 and 1, and the most extreme of
those, one 1 and four 0, becomes

$$
\\frac{e^1}{e^1 + 4 e^0} = 0.405
$$

so no answer can be surer than 40%, gradients shrink, and calibration is lost. Train
with *softmax* set to *twice* to see it.
"""
UNSURE = """
**4. Not sure.** An answer is called sure from a confidence that nine of ten right
answers to development sentences reach. Below it, or when no word is known, the page
says so: five emojis do not fit every sentence.
"""


def how_it_works(config: Config) -> None:
    """Draw the explanation, and the code that answers on this page."""
    st.markdown(READ)
    _code("core.emoji.tokens", "read")
    st.markdown(LSTM)
    _code("core.emoji.reading", "Reader._lstm")
    st.markdown(SCORES)
    _code("core.emoji.reading", "mean_probability")
    if config.softmax == "twice":
        st.warning("The model that answers now has two softmaxes.")
    st.markdown(TWICE)
    _code("core.emoji.network", "Network")
    st.markdown(UNSURE)
    _code("core.emoji.judgement", "choose_threshold")


def _code(module: str, name: str) -> None:
    path = f"{module.replace('.', '/')}.py"
    with st.expander(f"`{name.split('.')[-1]}` from `{path}`", icon=":material/code:"):
        st.code(source(module, name), "python")
