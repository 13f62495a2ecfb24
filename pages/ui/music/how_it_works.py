"""How it works: from notes to tokens to notes, in equations and in code."""

import streamlit as st

from core.source import source

TOKENS = """
**1. A melody as tokens.** Time is divided into sixteenths. In each one a note begins, a
note is held, or there is a rest. Every piece is transposed to C major or A minor, so
that a tune is the same in all keys. At each step the model also reads the current
chord, the position in the bar, the last notes with their intervals, and what was played
at the same place 1 to 16 bars ago, also transposed.
"""
LSTM = """
**2. Predicting the next token.** An LSTM reads the steps $x_1 \\dots x_t$, keeps a cell
state $c_t$, and gives every possible next token a score $z$:

$$
f_t, i_t, o_t = \\sigma(W [a_{t-1}, x_t] + b), \\qquad
c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_c [a_{t-1}, x_t] + b_c)
$$

$$
a_t = o_t \\odot \\tanh c_t, \\qquad p(y_{t+1}) = \\text{softmax}(W_y a_t + b_y)
$$
"""
PERPLEXITY = """
**3. Nats and perplexity.** The loss is the mean negative log-probability of what the
composer wrote, over the $N$ sixteenths of a piece:

$$
L = -\\frac{1}{N} \\sum_{t} \\ln p(y_t), \\qquad \\text{perplexity} = e^{L}
$$

A perplexity of 3 means that the model is as uncertain as if it chose among three
equally likely tokens at each sixteenth. Most sixteenths only hold a note, which is easy
to predict; therefore the **onset accuracy**, on notes that begin, is shown as well.
"""
CHOOSING = """
**4. Sampling.** The temperature $T$ sharpens or flattens the probabilities; top-k and
top-p exclude the least likely tokens:

$$
p_k = \\frac{e^{z_k / T}}{\\sum_j e^{z_j / T}}
$$

**Why does a model repeat one note?** The most likely token is often the same note
again. At a low temperature it is always chosen, and five repetitions make a sixth even
more likely. Here a note may be struck at most four times in a row.

**Why does it copy?** After five notes that occur in one training piece only, the sixth
note of that piece is the best prediction. The smaller the training set and the longer
the training, the more a model copies. The guard counts the notes of the passage being
copied and rejects a note that would make it longer than such passages in unrelated
pieces.
"""


def how_it_works() -> None:
    """Draw the explanation, and the code that plays on this page."""
    st.markdown(TOKENS)
    _code("core.music.model.inputs", "StepwiseInputs.next")
    st.markdown(LSTM)
    _code("core.music.model.network", "Network")
    _code("core.music.model.players", "DefaultPlayer")
    st.markdown(PERPLEXITY)
    _code("core.music.judging.judgement", "totals_of")
    st.markdown(CHOOSING)
    _code("core.music.model.sampling", "generate")
    _code("core.music.judging.originality", "CopyGuard")
    _code("core.music.judging.originality", "CopyIndex._matches")


def _code(module: str, name: str) -> None:
    path = f"{module.replace('.', '/')}.py"
    with st.expander(f"`{name.split('.')[-1]}` from `{path}`", icon=":material/code:"):
        st.code(source(module, name), "python")
