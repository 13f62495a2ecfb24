"""Writes a model as a .keras file, without Keras, which would import TensorFlow.

The file is a .zip with the layers and their connections as JSON, and the weights as
HDF5, with a folder for each layer.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import h5py
import numpy as np

Output = tuple[str, int]  # name of a layer, and which of its outputs
Inputs = Output | list[Output]
PARTS = {  # folders of the weights within a layer's folder, in the order of get_weights
    "lstm": ["cell/vars"],
    "bidirectional": ["forward_layer/cell/vars", "backward_layer/cell/vars"],
}


class KerasFile:
    """A functional model of Keras's own layers, with its weights."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._layers: list[dict[str, object]] = []
        self._inputs: list[Output] = []
        self._weights: dict[str, Sequence[np.ndarray]] = {}
        self._read: dict[str, list[str]] = {}  # layers whose outputs a layer reads
        self._counts: Counter[str] = Counter()  # number of layers of each kind

    def input(
        self, name: str, shape: tuple[int | None, ...], dtype: str = "float32"
    ) -> Output:
        """Add an input of a shape, which leaves out the batch."""
        config = {"batch_shape": [None, *shape], "dtype": dtype}
        self._append("InputLayer", name, config, [])
        self._inputs.append((name, 0))
        return name, 0

    def add(
        self,
        kind: str,
        *inputs: Inputs,
        weights: Sequence[np.ndarray] = (),
        **config: object,
    ) -> Output:
        """Add a layer; return its first output.

        Layers of a kind that are equally far from the model's output are added in the
        order in which that reads them.

        Parameters
        ----------
        kind
            Name of its class in `keras.layers`.
        inputs
            Arguments that it is called with.
        weights
            In the order of `get_weights`.
        config
            Arguments that it is made with; a layer among them is a `layer_config`.
        """
        name = _numbered(kind.lower(), self._counts)
        self._weights[name] = weights
        self._append(kind, name, config, [_call(inputs)])
        self._read[name] = [
            source
            for item in inputs
            for source, _ in (item if isinstance(item, list) else [item])
        ]
        return name, 0

    def _append(
        self,
        kind: str,
        name: str,
        config: Mapping[str, object],
        calls: list[dict[str, object]],
    ) -> None:
        layer = layer_config(kind, name=name, **config)
        self._layers.append({**layer, "name": name, "inbound_nodes": calls})

    def content(self, *outputs: Output) -> bytes:
        """Return the file of the model with these outputs."""
        config = {
            "name": self.name,
            "layers": self._layers,
            "input_layers": _one_or_all(self._inputs),
            "output_layers": _one_or_all(outputs),
        }
        model = {
            "module": "keras",
            "class_name": "Model",
            "config": config,
            "registered_name": None,
        }
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for name, facts in {
                "metadata.json": {"keras_version": version("keras")},
                "config.json": model,
            }.items():
                archive.writestr(zipfile.ZipInfo(name), json.dumps(facts))
            archive.writestr(zipfile.ZipInfo("model.weights.h5"), self._hdf5())
        return content.getvalue()

    def _hdf5(self) -> bytes:
        content = io.BytesIO()
        with h5py.File(content, "w") as file:
            for folder, weights in self._folders().items():
                parts = PARTS.get(folder.partition("_")[0], ["vars"])
                count = len(weights) // len(parts)
                for number, part in enumerate(parts):
                    group = file.create_group(f"layers/{folder}/{part}")
                    own = weights[number * count : (number + 1) * count]
                    for index, array in enumerate(own):
                        group[str(index)] = np.asarray(array, np.float32)
        return content.getvalue()

    def _folders(self) -> dict[str, Sequence[np.ndarray]]:
        """Return the weights by the folders in which Keras looks for them.

        They are named after the layers' classes, and numbered in the order of the
        layers in a loaded model: the one furthest from the output first.
        """
        distances: Counter[str] = Counter()
        for name in reversed(self._read):
            for source in self._read[name]:
                distances[source] = max(distances[source], distances[name] + 1)
        numbers: Counter[str] = Counter()
        folders = {}
        for name in sorted(self._weights, key=lambda name: -distances[name]):
            kind, _, _ = name.partition("_")
            folders[_numbered(kind, numbers)] = self._weights[name]
        return folders


def _numbered(kind: str, counts: Counter[str]) -> str:
    """Count one more of a kind; return `lstm`, then `lstm_1`, `lstm_2` and so on."""
    counts[kind] += 1
    return f"{kind}_{counts[kind] - 1}" if counts[kind] > 1 else kind


def layer_config(kind: str, **config: object) -> dict[str, object]:
    """Return a layer of `keras.layers` as in the JSON."""
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": config,
        "registered_name": None,
    }


def _call(inputs: Sequence[Inputs]) -> dict[str, object]:
    """Return a call of a layer as in the JSON."""
    arguments = [
        [_tensor(one) for one in item] if isinstance(item, list) else _tensor(item)
        for item in inputs
    ]
    return {"args": arguments, "kwargs": {}}


def _tensor(output: Output) -> dict[str, object]:
    """Return an output; Keras takes shape and type from the layer itself."""
    name, index = output
    config = {"shape": [], "dtype": "float32", "keras_history": [name, 0, index]}
    return {"class_name": "__keras_tensor__", "config": config}


def _one_or_all(outputs: Sequence[Output]) -> list[object]:
    """Return outputs as in the JSON: a model with one takes or returns no list."""
    found = [[name, 0, index] for name, index in outputs]
    return list(found[0] if len(found) == 1 else found)
