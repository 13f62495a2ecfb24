"""The built-in models, and their training: `make pretrained`."""

import functools
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.arrays import unpack, write_models
from core.cli import follow
from core.emoji import TASK, Config
from core.emoji.result import Result, evaluated
from core.emoji.text.corpus import Sentences, shipped
from core.emoji.text.rows import Rows
from core.process import one_thread
from core.task import State, UserError

log = logging.getLogger(__name__)

FILE = Path(__file__).parents[2] / "data" / "pretrained" / "emoji.npz"
MODELS = ("best", "v1")  # v2's trained vectors would be too large
MAX_BYTES = 2_000_000


@functools.cache
def load(model: str = "best") -> Result:
    """Return a built-in model by the name of its preset."""
    if model not in MODELS:
        raise UserError(
            f"model: expected one that ships ({', '.join(MODELS)}), got {model}. "
            "Train it first."
        )
    result = Result.decode(_content()[model].tobytes())
    return replace(result, data=_sentences())


@functools.cache
def _sentences() -> Sentences:
    """Return the sentences of all models, which are stored once."""
    return Sentences.decode(_content()["sentences"].tobytes())


def _content() -> State:
    return unpack(FILE.read_bytes())


def make() -> None:
    """Train the built-in models, and write them."""
    data = shipped()
    content = {"sentences": np.frombuffer(data.encode(), np.uint8)}
    no_sentences = Sentences(name=data.name, train=Rows())
    for model in MODELS:
        result = follow(TASK.train(Config.preset(model), data))
        assert isinstance(result, Result)
        result = half_precision(result)
        log.info("%s %s", model, result.summary())
        encoded = replace(result, data=no_sentences).encode()
        content[model] = np.frombuffer(encoded, np.uint8)
    write_models(FILE, content, MAX_BYTES)


def half_precision(result: Result) -> Result:
    """Return the model with float16 weights, calibrated and evaluated again."""
    vectors = result.vectors
    return evaluated(
        replace(
            result,
            weights={key: w.astype(np.float16) for key, w in result.weights.items()},
            vectors=None if vectors is None else vectors.astype(np.float16),
        )
    )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    one_thread()
    make()
