"""Tables in text files of any program: prices and sentences.

`text` (encoding, kind of file, delimiter, rows of cells), `dates` and `numbers` (typed
columns), and `question`: a file that can be read in two ways raises a `Question`, whose
answer is given to the next reading.
"""

from core.table.question import Choice, Question, read_answer
from core.table.text import (
    MAX_COLUMNS,
    Cells,
    Row,
    Text,
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
    "Text",
    "divide",
    "listed",
    "normalised",
    "read_answer",
    "read_text",
]
