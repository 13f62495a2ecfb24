"""Trains the models that ship: `python -m core.music.pretrained`.

The folk model first, from nothing; then the rags' from the folk model's weights, and
the classic recipe's; last the same two networks without repetitions as inputs, to
measure what these are worth. It takes some ten minutes of one core.

`python -m core.music.pretrained judge` evaluates the models that ship anew, where only
test pieces or measures have changed; it goes on where it was ended. The network of rags
without repetitions is trained, as only its figures ship.
"""

import collections
import hashlib
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from core.arrays import write_models
from core.cli import follow
from core.music import TASK, Config, shipped
from core.music.corpora import FOLK, Corpus, folk, ragtime
from core.music.judging.judgement import FRESH_UNIT
from core.music.model.copying import Rivals
from core.music.model.markov import MarkovFigures
from core.music.result import Result
from core.music.shipped import FILE, MAX_BYTES, PLAIN_FOLK
from core.process import one_thread
from core.task import State
from core.training import Pauses

# Each model that ships, and the corpus that it learnt from.
OF = (("folk", "folk"), ("ragtime", "ragtime"), ("classic", "ragtime"))

log = logging.getLogger(__name__)


def make(file: Path = FILE) -> Path:
    """Train the models, write them one after the other, and return where they are."""
    content: State = {}
    corpora = {"folk": folk(), "ragtime": ragtime()}
    markov = {name: MarkovFigures.of(corpus) for name, corpus in corpora.items()}
    rivals = {name: Rivals.of(corpus) for name, corpus in corpora.items()}
    content["markov"] = _json(markov)
    content["rivals"] = _json(rivals)
    content["data"] = np.array(hashlib.sha256(FOLK.read_bytes()).hexdigest())
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
        rivals[name] = _with_plain(rivals[name], plain)
        content["rivals"] = _json(rivals)
        _write(file, content)
    return _with_rivals(file, content, rivals)


def judge(file: Path = FILE) -> Path:
    """Evaluate the models that ship anew, without training, and write them."""
    content = dict(shipped._content())
    corpora = {"folk": folk(), "ragtime": ragtime()}
    data = np.array(hashlib.sha256(FOLK.read_bytes()).hexdigest())
    if str(content.get("data")) != str(data):
        old = json.loads(str(content["rivals"]))
        plain = {
            name: {key: one[key] for key in one if key.startswith("plain")}
            for name, one in old.items()
        }
        found = {
            name: replace(Rivals.of(corpus), **plain[name])
            for name, corpus in corpora.items()
        }
        markov = {name: MarkovFigures.of(corpus) for name, corpus in corpora.items()}
        content |= {"rivals": _json(found), "markov": _json(markov), "data": data}
        _write(file, content)
    for name in (PLAIN_FOLK, "folk", "ragtime", "classic"):
        result = Result.decode(content[name].tobytes())
        if result.judgement.fresh_unit != FRESH_UNIT:
            content[name] = _encoded(_judged(name, result))
            _write(file, content)
    figures = json.loads(str(content["rivals"]))
    rivals = {name: Rivals(**one) for name, one in figures.items()}
    for name, plain_result in (
        ("folk", Result.decode(content[PLAIN_FOLK].tobytes())),
        ("ragtime", _trained("plain ragtime", Config(repeats="none"), ragtime())),
    ):
        rivals[name] = _with_plain(rivals[name], plain_result)
    return _with_rivals(file, content, rivals)


def _with_rivals(file: Path, content: State, rivals: Mapping[str, Rivals]) -> Path:
    """Write the models with the figures of their rivals."""
    content["rivals"] = _json(rivals)
    for name, corpus_name in OF:
        result = Result.decode(content[name].tobytes())
        content[name] = _encoded(replace(result, rivals=rivals[corpus_name]))
    _write(file, content)
    return file


def _judged(name: str, before: Result) -> Result:
    from core.layers.setup import single_thread

    single_thread()
    from core.music.evaluation import evaluate
    from core.music.model.classic import ClassicModel
    from core.music.model.default import DefaultModel

    def pause() -> Pauses[None]:
        yield from ()

    kind = ClassicModel if before.config.model == "classic" else DefaultModel
    model = kind(before.config, before.corpus, None)
    model.use({key: array.astype(np.float32) for key, array in before.weights.items()})
    collections.deque(model.prepare(pause), 0)
    evaluation = evaluate(model, before.judgement.train, before.markov, pause)
    try:
        while True:
            next(evaluation)
    except StopIteration as end:
        result: Result = end.value
    log.info("%s %s", name, result.summary())
    return replace(
        result,
        markov=shipped.markov_of(before.corpus),
        epochs=before.epochs,
        seconds=before.seconds,
        fit_cpu_seconds=before.fit_cpu_seconds,
        started_from=before.started_from,
    )


def _with_plain(rivals: Rivals, plain: Result) -> Rivals:
    return replace(
        rivals,
        plain_nats=plain.judgement.nats,
        plain_fresh=plain.judgement.fresh,
        plain_onset_accuracy=plain.judgement.onset_accuracy,
    )


def _trained(name: str, config: Config, corpus: Corpus) -> Result:
    result = follow(TASK.train(config, corpus))
    assert isinstance(result, Result)
    log.info("%s %s", name, result.summary())
    return result


def _encoded(result: Result) -> np.ndarray:
    return np.frombuffer(result.encode(), np.uint8)


def _json(figures: Mapping[str, MarkovFigures | Rivals]) -> np.ndarray:
    return np.array(json.dumps({name: asdict(one) for name, one in figures.items()}))


def _write(file: Path, content: State) -> None:
    write_models(file, content, MAX_BYTES)
    shipped.load.cache_clear()
    shipped._content.cache_clear()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    one_thread()
    log.info("made %s", judge() if sys.argv[1:] == ["judge"] else make())
