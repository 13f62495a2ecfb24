"""Teach a model five sentences, in seconds and from scratch.

    python -m benchmarks.emoji_teach [--draws 100] [--scratch 2] [--write]

Each draw teaches the bundled model five sentences of data/emoji/teach_pool.csv with
wrong answers. It prints the means over the draws: the number of right answers to the
five and to paraphrases of them, the answers to development, test and challenge
sentences that become wrong (forgotten) or right (mended), and the seconds from the
request to the new answer, with all reads and writes of a worker.

The same for trainings from scratch, on the first of the draws; and the noise of such a
training: how many answers to development sentences change when the model that ships is
trained again with another seed and without taught sentences. `--write` writes that into
data/emoji/retraining.json, where the page finds it.
"""

import argparse
import csv
import json
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

from dataclasses import replace

import numpy as np

from core.emoji import TASK, Result
from core.emoji.flips import FILE, measured
from core.emoji.judging.selective import answers
from core.emoji.pretrained import load
from core.emoji.teaching import teach
from core.emoji.text.corpus import FOLDER
from core.emoji.text.rows import Rows
from core.training import finish

TAUGHT = 5
SETS = ("development", "test", "challenge")


def pool():
    """The sentences of the pool, and a paraphrase of each."""
    with (FOLDER / "teach_pool.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = [int(row["label"]) for row in rows]
    return tuple(
        Rows.of(zip([row[column] for row in rows], labels, strict=True))
        for column in ("text", "paraphrase")
    )


def right(result, rows):
    """Which answers are right; "none" is wrong."""
    return answers(result.model.predict_shares(rows.texts)) == rows.targets


def in_seconds(before, rows):
    """Teach as a worker does; return the result as the page reads it, and seconds."""
    began = time.perf_counter()
    content = TASK.encode_data(teach(before, rows))
    result = finish(TASK.train(before.config, TASK.decode_data(content)))
    result = Result.decode(result.encode())
    result.answer(rows.texts[:1])
    return result, time.perf_counter() - began


def from_scratch(before, rows):
    """Train on all sentences and the taught ones; return the result and seconds."""
    began = time.perf_counter()
    result = finish(TASK.train(before.config, before.data.teach(rows)))
    return result, time.perf_counter() - began


def figures(before, after, taught, paraphrases):
    """What a draw has done."""
    found = {
        "learned": np.sum(right(after, taught)),
        "paraphrases before": np.sum(right(before, paraphrases)),
        "paraphrases after": np.sum(right(after, paraphrases)),
    }
    for name in SETS:
        rows = before.rows(name)
        was, now = right(before, rows), right(after, rows)
        found[f"forgotten, {name}"] = np.sum(was & ~now)
        found[f"  % of {np.sum(was)}"] = 100 * np.sum(was & ~now) / np.sum(was)
        found[f"mended, {name}"] = np.sum(~was & now)
    return found


def report(title, found):
    """Print the mean and the worst of each figure."""
    print(f"\n{title}: {len(found)} draws", flush=True)
    for name in found[0]:
        values = [float(each[name]) for each in found]
        print(
            f"  {name:<24} mean {np.mean(values):6.2f}   "
            f"from {min(values):.2f} to {max(values):.2f}",
            flush=True,
        )


def main():
    """Measure both, and the noise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--scratch", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    before = load()
    sentences, paraphrases = pool()
    wrong = np.flatnonzero(~right(before, sentences))
    print(f"Pool: {len(sentences)} sentences, {len(wrong)} of them wrong", flush=True)
    random = np.random.default_rng(0)
    draws = [random.choice(wrong, TAUGHT, replace=False) for _ in range(args.draws)]

    def measure(kind, draw):
        taught = sentences.take(draw)
        after, seconds = kind(before, taught)
        found = figures(before, after, taught, paraphrases.take(draw))
        return {**found, "seconds": seconds}

    report("In seconds", [measure(in_seconds, draw) for draw in draws])
    if args.scratch:
        from core.layers.setup import single_thread

        single_thread()
        found = [measure(from_scratch, draw) for draw in draws[: args.scratch]]
        report("From scratch", found)
        config = replace(before.config, seed=before.config.seed + 1)
        other = finish(TASK.train(config, before.data.teach(Rows())))
        noise = measured(before, other)
        print(f"\nAnother seed, nothing taught: {noise}")
        if args.write:
            FILE.write_text(json.dumps(noise._asdict(), indent=2) + "\n")


if __name__ == "__main__":
    main()
