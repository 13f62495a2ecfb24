"""The download of a trained model: a Keras file, its words, and a script."""

import json
from pathlib import Path

import numpy as np

import core
from core.arrays import zip_files
from core.emoji.labels import NONE_NAME
from core.emoji.model.answering import WIDTH, Memory, none_threshold, weight_name
from core.emoji.model.vocabulary import FIRST_WORD, PADDING, UNKNOWN
from core.emoji.result import Result
from core.emoji.text import spelling, tokens
from core.emoji.text.tokens import MAX_CORRECTED_RANK
from core.layers.keras_file import KerasFile, Output, layer_config

WORDS = MAX_CORRECTED_RANK  # the most frequent ones; those learned are added
LSTM_WEIGHTS = ("kernel", "recurrent_kernel", "bias")
MODULES = (core, tokens, spelling)  # what the script imports, as it is here
SCRIPT = '''\
"""Answer sentences with an emoji: python answer.py "I love you" "let us eat"

Prints one JSON object for each: label and emoji, null if there are no words and
"none" if the sentence is none of the classes; the probability of the answer; whether
that is enough to be sure; and the words that the model does not know.
"""

import json
import sys

import keras
import numpy as np

from core.emoji.text.tokens import tokenize

with open("vocabulary.json", encoding="utf-8") as file:
    vocabulary = json.load(file)
model = keras.saving.load_model("model.keras")
rows = {word: row for row, word in enumerate(vocabulary["words"])}

for text in sys.argv[1:]:
    read = tokenize(text, rows.get)
    words = [token.word for token in read.tokens]
    # Rows of the embedding: the padding, the unknown word, then each of the words.
    ids = [1 if word is None else 2 + rows[word] for word in words] or [1]
    ids += [0] * (vocabulary["length"] - len(ids))
    probabilities = np.array(model(np.array([ids])))[0]  # of each label (classes,)
    best = int(probabilities.argmax())
    confidence = float(probabilities[best]) if words else 0.0
    answer = {
        "text": text,
        "label": vocabulary["labels"][best] if words else None,
        "emoji": vocabulary["emojis"][best] if words else None,
        "confidence": round(confidence, 6),
        "sure": any(words) and confidence >= vocabulary["thresholds"][best],
        "unknown": read.unknown,
    }
    print(json.dumps(answer, ensure_ascii=False))
'''
ABOUT = """\
model.keras      The networks: numbers of words -> probabilities of the labels.
vocabulary.json  The words by number, and what the script needs besides.
core/            How a text is split into words: modules of this project as they are.
answer.py        Answers sentences, with TensorFlow alone:
                 python answer.py "I love you"

All sentences of one batch must have the same number of words.
The model knows {words:,} words: {which}.
Any other word is to it the unknown one, which it may not be on the page.
"""


def script(_: Result) -> str:
    """Return the script that uses the model."""
    return SCRIPT


def model_archive(result: Result) -> bytes:
    """Return a .zip of the model, its words, and a script that answers sentences."""
    words, vectors = _words_and_vectors(result)
    none = [NONE_NAME] if result.detects_none else []
    vocabulary = {
        "labels": [label.name for label in result.labels] + none,
        "emojis": [label.shown for label in result.labels] + [""] * len(none),
        "threshold": result.threshold,
        "thresholds": [result.threshold] * len(result.labels)
        + [none_threshold(result.threshold)] * len(none),
        "length": result.length if result.config.reads_padding else 0,
        "words": words,
    }
    which = f"the {WORDS:,} most frequent ones of GloVe and all that it learned"
    if result.config.vectors == "own":
        which = "those of its file of word vectors"
    root = Path(core.__file__).parents[1]
    modules = [Path(str(module.__file__)) for module in MODULES]
    return zip_files(
        {
            "model.keras": keras_model(result, vectors),
            "vocabulary.json": json.dumps(vocabulary, ensure_ascii=False),
            "answer.py": SCRIPT,
            "README.txt": ABOUT.format(words=len(words), which=which),
            **{str(path.relative_to(root)): path.read_bytes() for path in modules},
        }
    )


