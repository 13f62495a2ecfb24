"""A run's snapshots as one piece of bytes, for the epoch scrubber in the browser.

Four bytes: the length of the head, little-endian. The head: JSON, padded with
spaces to an even length. The body: numbers in half precision, one array after the
other, each with the epochs as its first axis, where the head says.
"""

import json
from collections.abc import Mapping

import numpy as np

from core.lesson import adding, text
from core.lesson.addition import Config as AddingConfig
from core.lesson.cells import CELLS
from core.lesson.corpus import Corpus
from core.lesson.pictures import ROWS, Half, half, labelled
from core.lesson.text_config import Config as TextConfig
from core.task import State

LOGARITHMIC = ("gradient by step", "influence")  # norms: sent as log10
PLAIN = ("inside", "state weights", "input weights", "connectivity", "answers")
SMALLEST = 1e-30  # a norm below it is drawn as if it were this
Losses = Mapping[int, Mapping[str, float]]  # metrics by epoch


def cells_of(config: TextConfig | AddingConfig) -> tuple[str, ...]:
    """Return the networks that a run trains."""
    return (config.cell,) if isinstance(config, TextConfig) else adding.CELLS


def before_training(config: TextConfig | AddingConfig, data: Corpus | None) -> State:
    """Return the snapshot of epoch 0."""
    if isinstance(config, TextConfig):
        assert data is not None
        return text.look(config, data)
    return adding.look(config)


def film(
    name: str,
    config: TextConfig | AddingConfig,
    snapshots: Mapping[int, State],
    losses: Losses,
) -> bytes:
    """Put snapshots together.

    Parameters
    ----------
    name
        Whose they are: frames of the same name are added to those already there.
    config
        The run's settings.
    snapshots
        By epoch, at least one.
    losses
        Metrics by epoch, for the curve under the slider.

    Returns
    -------
    bytes
        As the module says.
    """
    cells, epochs = cells_of(config), sorted(snapshots)
    frames = [_named(config, snapshots[epoch]) for epoch in epochs]
    wanted = [f"{cell} {part}" for cell in cells for part in LOGARITHMIC + PLAIN]
    arrays = {
        key: _numbers(key, np.stack([frame[key] for frame in frames]))
        for key in wanted
        if key in frames[0]
    }
    head = {
        "name": name,
        "epochs": epochs,
        "total": config.epochs,
        "cells": [{"name": cell, "title": CELLS[cell].title} for cell in cells],
        "units": config.units,
        "rows": {cell: ROWS[cell] for cell in cells},
        "gates": {cell: CELLS[cell].gates for cell in cells},
        "loss": _judged_by(losses),
        "losses": [[e, *_curve(config, losses[e])] for e in sorted(losses)],
        **_sequence(frames[0]),
        "samples": [
            frame["samples"].tolist() for frame in frames if "samples" in frame
        ],
        "parts": _places(arrays),
    }
    written = json.dumps(head, ensure_ascii=False).encode()
    written += b" " * (len(written) % 2)
    body = b"".join(array.astype("<f2").tobytes() for array in arrays.values())
    return len(written).to_bytes(4, "little") + written + body


def _places(arrays: Mapping[str, Half]) -> dict[str, dict[str, object]]:
    """Return where in the body each array begins, and its shape after the epochs."""
    places, place = {}, 0
    for key, array in arrays.items():
        places[key] = {"at": place, "shape": array.shape[1:]}
        place += array.size
    return places


def _named(config: TextConfig | AddingConfig, snapshot: State) -> State:
    """Put the network's name before its arrays where there is only one network."""
    if isinstance(config, TextConfig):
        return labelled(config.cell, snapshot) | snapshot
    return snapshot


def _numbers(key: str, values: np.ndarray) -> Half:
    if key.endswith(LOGARITHMIC):
        return half(np.log10(np.maximum(values.astype(float), SMALLEST)))
    return half(values)


def _curve(
    config: TextConfig | AddingConfig, metrics: Mapping[str, float]
) -> list[float]:
    """Return what a network is judged by: its loss, or each one's test error."""
    if isinstance(config, TextConfig):
        return [metrics.get("val_loss", metrics["loss"])]
    return [metrics[f"{cell}_mse"] for cell in adding.CELLS]


def _judged_by(losses: Losses) -> str:
    """Return what the curve of a text shows, by name."""
    validated = any("val_loss" in metrics for metrics in losses.values())
    return "validation loss" if validated else "training loss"


def _sequence(frame: State) -> dict[str, list[str] | list[float] | list[int]]:
    """Return what the networks read: characters, or numbers of which two count."""
    if "probe" in frame:
        return {"probe": frame["probe"].tolist()}
    numbers, marks = frame["x"].T.astype(float)
    return {
        "numbers": np.round(numbers, 3).tolist(),
        "marks": np.flatnonzero(marks).tolist(),
        "targets": np.round(frame["targets"].astype(float), 3).tolist(),
    }
