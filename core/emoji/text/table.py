"""A file of sentences as a table: its header, and which column is which.

`core.table` divides it into cells by the delimiter by which a header names a column of
text, or else by which a column has labels. Where there is neither, a delimiter counts
only if every row has as many cells and no space follows it, as one does in prose: then
the file has one column, of whole lines.
"""

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from core.emoji.labels import LABELS, Labels, NewLabels, find_label
from core.table import MAX_COLUMNS, Cells, divide, listed, normalised, read_text
from core.table.text import NO_DELIMITER
from core.task import DataError

MAX_BYTES = 5_000_000
MIN_ROWS_OF_PROSE = 3  # fewest rows with a label after each comma and space
HEADER_SCORE = 10.0  # score of a delimiter that yields a header with known names
SHOWN_ROWS, SHOWN = 3, 100  # shown part of a refused file: rows, and characters of each
EXPECTED = "Expected a CSV with the columns text and label"
# The first that a header has counts.
TEXT_NAMES = listed(
    """text, sentence, message, comment, review, tweet, post, utterance, phrase,
    statement, feedback, content, body, note, headline, remark, opinion, description,
    document, sms, title, texte, texto, testo, satz, kommentar, nachricht, frase"""
)
LABEL_NAMES = listed(
    """label, emoji, class, category, sentiment, emotion, feeling, mood, target, tag,
    topic, klasse, kategorie, classe, clase"""
)
SURE_LABEL_NAMES = ("label", "emoji", "class")  # a mistake above other cells
NOT_TEXT = frozenset(("id", "date", "time", "length", "language", "user", "author"))
MOST_LETTERS_OF_NAME = 40
QUANTITY = re.compile(r"[-+]?\d+([.,:/-]\d+)*%?")  # a number, a date or a time


