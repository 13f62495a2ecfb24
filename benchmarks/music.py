"""Time and evaluate the music task: python -m benchmarks.music [--long].

1. Processor seconds of the classic recipe, 100 epochs, in our worker, against the
   original script in plain Keras: thirty calls of one cell. Each in its own process,
   TensorFlow on one thread, without XLA.
2. Processor seconds of the default training on rags, of 32 bars and of 30 s of sound.
3. Nats a sixteenth on the test pieces, on all bars and on new half bars (without copies
   of earlier ones), of the bundled models and of simpler ones: the best Markov chain, a
   rival that repeats the piece's own past, and the LSTM without repetitions as inputs.
4. Copy rates of the bundled models over 100 seeds, against those of held-out pieces.
5. With --long: rags with and without chords over three seeds, and folk tunes trained
   from random weights, which takes some four minutes of one core.

`python -m benchmarks.music rags [PLACE ...]` leaves one rag out after the other: each
is the test once, the one after it the validation, and the other six are trained on. The
places, from 0, are those of the rags to leave out; one takes a minute of one core.

`python -m benchmarks.music rivals [SEEDS [SEEDS]]` trains the networks of 3 anew with
some seeds, five unless told otherwise, of rags and of folk tunes. A seed of rags takes
half a minute of one core, one of folk tunes eight minutes.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from itertools import groupby

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

import numpy as np

from core.music import TASK, Config, Performance
from core.music.corpora import Corpus, folk, ragtime
from core.music.model.copying import Rivals
from core.music.model.markov import MarkovFigures
from core.music.playing.sound import write_wav
from core.music.playing.takes import perform
from core.music.shipped import load
from core.training import finish

EPOCHS, WINDOW = 100, 30
SEEDS = 100
TRAININGS = 3


def ours():
    from core.layers.setup import single_thread

    single_thread()  # the worker has imported TensorFlow before a run begins
    result = finish(TASK.train(Config.preset("classic", epochs=EPOCHS), ragtime()))
    return {"seconds": result.fit_cpu_seconds, "loss": result.judgement.train}


def original():
    """The original script: a cell called thirty times, and Keras's own loop."""
    from core.layers.setup import single_thread

    single_thread()
    import keras

    from core.music.model.classic import ClassicModel

    fit = ClassicModel(Config.preset("classic"), ragtime(), None)
    values = np.eye(fit.vocabulary.size, dtype=np.float32)[fit.snippets]
    lengths = fit.vocabulary.durations[fit.snippets].sum()
    start = time.process_time()
    size, units = values.shape[2], fit.config.units
    reshape = keras.layers.Reshape((1, size))
    cell = keras.layers.LSTM(units, return_state=True)
    head = keras.layers.Dense(size, activation="softmax")
    heard = keras.Input((WINDOW, size))
    a0, c0 = keras.Input((units,)), keras.Input((units,))
    a, c, outputs = a0, c0, []
    for step in range(WINDOW):
        a, _, c = cell(reshape(heard[:, step]), initial_state=[a, c])
        outputs.append(head(a))
    model = keras.Model([heard, a0, c0], outputs)
    model.compile(
        keras.optimizers.Adam(fit.config.learning_rate),
        ["categorical_crossentropy"] * WINDOW,
        jit_compile=False,
    )
    inputs = np.concatenate([np.zeros_like(values[:, :1]), values[:, :-1]], axis=1)
    zeros = np.zeros((len(values), units), np.float32)
    wanted = list(values.swapaxes(0, 1))
    history = model.fit([inputs, zeros, zeros], wanted, epochs=EPOCHS, verbose=0)
    seconds = time.process_time() - start
    loss = history.history["loss"][-1] * len(values) / lengths
    return {"seconds": seconds, "loss": float(loss)}


