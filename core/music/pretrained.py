"""Trains the models that ship: `python -m core.music.pretrained`.

The folk model first, from nothing; then the rags' from the folk model's weights, and
the classic recipe's. It takes some six minutes of one core.
"""

import json
import logging
from dataclasses import asdict
from pathlib import Path

import numpy as np

from core.arrays import pack
from core.music import Config, shipped, train
from core.music.corpora import Corpus, folk, ragtime
from core.music.model.markov import MarkovFigures
from core.music.result import Result
from core.music.shipped import FILE, MAX_BYTES
from core.process import one_thread
from core.task import State, UserError

log = logging.getLogger(__name__)


def make(file: Path = FILE) -> Path:
    """Train the models, write them one after the other, and return where they are."""
    content: State = {}
    baselines = {
        "folk": MarkovFigures.of(folk()),
        "ragtime": MarkovFigures.of(ragtime()),
    }
    figures = {name: asdict(baseline) for name, baseline in baselines.items()}
    content["markov"] = np.array(json.dumps(figures))
    for name, config, corpus in (
        ("folk", Config.preset("folk"), folk()),
        ("ragtime", Config(), ragtime()),
        ("classic", Config.preset("classic"), ragtime()),
    ):
        result = _train(config, corpus)
        log.info("%s %s", name, result.summary())
        content[name] = np.frombuffer(result.encode(), np.uint8)
        _write(file, content)
    return file


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


def _train(config: Config, corpus: Corpus) -> Result:
    training = train(config, corpus)
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                log.info("epoch %d %s", progress.epoch, dict(progress.metrics))
    except StopIteration as end:
        result: Result = end.value
        return result


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    one_thread()
    log.info("made %s", make())
