"""Time and evaluate the emoji models: python -m benchmarks.emoji.

1. Processor seconds of v2 on 132 sentences for 100 epochs in our worker, against the
   classic script in plain Keras: with an embedding of the used words only, and with a
   trainable embedding of all of GloVe, which is timed for a few epochs and
   extrapolated. Each in its own process, TensorFlow on one thread, without XLA.
2. Processor seconds of the default model on all training sentences, and milliseconds
   of an answer, without and with its explanations.
3. Accuracy, macro-F1 and calibration of the three models over five seeds, and the
   advantage of the default model, with bootstrap intervals over the sentences.
"""

import json
import os
import subprocess
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

from dataclasses import replace

import numpy as np

from core.emoji import TASK, Config
from core.emoji.judging.explain import NearestNeighbours, explain
from core.emoji.model.vocabulary import Vocabulary, pad_sequences
from core.emoji.pretrained import load
from core.emoji.text.corpus import shipped
from core.emoji.text.tokens import tokenize
from core.emoji.vectors.glove import glove
from core.stats import bootstrap
from core.training import finish

SENTENCES = 132
WORDS = 10  # at most, in each of them: as in the classic set
EPOCHS = 100
FEW = 3  # epochs with the whole table
SEEDS = range(5)
V2_EPOCHS = 15  # on all sentences: its training accuracy is 100% well before
TEXT = "I really did not like the way you played with my feelings"


def short_sentences():
    """As many short sentences as the classic set has, evenly chosen."""
    whole = shipped()
    short = [n for n, text in enumerate(whole.train.texts) if len(text.split()) < WORDS]
    chosen = np.linspace(0, len(short) - 1, SENTENCES).astype(int)
    return replace(whole, train=whole.train.take(short[n] for n in chosen))


def ours():
    from core.layers.setup import single_thread

    single_thread()  # the worker has imported TensorFlow before a run begins
    result = finish(TASK.train(Config.preset("v2", epochs=EPOCHS), short_sentences()))
    return {"seconds": result.fit_cpu_seconds, "epochs": result.epochs}


def classic(whole_table):
    """The classic script: the same layers, and Keras's own loop."""
    from core.layers.setup import single_thread

    single_thread()
    import keras

    rows = short_sentences().train
    texts = [tokenize(text, glove().row) for text in rows.texts]
    words = [token.word for text in texts for token in text.tokens]
    vocabulary = Vocabulary(glove(), filter(None, words))
    ids = pad_sequences([vocabulary.encode(text) for text in texts])
    vectors = vocabulary.embedding()
    if whole_table:
        rest = glove().take(range(400_000))
        vectors = np.concatenate([vectors, rest[: 400_001 - len(vectors)]])
    epochs = FEW if whole_table else EPOCHS
    start = time.process_time()
    model = keras.Sequential(
        [
            keras.layers.Input((ids.shape[1],)),
            keras.layers.Embedding(*vectors.shape, weights=[vectors]),
            keras.layers.LSTM(128, return_sequences=True),
            keras.layers.Dropout(0.5),
            keras.layers.LSTM(128),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(5),
            keras.layers.Activation("softmax"),
        ]
    )
    model.compile(
        "adam", "categorical_crossentropy", metrics=["accuracy"], jit_compile=False
    )
    targets = np.eye(5)[rows.targets]
    ends = [time.process_time()]
    record = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: ends.append(time.process_time())
    )
    model.fit(ids, targets, batch_size=32, epochs=epochs, verbose=0, callbacks=[record])
    seconds = ends[-1] - start
    if whole_table:  # the first epoch also traces the graph
        seconds += (ends[-1] - ends[1]) / (epochs - 1) * (EPOCHS - epochs)
    return {"seconds": seconds, "epochs": epochs}


def run_in_process(kind):
    command = [sys.executable, "-m", "benchmarks.emoji", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def milliseconds(call, times=100):
    call()
    start = time.process_time()
    for _ in range(times):
        call()
    return 1000 * (time.process_time() - start) / times


def answer_times():
    result = load()
    neighbours = NearestNeighbours(result.model, result.data.learned)

    def explained():
        result.answer([TEXT])
        explain(result.model, TEXT)
        neighbours.nearest(TEXT)

    print(f"one answer           {milliseconds(lambda: result.answer([TEXT])):8.2f} ms")
    print(f"with explanations    {milliseconds(explained):8.2f} ms", flush=True)


def evaluate():
    """Train each model with each seed; return the results by model."""
    results = {}
    print(f"{'':<6}{'seed':>5}{'accuracy':>10}{'macro F1':>10}{'ECE':>8}", end="")
    print(f"{'challenge':>11}{'negation':>10}{'CPU s':>8}")
    for model in ("best", "v1", "v2"):
        changes = {"epochs": V2_EPOCHS} if model == "v2" else {}
        results[model] = []
        rows = []
        for seed in SEEDS:
            config = Config.preset(model, seed=seed, **changes)
            result = finish(TASK.train(config, shipped()))
            results[model].append(result)
            figures = result.summary()
            names = ("accuracy", "macro_f1", "ece", "challenge", "negation")
            rows.append([*(figures[name] for name in names), result.fit_cpu_seconds])
            print_row(model, seed, rows[-1])
        print_row(model, "mean", np.mean(rows, axis=0))
    return results


def print_row(model, seed, row):
    accuracy, f1, ece, challenge, negation, seconds = row
    print(f"{model:<6}{seed:>5}{accuracy:>10.3f}{f1:>10.3f}{ece:>8.3f}", end="")
    print(f"{challenge:>11.3f}{negation:>10.3f}{seconds:>8.1f}", flush=True)


def compare(results, other, name, phenomenon=""):
    """Print the mean difference over seeds, with an interval over the sentences."""
    rows = results["best"][0].rows(name)
    chosen = rows.of_phenomenon(phenomenon) if phenomenon else np.ones(len(rows), bool)
    labels = rows.targets[chosen]

    def right(model):
        answers = [r.probabilities[name][chosen] for r in results[model]]
        return np.mean([a.argmax(axis=1) == labels for a in answers], axis=0)

    gain = right("best") - right(other)
    interval = bootstrap(lambda chosen: float(gain[chosen].mean()), len(labels))
    what = f"best - {other}, {phenomenon or 'all'} of the {name} set"
    ends = f"[{interval.low:+.3f}, {interval.high:+.3f}]"
    print(f"{what:<42}{interval.value:>+7.3f}  {ends}")


def main():
    print(f"v2, {SENTENCES} sentences, {EPOCHS} epochs, processor seconds")
    for title, kind in (
        ("ours", "ours"),
        ("classic script, words in use", "words"),
        (f"classic script, whole table ({FEW} epochs, extrapolated)", "table"),
    ):
        print(f"{title:<55}{run_in_process(kind)['seconds']:>8.2f}", flush=True)
    print("\nAnswers of the default model, processor time")
    answer_times()
    print(f"\nAll training sentences ({len(shipped().train)}); v2 {V2_EPOCHS} epochs")
    results = evaluate()
    print("\nDifference in accuracy, 95% interval")
    for other in ("v1", "v2"):
        compare(results, other, "test")
        compare(results, other, "challenge", "negation")


COMMANDS = {
    "ours": ours,
    "words": lambda: classic(whole_table=False),
    "table": lambda: classic(whole_table=True),
}

if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps(COMMANDS[sys.argv[1]]()))
    else:
        main()
