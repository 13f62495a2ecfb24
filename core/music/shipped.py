"""The models that ship, so that the first visit can play at once."""

import functools
import json
from pathlib import Path

from core.arrays import unpack
from core.music.config import FORMER_NAMES, Config
from core.music.corpora import Corpus
from core.music.model.markov import MarkovFigures
from core.music.result import Result, bundled_name
from core.task import State, UserError

FILE = Path(__file__).parents[2] / "data" / "pretrained" / "music.npz"
MODELS = ("ragtime", "folk", "classic")  # the classic recipe's is of rags
MAX_BYTES = 2_000_000


@functools.cache
def load(model: str = "ragtime") -> Result:
    """Return a model that ships.

    Raises
    ------
    UserError
        If it does not ship.
    """
    content = {
        FORMER_NAMES.get(name, name): value for name, value in _content().items()
    }
    if model not in MODELS or model not in content:
        raise UserError(
            f"model: expected one that ships ({', '.join(MODELS)}), got {model}. "
            "Train it first."
        )
    return Result.decode(content[model].tobytes())


def start_weights(config: Config) -> State | None:
    """Return the shipped folk model's weights, if a training starts from them.

    None if it does not, or has another number of units.
    """
    if config.model == "classic" or config.start != "folk" or "folk" not in _content():
        return None
    folk = load("folk")
    if folk.config.units != config.units:
        return None
    return {name: value.astype("float32") for name, value in folk.weights.items()}


def markov_of(corpus: Corpus) -> MarkovFigures:
    """Return the Markov baseline's results; of a corpus that ships, the stored ones."""
    name = bundled_name(corpus)
    if name and "markov" in _content():
        return MarkovFigures.from_dict(json.loads(str(_content()["markov"]))[name])
    return _fitted(corpus)


@functools.lru_cache(maxsize=2)
def _fitted(corpus: Corpus) -> MarkovFigures:
    return MarkovFigures.of(corpus)


@functools.cache
def _content() -> State:
    return unpack(FILE.read_bytes()) if FILE.exists() else {}
