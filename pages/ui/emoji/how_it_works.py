"""How it works: from a sentence to an emoji, in equations and in code."""

import streamlit as st

from core.emoji import Config
from pages.ui.controls import code

READ = """
**1. Words.** The sentence is tokenised as in the Penn Treebank: *don't* becomes *do*
and *n't*, *happy!!* becomes *happy* and *!*. Each word $w_t$ is looked up in GloVe, a
table of vectors for 400,000 words, in which similar words have similar vectors:

$$
x_t = E_{w_t} \\in \\mathbb{R}^{50}
$$

A word that is not in the table gets the vector of an unknown word and is marked.
"""
LSTM = """
**2. LSTM.** An LSTM reads the vectors in order and passes a cell state $c_t$ from word
to word, so that a *not* can affect a later *happy*:

$$
f_t, i_t, o_t = \\sigma(W [h_{t-1}, x_t] + b)
$$

$$
c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_c [h_{t-1}, x_t] + b_c)
$$

$$
h_t = o_t \\odot \\tanh c_t
$$

The default model reads in both directions, and its setting *Pooling* determines how the
states of all words are combined. The classic **v2** stacks two LSTMs and uses the last
state. **v1** has no LSTM and takes the mean of the vectors, so *dog bites man* and *man
bites dog* are the same to it.
"""
SCORES = """
**3. Probabilities.** The network outputs a score $z$ for each emoji, and one more for
none of them, which it has learned from sentences that no emoji fits; a **softmax**
turns them into probabilities. The **temperature** $T$ is chosen after training on the
development set, so that confidence matches accuracy:

$$
p_k = \\frac{e^{z_k / T}}{\\sum_j e^{z_j / T}}
$$
"""
TWICE = """
**Why not two softmaxes?** The classic script applies the softmax in the model and again
in the loss. The input of the second one lies between 0 and 1, and its most extreme
input, one 1 and four 0, becomes

$$
\\frac{e^1}{e^1 + 4 e^0} = 0.405
$$

so no probability can exceed 40%, gradients shrink, and calibration is lost. Train with
*Softmax* set to *twice* to see it.
"""
UNSURE = """
**4. Not sure.** An answer is called sure if its confidence reaches a threshold, which
means the same for every model: the lowest with at most 4% of the sure answers wrong on
development sentences, and from which, with 95% confidence, fewer than 20% are wrong on
other sentences like these. *None of these* needs less confidence than an emoji: a
network takes sentences about what it has not learned for an emoji, rarely for none. The
development sentences of the five emojis are difficult ones, many of which no emoji
fits; with classes of your own they are your sentences, each answered by a model that
has not seen it. Below the threshold, or when no word is known, the page says “Not
sure”, or “Mixed feelings” where two close emojis reach it only together. With few
sentences no answer may be sure.
"""
SMALL = """
**Your own classes.** With a few sentences of each class there is too little to train an
LSTM on. The model **small** reads a sentence as the mean of word vectors, and fits a
logistic regression to it. The vectors are not GloVe's: they are the first layer of a
sentence encoder, the transformer MiniLM, which was trained on a billion pairs of
sentences. So this model owes its accuracy to a much larger one. Each epoch tries
another setting: how much more rare words count, and how strongly the weights are held
near zero. Five more models are fitted, each without a fifth of the sentences, and
answer that fifth: this is the cross-validated accuracy, with Wilson's interval for all
sentences together. The setting with the least cross-validated loss answers.
"""


def how_it_works_view(config: Config) -> None:
    """Draw the explanation, and the code that answers on this page."""
    st.markdown(READ)
    code("core.emoji.text.tokens", "tokenize")
    st.markdown(LSTM)
    code("core.emoji.model.answering", "Ensemble._lstm")
    st.markdown(SCORES)
    code("core.emoji.model.answering", "mean_probability")
    if config.softmax == "twice":
        st.warning("The current model has two softmaxes.")
    st.markdown(TWICE)
    code("core.emoji.model.network", "Network")
    st.markdown(UNSURE)
    code("core.emoji.judging.selective", "choose_sure")
    st.markdown(SMALL)
    code("core.emoji.model.regression", "fit")
