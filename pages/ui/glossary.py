"""The terms that controls and charts use, for every page."""

import streamlit as st

# In alphabetical order. A control's label, in lower case, is looked up among the terms.
GLOSSARY = {
    "Accuracy": "The share of examples that are answered correctly.",
    "Activation": (
        "The function applied to a weighted sum: tanh (−1 to 1) or σ (0 to 1)."
    ),
    "Average (of weights)": (
        "A moving average of the weights over the training steps. It fluctuates less "
        "than the weights of any single step."
    ),
    "Backpropagation through time": (
        "The backward pass through the unrolled network: it computes the gradient of "
        "the loss, from the last step to the first."
    ),
    "Backward pass": (
        "The computation of the gradient. It starts at the loss and applies the chain "
        "rule to each operation in reverse order."
    ),
    "Baseline": (
        "A simple method that a model has to beat, such as repeating the last price."
    ),
    "Batch": "The examples whose gradients are averaged for one training step.",
    "Bias": "A learned number that is added to a weighted sum, whatever the input.",
    "Calibration": (
        "Adjusting a model so that its confidence matches its accuracy: of the answers "
        "given with 80% confidence, 80% should be correct."
    ),
    "Calibration error": "The mean difference between confidence and accuracy.",
    "Candidate c̃": "The values that a gated cell could add to its state at this step.",
    "Cell": "The computation of one time step of a recurrent network.",
    "Cell state c": (
        "The LSTM's second state. The forget gate scales the old values, and the input "
        "gate scales what is added."
    ),
    "Cells": ("The networks of the adding problem, by the cells they are made of."),
    "Clip, clipping": (
        "Scaling a gradient down to a maximum length before the weights are updated. "
        "It prevents a single step from changing the weights too much."
    ),
    "Coverage": (
        "Prices: the share of actual values that lie inside the forecast's intervals. "
        "Emoji: the share of sentences that get a sure answer."
    ),
    "CRPS": (
        "Continuous ranked probability score: the error of a forecast that is a whole "
        "probability distribution. Lower is better."
    ),
    "Diebold-Mariano test": (
        "A test of whether the losses of two forecasts differ by more than chance "
        "explains."
    ),
    "Digits agree": (
        "How many decimal digits of a computed gradient match its finite difference: "
        "−log₁₀ of their relative difference. Seven or more count as equal."
    ),
    "Direction": (
        "Whether an LSTM reads a sentence forward only, or a second one also reads it "
        "backward."
    ),
    "Dropout": (
        "Setting a random share of values to zero in each training step, so that the "
        "network does not depend on any single one."
    ),
    "Embedding": "A table that maps each word to a vector.",
    "Epoch": (
        "A stretch of training after which the network is evaluated: often one pass "
        "over the training data, in the lessons a fixed number of steps."
    ),
    "Equal": (
        "What is the same in networks that are compared: the units, or the parameters."
    ),
    "Exploding gradient": (
        "A gradient that grows exponentially with the number of steps it passes "
        "through. The update then destroys what was learned."
    ),
    "Finite difference": (
        "A numerical derivative: change one number slightly and measure how much the "
        "loss changes."
    ),
    "Fold": (
        "Prices: one part of the test period, forecast by networks trained on all data "
        "before it. Emoji: one fifth of your own sentences, answered by a model that "
        "was trained on the others."
    ),
    "Forget bias": (
        "The initial bias of the forget gate. The higher it is, the longer the cell "
        "state is kept before any training."
    ),
    "Forward pass": "The computation of states and outputs from the inputs.",
    "GARCH": (
        "A standard statistical model of volatility; GJR-GARCH also reacts more to "
        "falls than to rises."
    ),
    "Gate": (
        "A layer with outputs between 0 and 1 that scale other values. Forget gate f, "
        "input gate i and output gate o of the LSTM; update gate z and reset gate r of "
        "the GRU."
    ),
    "Gradient": (
        "The derivatives of the loss with respect to every number. dh is the gradient "
        "with respect to h."
    ),
    "Gradient norm": (
        "The length of the gradient: the square root of the sum of its squared "
        "entries. Charts show it before clipping."
    ),
    "GRU": (
        "Gated recurrent unit: a network of one state with an update and a reset gate."
    ),
    "Held-out data": (
        "Data that are not used to update the weights: the validation set and the test "
        "set."
    ),
    "Hidden state h": (
        "The vector that a recurrent cell passes to the next step and to the output "
        "layer. The functions of the course call it a."
    ),
    "Horizon": "How far ahead a forecast looks.",
    "Hyperparameter": "A setting chosen before training, as opposed to a weight.",
    "Influence": (
        "How strongly an output depends on an input: the norm of the gradient of the "
        "output with respect to the input."
    ),
    "Lag": "The distance in time between two steps.",
    "Layer": (
        "A step of a network from one vector to the next, with weights of its own. "
        "LSTMs can be stacked in layers: each reads the states of the one below."
    ),
    "Learning rate": (
        "The factor that scales each update of the weights. Too small: learning is "
        "slow. Too large: the loss does not settle, or diverges."
    ),
    "Length": "The number of steps in a sequence.",
    "Loss": (
        "The number that training minimises. For text it is the cross-entropy in nats "
        "per character, for the adding problem the mean squared error. In the step "
        "*Backward* a weighted sum of hidden states takes its place."
    ),
    "LSTM": "Long short-term memory: a recurrent network with gates and a cell state.",
    "Macro-F1": "The mean over all classes of F1, which combines precision and recall.",
    "Markov chain": (
        "A model that predicts the next item from the last few items only, by "
        "counting. Its order is how many items it looks at."
    ),
    "minGRU": ("A GRU whose gate and candidate do not read the hidden state."),
    "MSE, RMSE, MAE": "Mean squared error, its square root, and mean absolute error.",
    "Nat": (
        "The unit of information with natural logarithms, −ln p. A loss of 0.69 nats "
        "means that the right answer had probability 1/2 on (geometric) average."
    ),
    "Networks": "How many networks are trained from different seeds and averaged.",
    "NLL": (
        "Negative log-likelihood: −ln of the probability (density) that a forecast "
        "gave to what happened. Lower is better."
    ),
    "One-hot": "A symbol as a vector of zeros with a single 1 at its place.",
    "Optimizer": (
        "The rule that turns gradients into updates of the weights. SGD takes steps "
        "proportional to the gradient; Adam scales each weight's step by its recent "
        "gradients."
    ),
    "Orthogonal": (
        "Of a matrix: it turns a vector and keeps its length. The weights from state "
        "to state start like that, so that at first the slopes alone shorten a "
        "gradient."
    ),
    "Overfitting": (
        "Learning details of the training data that do not hold for other data. The "
        "training loss falls while the validation loss rises."
    ),
    "Padding": "Filler that makes sequences in a batch equally long.",
    "Parameters": ("All weights and biases of a network."),
    "Patience": (
        "How many epochs without a better validation loss are allowed before training "
        "stops early."
    ),
    "Perplexity": (
        "e to the power of the loss in nats: the number of equally likely choices that "
        "would be as uncertain."
    ),
    "Pooling": "How the states of all words are combined into one vector.",
    "Recurrence": "The connection from the state of one step to the next.",
    "Recurrent scale": (
        "A factor on the initial weights from state to state. At 1 they are "
        "orthogonal: they neither shrink nor stretch the state."
    ),
    "Reset gate r": ("In a GRU: how much of the old state enters the candidate."),
    "RNN": "Recurrent neural network; here the simple one with a single tanh layer.",
    "Sample": "Data generated by a trained network, such as an invented name.",
    "Saturated": (
        "So far out on tanh or σ that the slope is nearly 0 and almost no gradient "
        "passes."
    ),
    "Scan": (
        "A way to compute all states at once, in log₂ T rounds in place of T steps."
    ),
    "Seed": (
        "The start of the random number generator. The same seed and settings give the "
        "same result."
    ),
    "Seeds": "How many networks with different seeds are trained and averaged.",
    "Slope": (
        "The derivative of a function: how much its output changes when its input "
        "does. That of tanh is 1 − h² where its output is h, that of a gate z is "
        "z (1 − z)."
    ),
    "Smoothing": (
        "Label smoothing: a share of each target's probability is spread over all "
        "classes, so that the network becomes less overconfident."
    ),
    "Softmax": "Turns scores into probabilities that sum to 1.",
    "Spatial dropout": (
        "Dropout of whole dimensions of the word vectors, the same for all words of a "
        "sentence."
    ),
    "Step": (
        "A time step of a sequence, or a training step: one update of the weights. The "
        "setting *Steps* is the number of training steps per epoch."
    ),
    "Temperature": (
        "Divides the scores before the softmax. Below 1 it makes likely choices more "
        "likely, above 1 it makes choices more even."
    ),
    "Test set": "Held-out data used only for the final evaluation.",
    "Token": "The unit that a model reads: a character, a word, or a sixteenth note.",
    "Top-k, top-p": (
        "Restrict sampling to the k most likely tokens, or to the most likely tokens "
        "that together have probability p."
    ),
    "Training set": (
        "The data from which the weights are learned. Training loss: the loss on it."
    ),
    "Unit": "One number of the hidden state, with weights of its own.",
    "Unrolled": "Drawn once for each time step.",
    "Update gate z": (
        "The share of the old state in a GRU; in a minGRU that of the candidate."
    ),
    "Validation set": (
        "Held-out data used during training, to decide when to stop and to compare "
        "settings. Validation loss: the loss on it."
    ),
    "Vanishing gradient": (
        "A gradient that shrinks exponentially with the number of steps it passes "
        "through, so that distant inputs hardly affect the weights."
    ),
    "Vectors": (
        "Word vectors: numbers that represent the meaning of a word, such as GloVe."
    ),
    "Window": (
        "The number of consecutive steps that the network reads at a time. It cannot "
        "learn dependencies longer than that."
    ),
    "Winkler score": (
        "A score for intervals: their width, plus a penalty for values outside. Lower "
        "is better."
    ),
    "Word dropout": "Replacing a random share of the words by the unknown word.",
}


def glossary() -> None:
    """Draw the terms, folded away."""
    with st.expander("Glossary", icon=":material/dictionary:"):
        st.markdown(
            "\n\n".join(f"**{term}.** {text}" for term, text in GLOSSARY.items())
        )
