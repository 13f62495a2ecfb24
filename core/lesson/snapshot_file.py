"""The snapshots of a run as one file of bytes, for the epoch scrubber in the browser.

Four bytes: the length of the head, little-endian. The head: JSON, padded with
spaces to an even length. The body: numbers in half precision, one array after the
other, each with the epochs as its first axis, at the offset given in the head.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np

from core.lesson import adding, writing
from core.lesson.cells import CELLS
from core.lesson.demo import STATES
from core.lesson.forward_equations import equations_of
from core.lesson.snapshots import (
    INPUT_WEIGHTS,
    ROWS,
    Half,
    half_precision,
    with_cell_name,
)
from core.lesson.trained import TrainedNetwork
from core.task import State

LOGARITHMIC = ("gradient by step", "influence")  # norms: written as log10
LINEAR = ("inside", "state weights", "input weights", "connectivity", "answers")
SYMBOLS = {"cc": "c̃"}  # titles of rows with another name in code
SMALLEST = 1e-30  # norm; smaller ones are drawn as this one
Config = writing.Config | adding.Config
Metrics = Mapping[int, Mapping[str, float]]  # metrics of each epoch


def snapshot_file(
    name: str, config: Config, snapshots: Mapping[int, State], metrics: Metrics
) -> bytes:
    """Write the snapshots of a run.

    Parameters
    ----------
    name
        Of the run or `example NAME`: the browser adds frames of a name to those it has.
    config
        The run's settings.
    snapshots
        By epoch, at least one.
    metrics
        By epoch, for the curve under the slider.

    Returns
    -------
    bytes
        In the format that the module describes.
    """
    cells = (config.cell,) if isinstance(config, writing.Config) else config.networks
    epochs = sorted(snapshots)
    frames = [snapshots[epoch] for epoch in epochs]
    if len(cells) == 1:  # array names without the cell's name
        frames = [frame | with_cell_name(cells[0], frame) for frame in frames]
    keys = [f"{cell} {part}" for cell in cells for part in LOGARITHMIC + LINEAR]
    arrays = {}
    for key in keys:
        if key in frames[0]:
            values = np.stack([frame[key] for frame in frames])
            arrays[key] = _as_written(key, _in_order(key, values))
    validated = any("val_loss" in values for values in metrics.values())
    head = {
        "name": name,
        "epochs": epochs,
        "total": config.epochs,
        "cells": [{"name": cell, "title": CELLS[cell].title} for cell in cells],
        "units": {cell: _units(config, cell, frames[0]) for cell in cells},
        "rows": {cell: [SYMBOLS.get(r, r) for r in STATES[cell]] for cell in cells},
        "gates": {cell: CELLS[cell].gates for cell in cells},
        "loss": "validation loss" if validated else "training loss",
        "losses": [[e, *_losses(config, metrics[e])] for e in sorted(metrics)],
        **_sequence(frames[0]),
        "samples": [
            frame["samples"].tolist() for frame in frames if "samples" in frame
        ],
    }
    return _file(head, arrays)


def weights_file(trained: TrainedNetwork, epochs: Sequence[int]) -> bytes:
    """Write the weights of a network at some epochs, for the browser to compute with.

    They are rounded to half precision; the head has the equations of the cell, and
    the characters by token.
    """
    networks = [trained.networks[epoch] for epoch in epochs]
    parts = {
        name: half_precision(np.stack([each.parameters[name] for each in networks]))
        for name in networks[0].parameters
    }
    head = {
        "epochs": list(epochs),
        "total": trained.config.epochs,
        "characters": trained.corpus.characters,
        "equations": equations_of(networks[0].cell),
        "losses": [],
        "samples": [],
    }
    return _file(head, parts)


def _file(head: Mapping[str, object], arrays: Mapping[str, Half]) -> bytes:
    """Return a file in the format that the module describes."""
    head = {**head, "parts": _offsets(arrays)}
    written = json.dumps(head, ensure_ascii=False).encode()
    written += b" " * (len(written) % 2)
    body = b"".join(array.astype("<f2").tobytes() for array in arrays.values())
    return len(written).to_bytes(4, "little") + written + body


def _units(config: Config, cell: str, frame: State) -> int:
    if isinstance(config, writing.Config):
        return int(frame["units"])
    return config.units_of(cell)


def _offsets(arrays: Mapping[str, Half]) -> dict[str, dict[str, object]]:
    """Return where in the body each array begins, and its shape after the epochs."""
    offsets, offset = {}, 0
    for key, array in arrays.items():
        offsets[key] = {"at": offset, "shape": array.shape[1:]}
        offset += array.size
    return offsets


def _in_order(key: str, values: np.ndarray) -> np.ndarray:
    """Put rows and gates, the axis after the epochs, in the order of the pages."""
    cell, _, part = key.partition(" ")
    if part == "inside":
        return values[:, [ROWS[cell].index(row) for row in STATES[cell]]]
    if part in ("state weights", "input weights"):
        stored = [name[1:2] for name in INPUT_WEIGHTS[cell]]  # Wf: f
        if cell != "rnn":
            return values[:, [stored.index(gate) for gate in CELLS[cell].gates]]
    return values


def _as_written(key: str, values: np.ndarray) -> Half:
    if key.endswith(LOGARITHMIC):
        return half_precision(np.log10(np.maximum(values.astype(float), SMALLEST)))
    return half_precision(values)


def _losses(config: Config, metrics: Mapping[str, float]) -> list[float]:
    """Return the loss of the text's network, or the test error of each network."""
    if isinstance(config, writing.Config):
        return [metrics.get("val_loss", metrics["loss"])]
    return [metrics[f"{cell}_mse"] for cell in config.networks]


def _sequence(frame: State) -> dict[str, list[str] | list[float] | list[int]]:
    """Return the networks' inputs: characters, or numbers and the marked ones."""
    if "probe" in frame:
        return {"probe": frame["probe"].tolist()}
    numbers, marks = frame["x"].T.astype(float)
    return {
        "numbers": np.round(numbers, 3).tolist(),
        "marks": np.flatnonzero(marks).tolist(),
        "targets": np.round(frame["targets"].astype(float), 3).tolist(),
    }