class FileError(DataError):
    """A file that is not understood; `first_rows` shows how it begins."""

    def __init__(self, message: str, first_rows: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.first_rows = tuple(first_rows)


class Table:
    """A file divided by one delimiter: which column is which, and how well that fits.

    Attributes
    ----------
    header
        The names of the columns; empty without a header.
    text, label, phenomena
        Which column is which, counted from 0; None without it.
    width
        Number of columns.
    score
        0 if nothing speaks for this delimiter.
    """

    def __init__(self, cells: Cells, encoding: str, labels: Labels | NewLabels) -> None:
        self.cells, self.encoding, self.labels = cells, encoding, labels
        first = cells.sample[0] if cells.sample else []
        names = _named_columns(first)
        has_header = bool(names) or self._names_numbers()
        self.header = tuple(first) if has_header else ()
        body = cells.sample[has_header:]
        widths = Counter(map(len, body))
        usual = widths.most_common(1)[0][0] if widths else len(first)
        self.width = len(first) if has_header else usual
        self.phenomena = names.get("phenomena")
        self.label = self._label(body, names)
        self.text = names.get("text", self._wordiest(body))
        self.score = self._score(len(names), widths)

    @property
    def delimiter(self) -> str:
        """Between cells; `NO_DELIMITER` where each line is a sentence."""
        return self.cells.delimiter

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line number and the cells of each row that is not blank.

        A DataError is raised at a row that cannot be read.
        """
        rows = itertools.islice(self.cells.rows(), bool(self.header), None)
        return ((number, self._joined(cells)) for number, cells in rows)

    def _joined(self, cells: list[str]) -> list[str]:
        """Return a row with one sentence where delimiters in it were not quoted.

        A row with too many cells is joined at the text until it has as many as the
        others, if its label is then one.
        """
        extra = len(cells) - self.width
        if extra <= 0 or not any(cell.strip() for cell in cells[-extra:]):
            return cells
        end = self.text + extra + 1
        text = self.delimiter.join(cells[self.text : end])
        joined = [*cells[: self.text], text, *cells[end:]]
        if self.label is None or self.label < self.text:
            return joined
        before, after = (
            find_label(cell_of(row, self.label), self.labels) for row in (cells, joined)
        )
        return joined if before is None and after is not None else cells

    @property
    def is_lines(self) -> bool:
        """Whether each line is a sentence, and there are no cells."""
        return self.delimiter == NO_DELIMITER

    @property
    def summary(self) -> str:
        """How it was read, in a sentence."""
        if self.is_lines:
            header = f", with the header {self.header[0]!r}" if self.header else ""
            return f"One sentence a line{header}."
        mark = {",": "commas", ";": "semicolons", "\t": "tabs"}.get(
            self.delimiter, repr(self.delimiter)
        )
        names = [("text", self.text), ("label", self.label)]
        parts = [
            f"{what} from column {index + 1}"
            + (f" ({self.header[index]!r})" if self.header else "")
            for what, index in names
            if index is not None
        ]
        header = "" if self.header else ", without a header"
        return f"Cells separated by {mark}{header}: {', '.join(parts)}."

    def _score(self, named: int, widths: Counter[int]) -> float:
        if self.width < 2:
            return 0.0
        if named:
            return HEADER_SCORE + named
        few = len(self.cells.sample) < MIN_ROWS_OF_PROSE and not self._splits_no_prose()
        if self.label is not None and not few:
            return 1.0 + self._label_score(self.cells.sample, self.label)
        wide = max(widths, default=0) > MAX_COLUMNS
        same = len(widths) == 1 and (len(self.cells.sample) > 1 or wide)
        return 0.5 if same and self._splits_no_prose() else 0.0

    def _names_numbers(self) -> bool:
        """Whether the first row has a name where all others have a number.

        Numbers that may be labels do not count: above them a mistake is likelier.
        """
        for name, *numbers in zip(*self.cells.sample, strict=False):
            cells = [cell.strip() for cell in numbers]
            if (
                len(cells) > 1
                and re.match(r"\s*[^\W\d]", name)
                and all(QUANTITY.fullmatch(cell) for cell in cells)
                and (
                    _counts_up(cells)
                    or any(find_label(cell, self.labels) is None for cell in cells)
                )
            ):
                return True
        return False

    def _splits_no_prose(self) -> bool:
        """Whether few cells begin with the space that follows a comma in prose."""
        cells = [cell for row in self.cells.sample for cell in row[1:] if cell.strip()]
        return 2 * sum(cell.startswith(" ") for cell in cells) < max(1, len(cells))

    def _label(self, body: list[list[str]], names: dict[str, int]) -> int | None:
        """Return the column of labels: that of a name for it, or that of labels."""
        if self.header:
            columns = _columns_called(self.header, LABEL_NAMES, names.get("text"))
            best = max(
                columns, key=lambda c: self._labelled_share(body, c), default=None
            )
            if best is None or self._labelled_share(body, best) >= 0.5:
                return best
            sure = [
                c for c in columns if normalised(self.header[c]) in SURE_LABEL_NAMES
            ]
            return sure[0] if sure else None
        scores = {
            column: self._label_score(body, column)
            for column in range(self.width if self.width > 1 else 0)
            if (column or not _counts_up([row[0] for row in body]))
            and self._labelled_share(body, column) >= 0.5
        }
        return max(scores, key=scores.__getitem__, default=None)

    def _label_score(self, body: list[list[str]], column: int) -> float:
        """Tell how well a column's cells serve as labels: at most 1.

        What new classes are called is not known: the fewer different names, the
        likelier are they classes; of columns with as many, the last.
        """
        share = self._labelled_share(body, column)
        if not isinstance(self.labels, NewLabels):
            return share
        names = {row[column].strip().casefold() for row in body if column < len(row)}
        return share - len(names) / (1 + len(body)) + column / 10_000

    def _labelled_share(self, body: list[list[str]], column: int) -> float:
        """Return the share of the cells of a column that are labels."""
        cells = [row[column].strip() for row in body if column < len(row)]
        written = [cell for cell in cells if cell]
        found = [find_label(cell, self.labels) is not None for cell in written]
        return sum(found) / len(found) if found else 0.0

    def _wordiest(self, body: list[list[str]]) -> int:
        """Return the column with the most letters, the label left out."""
        letters = [0] * max(1, self.width)
        for row in body:
            for column, cell in enumerate(row[: self.width]):
                if column != self.label:
                    letters[column] += sum(map(str.isalpha, cell))
        return letters.index(max(letters))


def cell_of(cells: Sequence[str], index: int | None) -> str:
    """Return a cell of a row; empty if the row is shorter or there is no column."""
    return "" if index is None or index >= len(cells) else cells[index].strip()


def read_table(content: bytes, labels: Labels | NewLabels = LABELS) -> Table:
    """Find out how a file is to be read; without a header by its cells with labels.

    A FileError is raised if it is not a text, or too large.
    """
    try:
        advice = "Split the file into smaller ones."
        text, encoding = read_text(content, MAX_BYTES, EXPECTED, advice)
        table = functools.cache(lambda cells: Table(cells, encoding, labels))
        cells = divide(
            text, lambda cells: table(cells).score, NO_DELIMITER, sure=HEADER_SCORE
        )
    except DataError as error:
        raise FileError(str(error)) from error
    return table(cells)


def _counts_up(cells: list[str]) -> bool:
    """Whether cells are the numbers of the rows: 1, 2, 3."""
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\d{1,9}", cell.strip())]
    pairs = itertools.pairwise(numbers)
    return len(numbers) == len(cells) > 1 and all(b - a == 1 for a, b in pairs)


def _singular(name: str) -> str:
    return name if name == "class" else name.removesuffix("s")


def _columns_called(
    cells: Sequence[str], accepted: Sequence[str], but: int | None = None
) -> list[int]:
    """Return the columns with one of these names, those of the first name first.

    A name of two or three words counts if one of them is accepted: "review text".
    """
    exact: dict[int, int] = {}
    loose: dict[int, int] = {}
    for column, cell in enumerate(cells):
        key = normalised(cell)
        if column == but or len(key) > MOST_LETTERS_OF_NAME:
            continue
        if {key, _singular(key)} & set(accepted):
            name = key if key in accepted else _singular(key)
            exact[column] = accepted.index(name)
            continue
        words = key.split()
        found = [accepted.index(word) for word in words if word in accepted]
        if found and len(words) < 4 and not NOT_TEXT & set(words):
            loose[column] = len(accepted) + min(found)
    return sorted(exact | loose, key=(exact | loose).__getitem__)


def _named_columns(cells: Sequence[str]) -> dict[str, int]:
    """Return the index of each column by what it is; empty if this is no header.

    A header names the text exactly, or the label exactly, or both loosely.
    """
    names = [normalised(cell) for cell in cells]
    text = _columns_called(cells, TEXT_NAMES)
    label = _columns_called(cells, LABEL_NAMES, text[0] if text else None)
    exact = {
        name
        for name in (*names, *map(_singular, names))
        if name in TEXT_NAMES or (name in LABEL_NAMES and len(cells) > 1)
    }
    if not exact and not (text and label):
        return {}
    found = {}
    if text:
        found["text"] = text[0]
    if label:
        found["label"] = label[0]
    if "phenomena" in names:
        found["phenomena"] = names.index("phenomena")
    return found


def first_rows(table: Table) -> list[str]:
    """Return how a file begins, a line a row, shortened."""
    lines = filter(None, map(str.strip, table.cells.text.splitlines()))
    return [
        line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
        for line in itertools.islice(lines, SHOWN_ROWS)
    ]
