"""A person's own classes: example sentences, and starter sets."""

import functools
from collections import Counter
from dataclasses import replace
from pathlib import Path

from core.emoji.labels import LABELS, NONE, NONE_NAME, Label, Labels, NewLabels
from core.emoji.text.corpus import MAX_TRAINING_ROWS, Sentences, normalised
from core.emoji.text.rows import Rows, read_csv
from core.task import DataError

MIN_CLASSES, MAX_CLASSES = 2, 12
MIN_SENTENCES = 8  # fewest sentences of a class
STARTERS = {  # file -> title
    "topics": "Topics",
    "weather": "Weather",
    "support_tickets": "Support tickets",
    "mood_at_work": "Mood at work",
    "film_reviews": "Film reviews",
    "yes_no_maybe": "Yes, no, maybe",
    "urgency": "Urgency",
}
FOLDER = Path(__file__).parents[2] / "data" / "emoji" / "starters"
# How `read_class` reads the five, their numbers, and "none" -> the number.
FIVE = {label: number for number, label in enumerate(LABELS)}
FIVE |= {Label(str(number)): number for number in range(len(LABELS))}
FIVE |= {Label(NONE_NAME): NONE}
BINARY = {"0", "1"}
QUOTED = 60  # characters of a sentence in a message


def read_own(content: bytes, name: str) -> Sentences:
    """Read a CSV of sentences with labels of any name; see `read_csv`.

    A file of the five emojis, by their names, emojis or numbers, gives these five; its
    rows of none of them are `NONE`. Only 0 and 1 are no numbers of the five.
    """
    found = NewLabels()
    rows = read_csv(content, labels=found)
    five = [FIVE.get(label) for label in found.labels]
    if None not in five and not {label.name for label in found.labels} <= BINARY:
        numbers = tuple(five[label or 0] for label in rows.labels)
        return Sentences(name=name, train=replace(rows, labels=numbers))
    return own_sentences(name, rows, found.labels)


def read_pasted(text: str, labels: NewLabels) -> Rows:
    """Read lines of a label, a tab and a sentence; new labels are added to `labels`."""
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        label, tab, sentence = line.partition("\t")
        if not (tab and label.strip() and sentence.strip()):
            raise DataError(
                f"Line {number}: expected a label, a tab and a sentence, got "
                f"{line.strip()[:QUOTED]!r}. Correct or remove that line."
            )
        pairs.append((sentence.strip(), labels.parse(label, f"Line {number}")))
    if not pairs:
        raise DataError(
            "Expected lines of a label, a tab and a sentence, got none. Paste some."
        )
    return Rows.of(pairs)


def own_sentences(name: str, rows: Rows, labels: Labels) -> Sentences:
    """Return checked sentences to train on; repeated in a class they count once."""
    seen: set[tuple[str, int | None]] = set()
    first = []
    for row, (text, label) in enumerate(zip(rows.texts, rows.labels, strict=True)):
        if (key := (normalised(text), label)) not in seen:
            seen.add(key)
            first.append(row)
    rows = rows.take(first)
    check_classes(rows, labels)
    return Sentences(name=name, labels=labels, train=rows)


def check_classes(rows: Rows, labels: Labels) -> None:
    """Raise a DataError if nothing can be learned from these sentences."""
    if not len(rows):
        raise DataError(
            f"Expected sentences of {MIN_CLASSES} to {MAX_CLASSES} classes, got none. "
            "Write some, or begin from a starter set."
        )
    if len(rows) > MAX_TRAINING_ROWS:
        raise DataError(
            f"Expected at most {MAX_TRAINING_ROWS:,} sentences, got {len(rows):,}. "
            "Remove some."
        )
    counts = Counter(rows.labels)
    present = [label for index, label in enumerate(labels) if counts[index]]
    if len(present) < MIN_CLASSES:
        raise DataError(
            f"Expected {MIN_CLASSES} to {MAX_CLASSES} classes, got only {present[0]}. "
            "Add sentences of another class."
        )
    if len(labels) > MAX_CLASSES:
        some = ", ".join(map(str, labels[:MAX_CLASSES]))
        raise DataError(
            f"Expected {MIN_CLASSES} to {MAX_CLASSES} classes, got {len(labels)}: "
            f"{some}, … Make one of some that belong together, or remove some."
        )
    few = [
        f"{counts[index]} of {label}"
        for index, label in enumerate(labels)
        if counts[index] < MIN_SENTENCES
    ]
    if few:
        raise DataError(
            f"Expected at least {MIN_SENTENCES} different sentences of each class, got "
            f"{', '.join(few)}. Add some there, or remove the class."
        )
    check_contradictions(rows, labels)


def check_contradictions(rows: Rows, labels: Labels) -> None:
    """Raise a DataError if a sentence has two labels."""
    known: dict[str, int | None] = {}
    for text, label in zip(rows.texts, rows.labels, strict=True):
        other = known.setdefault(normalised(text), label)
        if other != label:
            names = " and in ".join(
                NONE_NAME if number == NONE else str(labels[number or 0])
                for number in (other, label)
            )
            raise DataError(
                f"Expected each sentence in one class, got {text[:QUOTED]!r} in "
                f"{names}. Remove it from one of them."
            )


@functools.cache
def starter(name: str) -> Sentences:
    """Return a starter set by its name in `STARTERS`."""
    return read_own((FOLDER / f"{name}.csv").read_bytes(), STARTERS[name])
