"""The models that ship, so that the first visit can play at once."""

import functools
import json
from pathlib import Path

from core.arrays import unpack
from core.music.config import Config
from core.music.corpora import Corpus
from core.music.model.copying import Rivals
from core.music.model.markov import MarkovFigures
from core.music.result import Result, bundled_name
from core.task import State, UserError

FILE = Path(__file__).parents[2] / "data" / "pretrained" / "music.npz"
MODELS = ("ragtime", "folk", "classic")  # the classic recipe's is of rags
PLAIN_FOLK = "plain folk"  # the network of folk tunes that reads no repetitions
MAX_BYTES = 2_000_000


@functools.cache
def load(model: str = "ragtime") -> Result:
    """Return a model that ships."""
    if model not in MODELS or model not in _content():
        raise UserError(
            f"model: expected one that ships ({', '.join(MODELS)}), got {model}. "
            "Train it first."
        )
    return Result.decode(_content()[model].tobytes())


def start_weights(config: Config) -> State | None:
    """Return the weights of a shipped model of folk tunes, if a training starts there.

    A network that does not read repetitions starts from one that did not either. None
    if it starts from nothing, or has another number of units.
    """
    if config.model == "classic" or config.start != "folk":
        return None
    name = "folk" if config.repeats == "read" else PLAIN_FOLK
    if name not in _content():
        return None
    folk = Result.decode(_content()[name].tobytes())
    if folk.config.units != config.units:
        return None
    return {name: value.astype("float32") for name, value in folk.weights.items()}


def markov_of(corpus: Corpus) -> MarkovFigures:
    """Return the Markov baseline's results; of a corpus that ships, the stored ones."""
    name = bundled_name(corpus)
    if name and "markov" in _content():
        return MarkovFigures.from_dict(json.loads(str(_content()["markov"]))[name])
    return _fitted(corpus)


def rivals_of(corpus: Corpus) -> Rivals:
    """Return the figures of simpler models; for a bundled corpus, the stored ones."""
    name = bundled_name(corpus)
    if name and "rivals" in _content():
        return Rivals(**json.loads(str(_content()["rivals"]))[name])
    return _fitted_rivals(corpus)


_fitted = functools.lru_cache(maxsize=2)(MarkovFigures.of)
_fitted_rivals = functools.lru_cache(maxsize=2)(Rivals.of)


@functools.cache
def _content() -> State:
    return unpack(FILE.read_bytes()) if FILE.exists() else {}