def in_a_process(kind):
    command = [sys.executable, "-m", "benchmarks.music", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def rags(**changes):
    from core.layers.setup import single_thread

    single_thread()
    return finish(TASK.train(Config(**changes), ragtime()))


def seconds_of(work, times=5):
    work()
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def speed():
    result = load("ragtime")
    how = Performance(bars=32)
    print(f"32 bars played        {seconds_of(lambda: perform(result, how)):8.3f} s")
    take = perform(result, replace(how, bars=25, tempo=100))
    span = take.score.seconds
    taken = seconds_of(lambda: write_wav(take.score))
    print(f"{span:.0f} s of sound         {taken:8.3f} s", flush=True)


def judged():
    for name in ("ragtime", "folk"):
        result = load(name)
        gain = result.judgement.chord_gain
        print(f"{name}, chord gain {'-' if gain is None else f'{gain:.3f}'}")
        print(f"{'':<24}{'all bars':>10}{'fresh':>10}{'onsets':>10}")
        for one in result.compared:
            figures = (one.nats, one.fresh, one.onset_accuracy)
            row = ("-" if value is None else f"{value:.3f}" for value in figures)
            print(f"{one.name:<24}" + "".join(f"{text:>10}" for text in row))
        print(flush=True)


def rivals(rag_seeds=5, folk_seeds=5):
    """Print each model's nats, on all bars and on fresh half bars: mean and range.

    The rags of all seeds start from the one folk model that ships.
    """
    from core.layers.setup import single_thread

    single_thread()
    for corpus, preset, seeds in (
        (ragtime(), "default", rag_seeds),
        (folk(), "folk", folk_seeds),
    ):
        start = time.process_time()
        markov, others = MarkovFigures.of(corpus), Rivals.of(corpus)
        took = time.process_time() - start
        print(f"\n{corpus.title}: {others.fresh_share:.0%} of the sixteenths are fresh")
        print(f"{'':<24}{'all bars':>24}{'fresh':>24}{'onsets':>8}{'CPU s':>8}")
        for name, nats, fresh, onsets in (
            (
                f"Markov, order {markov.order}",
                markov.nats,
                others.markov_fresh,
                markov.onset_accuracy,
            ),
            (
                "repeats itself",
                others.copy_nats,
                others.copy_fresh,
                others.copy_onset_accuracy,
            ),
        ):
            row = f"{nats:>24.3f}{fresh:>24.3f}{onsets:>8.3f}{took:>8.1f}"
            print(f"{name:<24}{row}", flush=True)
        for name, repeats in (("plain LSTM", "none"), ("full model", "read")):
            results = [
                finish(
                    TASK.train(
                        Config.preset(preset, seed=seed, repeats=repeats), corpus
                    )
                )
                for seed in range(seeds)
            ]
            if results:
                print(f"{f'{name}, {seeds} seeds':<24}{_row(results)}", flush=True)


def left_out(*places):
    """Print each model's nats on each rag, trained on the others, and the mean."""
    from core.layers.setup import single_thread

    single_thread()
    pieces, names = ragtime().pieces, ("Markov", "repeats", "plain", "full")
    print("".join(f"{name:>18}" for name in ("left out: all, fresh", *names)))
    rows = []
    for place in places or range(len(pieces)):
        piece = pieces[place]
        validation = (place + 1) % len(pieces)
        rest = (n for n in range(len(pieces)) if n not in (place, validation))
        train_on = tuple(pieces[n] for n in rest)
        corpus = Corpus("Rags", train_on, (pieces[validation],), (piece,))
        others = Rivals.of(corpus)
        found = [(MarkovFigures.of(corpus).nats, others.markov_fresh)]
        found.append((others.copy_nats, others.copy_fresh))
        for repeats in ("none", "read"):
            judged = finish(TASK.train(Config(repeats=repeats), corpus)).judgement
            found.append((judged.nats, judged.fresh))
        rows.append(found)
        cells = "".join(f"{nats:>10.3f}{fresh:>8.3f}" for nats, fresh in found)
        print(f"{piece.title:<18}{cells}", flush=True)
    if len(rows) < len(pieces):
        return
    means, spread = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
    print(f"{'mean':<18}" + "".join(f"{a:>10.3f}{b:>8.3f}" for a, b in means))
    print(f"{'std over rags':<18}" + "".join(f"{a:>10.3f}{b:>8.3f}" for a, b in spread))


def _row(results):
    found = ""
    for name in ("nats", "fresh"):
        values = [getattr(result.judgement, name) for result in results]
        low, high = min(values), max(values)
        found += f"{f'{np.mean(values):.3f} ({low:.3f} to {high:.3f})':>24}"
    onsets = np.mean([result.judgement.onset_accuracy for result in results])
    seconds = np.mean([result.fit_cpu_seconds for result in results])
    return f"{found}{onsets:>8.3f}{seconds:>8.1f}"


def copied():
    print(f"{'':<10}{'':>8}{'8 notes':>9}{'12 notes':>9}{'longest':>9}{'same':>6}")
    for name in ("ragtime", "folk"):
        result = load(name)
        takes = [perform(result, Performance(seed=seed)) for seed in range(SEEDS)]
        rates = [
            sum(take.originality.found[n] for take in takes)
            / sum(take.originality.runs[n] for take in takes)
            for n in (8, 12)
        ]
        longest = max(take.originality.longest_notes for take in takes)
        same = max(
            len(list(run))
            for take in takes
            for _, run in groupby(take.piece.melody[take.piece.onsets])
        )
        human = result.human
        print(f"{name:<10}{'model':>8}{rates[0]:>9.4f}{rates[1]:>9.4f}", end="")
        print(f"{longest:>9}{same:>6}")
        print(f"{'':<10}{'people':>8}{human.rates[8]:>9.4f}", end="")
        print(
            f"{human.rates[12]:>9.4f}{human.rare:>9.1f}  (95th percentile)", flush=True
        )


def long():
    print("\nRags with and without chords, nats a sixteenth on the test rags")
    print(f"{'seed':>4}{'heard':>9}{'hidden':>9}{'gain':>8}{'CPU s':>8}")
    gains = []
    for seed in range(TRAININGS):
        heard = rags(seed=seed)
        hidden = rags(seed=seed, harmony="hidden")
        gains.append(hidden.judgement.nats - heard.judgement.nats)
        print(
            f"{seed:>4}{heard.judgement.nats:>9.3f}{hidden.judgement.nats:>9.3f}",
            end="",
        )
        print(f"{gains[-1]:>8.3f}{heard.fit_cpu_seconds:>8.1f}", flush=True)
    print(f"gain {np.mean(gains):.3f}, standard deviation {np.std(gains, ddof=1):.3f}")
    result = finish(TASK.train(Config.preset("folk"), folk()))
    print(
        f"\nFolk tunes from nothing: {result.judgement.nats:.3f} nats on the test set,"
    )
    print(f"Markov {result.markov.nats:.3f}, {result.fit_cpu_seconds:.0f} CPU s")


def main():
    print(f"Classic recipe, {EPOCHS} epochs, processor seconds")
    times = []
    for title, kind in (("ours", "ours"), ("original script", "original")):
        done = in_a_process(kind)
        times.append(done["seconds"])
        print(f"{title:<22}{done['seconds']:8.2f}   last loss {done['loss']:.3f} nats")
    print(f"{'times as fast':<22}{times[1] / times[0]:8.1f}\n", flush=True)
    result = rags()
    print(f"default, rags         {result.fit_cpu_seconds:8.2f} s", end="")
    print(f"   {result.epochs} epochs, {result.judgement.nats:.3f} nats")
    speed()
    print("\nNats a sixteenth on the test pieces")
    judged()
    print(f"\nCopied of {SEEDS} pieces of 16 bars")
    copied()
    if "--long" in sys.argv:
        long()


if __name__ == "__main__":
    kinds = {"ours": ours, "original": original}
    if len(sys.argv) > 1 and sys.argv[1] in kinds:
        print(json.dumps(kinds[sys.argv[1]]()))
    elif sys.argv[1:2] == ["rags"]:
        left_out(*map(int, sys.argv[2:]))
    elif sys.argv[1:2] == ["rivals"]:
        rivals(*map(int, sys.argv[2:4]))
    else:
        main()