def _words_and_vectors(result: Result) -> tuple[list[str], np.ndarray]:
    """Return the words by frequency, and the embedding (FIRST_WORD + words, size)."""
    model = result.model
    words, frequent = model.table.most_frequent(WORDS)
    learned = set(result.words) - set(words)
    words += sorted(learned, key=lambda word: model.table.row(word) or 0)
    vectors = np.zeros((FIRST_WORD + len(words), model.table.size), np.float32)
    vectors[PADDING] = model.ensemble.padding
    vectors[UNKNOWN] = model.adapted.get("", 0.0)
    vectors[FIRST_WORD : FIRST_WORD + len(frequent)] = frequent
    for row, word in enumerate(words, start=FIRST_WORD):
        if word in model.adapted:
            vectors[row] = model.adapted[word]
    return words, vectors


def keras_model(result: Result, vectors: np.ndarray) -> bytes:
    """Export the networks as the content of one .keras file, without TensorFlow.

    It has layers of Keras only: ids of words (batch, time) -> the mean of the networks'
    probabilities (batch, classes), those that `Ensemble.probabilities` computes; the
    last is that of none of them if the model has learned what that is. The vectors are
    of the padding, of the unknown word, and of each word (rows, size).
    """
    config = result.config
    model = KerasFile("unrolled_emoji")
    ids = model.input("ids", (None,), "int32")
    rows, size = vectors.shape
    x = model.add("Embedding", ids, weights=[vectors], input_dim=rows, output_dim=size)
    answers = []
    for n in range(config.networks):
        pooled = _pooled(model, result, n, x)
        head = [_weight(result, n, "head", "out", part) for part in ("kernel", "bias")]
        y = model.add("Dense", pooled, weights=head, units=len(head[1]))
        if (memory := result.model.ensemble.memory(n)) is not None:
            y = model.add("Add", [y, _added(model, memory, pooled)])
        y = model.add("Rescaling", y, scale=1 / result.temperature, offset=0.0)
        for _ in range(2 if config.softmax == "twice" else 1):
            y = model.add("Softmax", y)
        answers.append(y)
    return model.content(
        model.add("Average", answers) if len(answers) > 1 else answers[0]
    )


def _pooled(model: KerasFile, result: Result, network: int, x: Output) -> Output:
    """Add the LSTM layers of a network, and the pooling of the top layer's outputs."""
    config = result.config
    directions = ("forward", "backward")[: config.directions]
    lstm = {
        "units": config.units,
        "return_sequences": True,
        "return_state": True,
    }
    for layer in range(config.layers if config.recurrent else 0):
        weights = [
            _weight(result, network, layer, direction, weight)
            for direction in directions
            for weight in LSTM_WEIGHTS
        ]
        if config.directions == 1:
            x = model.add("LSTM", x, weights=weights, **lstm)
        else:
            both = layer_config("LSTM", **lstm)
            # Keras builds both directions of such a layer, and finds objects again by
            # their address in memory. It keeps one with a number in the file, so that
            # no other object gets its address.
            both["shared_object_id"] = 1 + network * config.layers + layer
            x = model.add("Bidirectional", x, weights=weights, layer=both)
    parts: list[Output] = []
    if "last" in config.pooled:  # outputs 1 and 3 are the last hidden states
        parts += [(x[0], 1 + 2 * n) for n in range(config.directions)]
    for kind, name in (("Max", "max"), ("Average", "mean")):
        if name in config.pooled:
            parts.append(model.add(f"Global{kind}Pooling1D", x))
    if config.model == "small":
        return model.add("UnitNormalization", parts[0], axis=-1)
    return model.add("Concatenate", parts) if len(parts) > 1 else parts[0]


def _added(model: KerasFile, memory: Memory, pooled: Output) -> Output:
    """Add layers that compute `Memory.scores`."""
    parts = [memory.kernel, memory.bias]
    x = model.add("Dense", pooled, weights=parts, units=len(memory.bias))
    x = model.add("UnitNormalization", x, axis=-1)
    count = memory.places.shape[1]
    parts = [memory.places / WIDTH, np.full(count, -1 / WIDTH, np.float32)]
    x = model.add("Dense", x, weights=parts, units=count, activation="exponential")
    outputs = memory.changes.shape[1]
    changes = [memory.changes]
    return model.add("Dense", x, weights=changes, units=outputs, use_bias=False)


def _weight(
    result: Result, network: int, layer: int | str, direction: str, weight: str
) -> np.ndarray:
    return result.weights[weight_name(network, layer, direction, weight)]
