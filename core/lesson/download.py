"""The download of a trained model: its weights as .npz, and a script in NumPy."""

import numpy as np

from core.archive import zip_files
from core.arrays import pack
from core.lesson import adding, writing
from core.lesson.adding.problem import test_data
from core.lesson.network import Network
from core.lesson.settings import USES
from core.lesson.writing.sampling import prime_and_length

STEP = '''\
def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def step(x, a, c):
    """Read one input; return the next hidden state and cell state."""
    if "Waa" in w:  # the RNN; only the LSTM has a cell state
        return np.tanh(w["Waa"] @ a + w["Wax"] @ x + w["ba"]), c
    if "Wf" not in w and "Wr" not in w:  # the minGRU
        z = sigmoid(w["Wz"] @ x + w["bz"])
        return (1 - z) * a + z * (w["Wc"] @ x + w["bc"]), c
    both = np.concatenate([a, x])
    if "Wr" in w:  # the GRU
        z, r = (sigmoid(w["W" + gate] @ both + w["b" + gate]) for gate in "zr")
        candidate = w["Wcx"] @ x + w["bc"] + r * (w["Wca"] @ a + w["bca"])
        return z * a + (1 - z) * np.tanh(candidate), c
    f, i, o = (sigmoid(w["W" + gate] @ both + w["b" + gate]) for gate in "fio")
    c = f * c + i * np.tanh(w["Wc"] @ both + w["bc"])
    return o * np.tanh(c), c
'''

TEXT_SCRIPT = f'''\
"""Write texts: python write.py [SEED]

Without a seed it writes the samples of the training once more.
"""

import sys

import numpy as np

w = dict(np.load("model.npz"))  # README.txt names its arrays


{STEP}

rng = np.random.default_rng([int(arg) for arg in sys.argv[1:]] or w["seed"])
characters, prime, count = str(w["characters"]), str(w["prime"]), int(w["samples"])
Wy = w["Wya"] if "Waa" in w else w["Wy"]
a = c = np.zeros((Wy.shape[1], count))
texts = [prime] * count
for t in range(int(w["length"])):
    x = np.array([[text[t] == letter for text in texts] for letter in characters])
    a, c = step(x.astype(float), a, c)
    if t + 1 == len(texts[0]):
        z = Wy @ a + w["by"]
        y = np.exp(z - z.max(axis=0))
        p = ((y / y.sum(axis=0)) ** (1 / w["temperature"])).cumsum(axis=0)
        chosen = (p < rng.random(count) * p[-1]).sum(axis=0)
        texts = [text + characters[k] for text, k in zip(texts, chosen)]
for text in texts:
    print(text.split("\\n")[1] if prime == "\\n" else text)  # a name, or a passage
'''

ADDING_SCRIPT = f'''\
"""Add the two marked numbers of each file: python add.py sequence.csv ...

A file has the columns `number` and `mark`, which is 1 at the two to add and else 0.
"""

import sys
from pathlib import Path

import numpy as np

NETWORKS = [n for n in ("rnn", "lstm", "gru", "mingru") if Path(f"{{n}}.npz").exists()]

{STEP}

for name in sys.argv[1:]:
    sequence = np.loadtxt(name, delimiter=",", skiprows=1, ndmin=2)  # (T, 2)
    print(f"{{name}}: the sum is {{sequence.prod(axis=1).sum():.6f}}")
    for network in NETWORKS:
        w = dict(np.load(f"{{network}}.npz"))  # README.txt names its arrays
        Wy = w["Wya"] if "Waa" in w else w["Wy"]
        a = c = np.zeros((Wy.shape[1], 1))
        for x in sequence:
            a, c = step(x[:, None], a, c)
        answer = float((Wy @ a + w["by"])[0, 0])
        print(f"{{network}} answers {{answer:.6f}}")
'''

WEIGHTS = """\
Weights by the symbols of the equations: Waa, Wax, ba, Wya, by of an RNN, or Wf, Wi, Wc,
Wo, bf, bi, bc, bo, Wy, by of an LSTM, whose gates read the hidden state on top of the
input: (units, units + inputs). Likewise Wz, Wr of a GRU, which has Wca, Wcx, bca, bc
besides; and Wz, Wc of a minGRU, whose gate reads the input alone.
"""
TEXT_ABOUT = f"""\
model.npz  The network.
write.py   Writes texts with it, in NumPy alone: python write.py [SEED]

{WEIGHTS}
Besides: characters, in the order of the inputs and outputs; prime, what each text
starts with; length, steps of each text; samples, how many texts; temperature; seed.
"""
ADDING_ABOUT = f"""\
rnn.npz, ...  The networks, each by the name of its cell.
sequence.csv  A sequence that they were not trained on.
add.py        Has all of them read it, in NumPy alone: python add.py sequence.csv

{WEIGHTS}"""


def script(result: writing.Result | adding.Result) -> str:
    """Return the script that uses the model."""
    return TEXT_SCRIPT if isinstance(result, writing.Result) else ADDING_SCRIPT


def model_archive(result: writing.Result | adding.Result) -> bytes:
    """Return a .zip of the weights, and a script that needs NumPy only."""
    if isinstance(result, writing.Result):
        return zip_files(
            {
                "model.npz": _text_model(result),
                "write.py": TEXT_SCRIPT,
                "README.txt": TEXT_ABOUT,
            }
        )
    x, _ = test_data(result.config)
    rows = "".join(f"{number},{mark:g}\n" for number, mark in x[:, :, 0])
    return zip_files(
        {
            **{f"{cell}.npz": _weights(net) for cell, net in result.networks.items()},
            "sequence.csv": "number,mark\n" + rows,
            "add.py": ADDING_SCRIPT,
            "README.txt": ADDING_ABOUT,
        }
    )


def _weights(network: Network) -> bytes:
    return pack(network.parameters)


def _text_model(result: writing.Result) -> bytes:
    config, corpus = result.config, result.corpus
    prime, length = prime_and_length(corpus)
    return pack(
        {
            **result.network.parameters,
            "characters": np.array(corpus.characters),
            "prime": np.array(prime),
            "length": np.array(length),
            "samples": np.array(config.sample),
            "temperature": np.array(config.temperature),
            "seed": np.array([config.seed, USES.index("sample"), result.epochs]),
        }
    )
