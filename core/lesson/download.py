"""The download of a trained model: its weights as .npz, and a script in NumPy."""

from collections.abc import Sequence

import numpy as np

from core.arrays import pack, zip_files
from core.lesson import adding, writing
from core.lesson.adding.problem import test_data
from core.lesson.cells import CELLS
from core.lesson.settings import USES
from core.lesson.writing.sampling import prime_and_length
from core.recurrent import Cell
from core.source import source

HEADER = """\
Array = np.ndarray
Parameters = dict[str, Array]
"""

TEXT_SCRIPT = '''\
"""Write texts: python write.py [SEED]

Without a seed it writes the samples of the training once more.
"""

import sys

import numpy as np

{code}


w = dict(np.load("model.npz"))  # README.txt names its arrays
rng = np.random.default_rng([int(arg) for arg in sys.argv[1:]] or w["seed"])
characters, prime, count = str(w["characters"]), str(w["prime"]), int(w["samples"])
weights, Wy = {cell}_stack(w), w["{head}"]
states = [np.zeros((Wy.shape[1], count))] * {states}
texts = [prime] * count
for t in range(int(w["length"])):
    x = np.array([[text[t] == letter for text in texts] for letter in characters])
    *states, _ = {cell}_step(x.astype(float), *states, *weights)
    if t + 1 == len(texts[0]):
        z = Wy @ states[0] + w["by"]
        y = np.exp(z - z.max(axis=0))
        p = ((y / y.sum(axis=0)) ** (1 / w["temperature"])).cumsum(axis=0)
        chosen = (p < rng.random(count) * p[-1]).sum(axis=0)
        texts = [text + characters[k] for text, k in zip(texts, chosen)]
for text in texts:
    print(text.split("\\n")[1] if prime == "\\n" else text)  # a name, or a passage
'''

ADDING_SCRIPT = '''\
"""Add the two marked numbers of each file: python add.py sequence.csv ...

A file has the columns `number` and `mark`, which is 1 at the two to add and else 0.
"""

import sys

import numpy as np

{code}


NETWORKS = {{
{networks}
}}
for name in sys.argv[1:]:
    sequence = np.loadtxt(name, delimiter=",", skiprows=1, ndmin=2)  # (T, 2)
    print(f"{{name}}: the sum is {{sequence.prod(axis=1).sum():.6f}}")
    for network, (stack, step, head, count) in NETWORKS.items():
        w = dict(np.load(f"{{network}}.npz"))  # README.txt names its arrays
        weights, Wy = stack(w), w[head]
        states = [np.zeros((Wy.shape[1], 1))] * count
        for x in sequence:
            *states, _ = step(x[:, None], *states, *weights)
        answer = float((Wy @ states[0] + w["by"])[0, 0])
        print(f"{{network}} answers {{answer:.6f}}")
'''

WEIGHTS = """\
The numbers beside the code are those of the equations on the page of the lesson.

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
    """Return the script that uses the model: the cells' own code and a main program."""
    if isinstance(result, writing.Result):
        cell = CELLS[result.config.cell]
        return TEXT_SCRIPT.format(
            code=_code([cell]),
            cell=cell.name,
            head=cell.head[0],
            states=len(cell.states),
        )
    cells = [CELLS[name] for name in result.networks]
    networks = [
        f'    "{cell.name}": '
        f'({cell.name}_stack, {cell.name}_step, "{cell.head[0]}", {len(cell.states)}),'
        for cell in cells
    ]
    return ADDING_SCRIPT.format(code=_code(cells), networks="\n".join(networks))


def _code(cells: Sequence[Cell]) -> str:
    """Return the source of the cells' steps, and of the functions that they call."""
    functions = [("core.recurrent", "sigmoid")]
    for cell in cells:
        names = f"{cell.name}_stack", f"{cell.name}_step"
        functions += [(f"core.{cell.name}", name) for name in names]
    return "\n\n".join([HEADER, *(source(*each) + "\n" for each in functions)]).rstrip()


def model_archive(result: writing.Result | adding.Result) -> bytes:
    """Return a .zip of the weights, and a script that needs NumPy only."""
    if isinstance(result, writing.Result):
        return zip_files(
            {
                "model.npz": _text_model(result),
                "write.py": script(result),
                "README.txt": TEXT_ABOUT,
            }
        )
    x, _ = test_data(result.config)
    rows = "".join(f"{number},{mark:g}\n" for number, mark in x[:, :, 0])
    return zip_files(
        {
            **{
                f"{cell}.npz": pack(net.parameters)
                for cell, net in result.networks.items()
            },
            "sequence.csv": "number,mark\n" + rows,
            "add.py": script(result),
            "README.txt": ADDING_ABOUT,
        }
    )


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
