"""Answers to a file of sentences, and the file again with them as further columns."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.emoji.model.answering import Answer, Model, answer_columns
from core.emoji.text.table import Table
from core.emoji.text.tokens import TokenizedText
from core.table.writer import write_rows

BLOCK = 500  # answers that are written together
LOOKED_AT = 10_000  # characters that are searched for the line end
TEXT = "text"
OURS = "answer"  # prefix of a column whose name is in the file already
NO_TOKENS = TokenizedText(tokens=())


def answer_many(model: Model, texts: Sequence[str]) -> list[Answer]:
    """Answer texts; of their tokens only the unknown ones are in the answers.

    Tokens take ten times the memory of all else in an answer.
    """
    return [_lighter(answer) for answer in model.answer(texts)]


def _lighter(answer: Answer) -> Answer:
    unknown = tuple(t for t in answer.tokenized.tokens if t.word is None)
    tokenized = TokenizedText(tokens=unknown) if unknown else NO_TOKENS
    return replace(answer, tokenized=tokenized)


def answered_file(table: Table, answers: Sequence[Answer]) -> bytes:
    """Write a file again, with its delimiter and columns, and with the answers.

    It is a CSV in UTF-8, safe to open in a spreadsheet. It begins with a byte order
    mark if the file did, or had another encoding: the program that wrote it may not
    take it for UTF-8 without.
    """
    columns = max((len(row) for _, row in table.rows()), default=table.width)
    names = [name for name in answer_columns(answers[:1]) if name != TEXT]
    line_end = "\r\n" if "\r\n" in table.cells.text[:LOOKED_AT] else "\n"
    rows = (
        [*row, *[""] * (columns - len(row)), *cells]
        for (_, row), cells in zip(table.rows(), _cells(answers, names), strict=True)
    )
    header = _header(table, columns, names)
    text = write_rows(itertools.chain([header], rows), table.delimiter or ",", line_end)
    encoding = "utf-8" if table.encoding == "utf-8" else "utf-8-sig"
    return text.encode(encoding, "replace")


def _cells(answers: Sequence[Answer], names: Sequence[str]) -> Iterator[list[object]]:
    """Yield the named columns of each answer, computed for a block at a time."""
    for first in range(0, len(answers), BLOCK):
        found = answer_columns(answers[first : first + BLOCK])
        yield from map(list, zip(*(found[name] for name in names), strict=True))


def _header(table: Table, columns: int, names: Sequence[str]) -> list[str]:
    header = list(table.header) or [_name(table, c) for c in range(columns)]
    header += [""] * (columns - len(header))
    taken = {name.strip().casefold() for name in header}
    ours = (f"{OURS}_{name}" if name.casefold() in taken else name for name in names)
    return [*header, *ours]


def _name(table: Table, column: int) -> str:
    """Return the name of a column of a file without a header."""
    known = {table.text: TEXT, table.label: "label"}
    return known.get(column, f"column {column + 1}")
