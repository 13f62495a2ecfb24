"""Trains the models that ship: `python -m core.music.pretrained`.

The folk model first, from nothing; then the rags' from the folk model's weights, and
the classic recipe's; last the same two networks without repetitions as inputs, to
measure what these are worth. It takes some ten minutes of one core.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from core.arrays import pack
from core.cli import follow
from core.music import Config, shipped, train
from core.music.corpora import Corpus, folk, ragtime
from core.music.model.copying import Rivals
from core.music.model.markov import MarkovFigures
from core.music.result import Result
from core.music.shipped import FILE, MAX_BYTES, PLAIN_FOLK
from core.process import one_thread
from core.task import State, UserError

log = logging.getLogger(__name__)


def make(file: Path = FILE) -> Path:
    """Train the models, write them one after the other, and return where they are."""
    content: State = {}
    corpora = {"folk": folk(), "ragtime": ragtime()}
    markov = {name: MarkovFigures.of(corpus) for name, corpus in corpora.items()}
    rivals = {name: Rivals.of(corpus) for name, corpus in corpora.items()}
    content["markov"] = _json(markov)
    content["rivals"] = _json(rivals)
    _write(file, content)
    for name, config, corpus in (
        ("folk", Config.preset("folk"), folk()),
        ("ragtime", Config(), ragtime()),
        ("classic", Config.preset("classic"), ragtime()),
    ):
        content[name] = _encoded(_trained(name, config, corpus))
        _write(file, content)
    for name, config in (("folk", Config.preset("folk")), ("ragtime", Config())):
        plain = _trained(
            f"plain {name}", replace(config, repeats="none"), corpora[name]
        )
        if name == "folk":
            content[PLAIN_FOLK] = _encoded(plain)
        rivals[name] = replace(
            rivals[name],
            plain_nats=plain.judgement.nats,
            plain_fresh=plain.judgement.fresh,
            plain_onset_accuracy=plain.judgement.onset_accuracy,
        )
        content["rivals"] = _json(rivals)
        _write(file, content)
    for name, corpus_name in (
        ("folk", "folk"),
        ("ragtime", "ragtime"),
        ("classic", "ragtime"),
    ):
        result = Result.decode(content[name].tobytes())
        content[name] = _encoded(replace(result, rivals=rivals[corpus_name]))
    _write(file, content)
    return file


def _trained(name: str, config: Config, corpus: Corpus) -> Result:
    result = follow(train(config, corpus))
    assert isinstance(result, Result)
    log.info("%s %s", name, result.summary())
    return result


def _encoded(result: Result) -> np.ndarray:
    return np.frombuffer(result.encode(), np.uint8)


def _json(figures: Mapping[str, MarkovFigures | Rivals]) -> np.ndarray:
    return np.array(json.dumps({name: asdict(one) for name, one in figures.items()}))


def _write(file: Path, content: State) -> None:
    packed = pack(content)
    if len(packed) > MAX_BYTES:
        raise UserError(
            f"Expected models of at most {MAX_BYTES:,} bytes, got {len(packed):,}. "
            "Make the networks smaller."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed)
    shipped.load.cache_clear()
    shipped._content.cache_clear()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    one_thread()
    log.info("made %s", make())
