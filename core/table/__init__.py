"""Tables in text files: reading prices and sentences, writing results.

`text` (encoding, kind of file, delimiter, rows of cells), `dates` and `numbers` (typed
columns), and `question`: an ambiguous file raises a `Question`, whose answer is passed
to the next call. `writer` writes CSV.
"""

from core.table.question import Choice, Question, read_answer
from core.table.text import (
    MAX_COLUMNS,
    Cells,
    Row,
    divide,
    listed,
    normalised,
    read_text,
)

__all__ = [
    "MAX_COLUMNS",
    "Cells",
    "Choice",
    "Question",
    "Row",
    "divide",
    "listed",
    "normalised",
    "read_answer",
    "read_text",
]
