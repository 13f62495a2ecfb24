"""A file of sentences as a table: its encoding, delimiter, header and columns.

All of it is found by trying: the file is split by each delimiter, and the one wins by
which a header names a column of text, or else by which a column has labels. Where
there is neither, a delimiter counts only if every row has as many cells and no space
follows it, as one does in prose: then the file has one column, of whole lines.

`csv.Sniffer`, which also serves pandas (`sep=None`), knows neither labels nor prose:
it splits a list of sentences at their commas, or at a letter.
"""

import contextlib
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from core.emoji.labels import LABELS, Labels, NewLabels
from core.emoji.text.label_names import find_label
from core.task import DataError

MAX_BYTES = 5_000_000
MAX_COLUMNS = 100
SAMPLE = 60_000  # characters by which delimiter, header and columns are recognised
SAMPLE_ROWS = 60
MIN_ROWS_OF_PROSE = 3  # with a label after each comma, where a space follows it
CONTROL_CODES = 4_096  # characters that are searched for them
SHOWN_ROWS, SHOWN = 3, 100  # of a file that is refused: rows, and characters of each
DELIMITERS = (",", ";", "\t")
LINES = ""  # the delimiter of a file with one column
UNUSED = "\x1f"  # a delimiter that no text has
EXPECTED = "Expected a CSV with the columns text and label"
# The first that a header has counts.
TEXT_NAMES = (
    *("text", "sentence", "message", "comment", "review", "tweet", "post"),
    *("utterance", "phrase", "statement", "feedback", "content", "body", "note"),
    *("headline", "remark", "opinion", "description", "document", "sms", "title"),
    *("texte", "texto", "testo", "satz", "kommentar", "nachricht", "frase"),
)
LABEL_NAMES = (
    *("label", "emoji", "class", "category", "sentiment", "emotion", "feeling"),
    *("mood", "target", "tag", "topic", "klasse", "kategorie", "classe", "clase"),
)
SURE_LABEL_NAMES = ("label", "emoji", "class")  # with other cells they are a mistake
NOT_TEXT = frozenset(("id", "date", "time", "length", "language", "user", "author"))
MOST_LETTERS_OF_NAME = 40
QUANTITY = re.compile(r"[-+]?\d+([.,:/-]\d+)*%?")  # a number, a date or a time
SEPARATOR_HINT = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)  # Excel's first line


class FileError(DataError):
    """A file that is not understood; `first_rows` shows how it begins."""

    def __init__(self, message: str, first_rows: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.first_rows = tuple(first_rows)


@dataclass(frozen=True, kw_only=True)
class Table:
    """How a file is read.

    Attributes
    ----------
    content
        The file.
    encoding
        Its name in Python.
    delimiter
        Between cells; `LINES` where each line is a sentence.
    header
        The names of the columns; empty without a header.
    text, label, phenomena
        Which column is which, counted from 0; None if there is none.
    width
        Number of columns.
    """

    content: bytes
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    text: int
    label: int | None
    phenomena: int | None
    width: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line number and the cells of each row that is not blank.

        Raises
        ------
        DataError
            If a row cannot be read.
        """
        # Decoded as it is read: with one emoji in it a text takes four bytes a letter.
        file = io.TextIOWrapper(
            io.BytesIO(self.content), self.encoding, errors="replace", newline=""
        )
        rows = split(file, self.delimiter)
        if self.header:
            next(rows, None)
        yield from rows

    def sentence_of(self, cells: Sequence[str]) -> str:
        """Return the text of a row; empty if it has none."""
        return _cell(cells, self.text)

    def label_of(self, cells: Sequence[str]) -> str:
        """Return the label of a row as it was written; empty if it has none."""
        return _cell(cells, self.label)

    def phenomena_of(self, cells: Sequence[str]) -> str:
        """Return the names of what is difficult about a row."""
        return _cell(cells, self.phenomena)

    def joined(self, cells: list[str], labels: Labels | NewLabels) -> list[str]:
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
        before = find_label(self.label_of(cells), labels)
        after = find_label(self.label_of(joined), labels)
        return joined if before is None and after is not None else cells

    @property
    def is_lines(self) -> bool:
        """Whether each line is a sentence, and there are no cells."""
        return self.delimiter == LINES

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


def _cell(cells: Sequence[str], index: int | None) -> str:
    return "" if index is None or index >= len(cells) else cells[index].strip()


def read_table(content: bytes, labels: Labels | NewLabels = LABELS) -> Table:
    """Find out how a file is to be read.

    Parameters
    ----------
    content
        The file.
    labels
        The classes, by which a column of labels is recognised without a header.

    Raises
    ------
    FileError
        If it is not a text, or too large.
    """
    text, encoding = _decode(content)
    hint = SEPARATOR_HINT.match(text)
    readings = [_Reading(text, delimiter, labels) for delimiter in DELIMITERS]
    if hint:
        readings = [_Reading(text, hint[1], labels)]
    best = max(readings, key=lambda reading: reading.score)
    if best.score <= 0:
        best = _Reading(text, LINES, labels)
    header = best.rows[0] if best.has_header else []
    return Table(
        content=content,
        encoding=encoding,
        delimiter=best.delimiter,
        header=tuple(header),
        text=best.text,
        label=best.label,
        phenomena=best.phenomena,
        width=best.width,
    )


class _Reading:
    """The first rows of a file split by one delimiter, and how well that fits.

    Attributes
    ----------
    rows
        Cells of the first rows, the header among them.
    score
        0 if nothing speaks for this delimiter.
    """

    def __init__(self, text: str, delimiter: str, labels: Labels | NewLabels) -> None:
        self.delimiter, self._labels = delimiter, labels
        self.rows = list(_sample(text, delimiter))
        first = self.rows[0] if self.rows else []
        names = _named_columns(first)
        self.has_header = bool(names) or self._names_numbers()
        body = self.rows[1:] if self.has_header else self.rows
        widths = Counter(map(len, body))
        usual = widths.most_common(1)[0][0] if widths else len(first)
        self.width = len(first) if self.has_header else usual
        self.phenomena = names.get("phenomena")
        self.label = self._label(first, body, names)
        self.text = names.get("text", self._wordiest(body))
        self.score = self._score(len(names), widths)

    def _score(self, named: int, widths: Counter[int]) -> float:
        if self.width < 2:
            return 0.0
        if named:
            return 10.0 + named
        few = len(self.rows) < MIN_ROWS_OF_PROSE and not self._splits_no_prose()
        if self.label is not None and not few:
            return 1.0 + self._label_score(self.rows, self.label)
        wide = max(widths, default=0) > MAX_COLUMNS
        same = len(widths) == 1 and (len(self.rows) > 1 or wide)
        return 0.5 if same and self._splits_no_prose() else 0.0

    def _names_numbers(self) -> bool:
        """Whether the first row has a name where all others have a number.

        Numbers that may be labels do not count: above them a mistake is likelier.
        """
        for name, *numbers in zip(*self.rows, strict=False):
            cells = [cell.strip() for cell in numbers]
            if (
                len(cells) > 1
                and re.match(r"\s*[^\W\d]", name)
                and all(QUANTITY.fullmatch(cell) for cell in cells)
                and (
                    _counts_up(cells)
                    or any(find_label(cell, self._labels) is None for cell in cells)
                )
            ):
                return True
        return False

    def _splits_no_prose(self) -> bool:
        """Whether few cells begin with the space that follows a comma in prose."""
        cells = [cell for row in self.rows for cell in row[1:] if cell.strip()]
        return 2 * sum(cell.startswith(" ") for cell in cells) < max(1, len(cells))

    def _label(
        self, first: list[str], body: list[list[str]], names: dict[str, int]
    ) -> int | None:
        """Return the column of labels: that of a name for it, or that of labels."""
        if self.has_header:
            columns = _columns_called(first, LABEL_NAMES, names.get("text"))
            best = max(
                columns, key=lambda c: self._labelled_share(body, c), default=None
            )
            if best is None or self._labelled_share(body, best) >= 0.5:
                return best
            sure = [c for c in columns if _key(first[c]) in SURE_LABEL_NAMES]
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
        if not isinstance(self._labels, NewLabels):
            return share
        names = {row[column].strip().casefold() for row in body if column < len(row)}
        return share - len(names) / (1 + len(body)) + column / 10_000

    def _labelled_share(self, body: list[list[str]], column: int) -> float:
        """Return the share of the cells of a column that are labels."""
        cells = [row[column].strip() for row in body if column < len(row)]
        written = [cell for cell in cells if cell]
        found = [find_label(cell, self._labels) is not None for cell in written]
        return sum(found) / len(found) if found else 0.0

    def _wordiest(self, body: list[list[str]]) -> int:
        """Return the column with the most letters, the label left out."""
        letters = [0] * max(1, self.width)
        for row in body:
            for column, cell in enumerate(row[: self.width]):
                if column != self.label:
                    letters[column] += sum(map(str.isalpha, cell))
        return letters.index(max(letters))


def _counts_up(cells: list[str]) -> bool:
    """Whether cells are the numbers of the rows: 1, 2, 3."""
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\d{1,9}", cell.strip())]
    pairs = itertools.pairwise(numbers)
    return len(numbers) == len(cells) > 1 and all(b - a == 1 for a, b in pairs)


def _key(name: str) -> str:
    """Return a column's name without case, spacing and quotes."""
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


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
        key = _key(cell)
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
    names = [_key(cell) for cell in cells]
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


def _decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file, and its encoding."""
    if not content.strip():
        raise FileError(f"{EXPECTED}, got an empty file. Choose another file.")
    if len(content) > MAX_BYTES:
        raise FileError(
            f"Expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Split the file into smaller ones."
        )
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if utf_16 else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content.decode(encoding, errors="replace")
    start = text[:CONTROL_CODES]
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in start):
        raise FileError(
            f"{EXPECTED}, got a file that is not text, such as a picture or a "
            "spreadsheet. Export it as CSV first."
        )
    return text, encoding


def first_rows(table: Table) -> list[str]:
    """Return how a file begins, a line a row, shortened."""
    text = table.content[: SAMPLE * 2].decode(table.encoding, "ignore")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
        for line in lines[:SHOWN_ROWS]
    ]


def _sample(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the first rows; one that is cut off only if there is no other."""
    part = text[:SAMPLE]
    if len(text) > SAMPLE and "\n" in part:
        part = part[: part.rindex("\n") + 1]
    with contextlib.suppress(DataError):
        for _, cells in itertools.islice(
            split(io.StringIO(part, newline=""), delimiter, most_columns=SAMPLE),
            SAMPLE_ROWS,
        ):
            yield cells


def split(
    file: TextIO, delimiter: str, most_columns: int = MAX_COLUMNS
) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each row that is not blank.

    Parameters
    ----------
    file
        At its beginning, with line ends as they are.
    delimiter
        One character, or `LINES`.
    most_columns
        How many are allowed.

    Raises
    ------
    DataError
        If a row has too many cells, or a cell without an end.
    """
    head = file.read(SAMPLE)
    before = 1 if SEPARATOR_HINT.match(head) else 0  # lines
    _rewind(file, before)
    if delimiter == LINES:
        quoted = not _are_part_of_sentences(file)
        _rewind(file, before)
        if not quoted:
            reader = csv.reader(file, delimiter=UNUSED, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(file, delimiter=UNUSED)
    else:
        spaced = f'{delimiter} "' in head
        reader = csv.reader(file, delimiter=delimiter, skipinitialspace=spaced)
    try:
        for cells in reader:
            if len(cells) > most_columns:
                raise DataError(
                    f"Row {before + reader.line_num}: expected at most {most_columns} "
                    f"columns, found {len(cells):,}. Keep the text and label columns "
                    "only."
                )
            if any(cell.strip() for cell in cells):
                yield before + reader.line_num, cells
    except csv.Error as error:
        raise DataError(
            f"Row {before + reader.line_num}: expected cells separated by commas, got "
            f"a row that cannot be read ({error}). Correct or remove it."
        ) from error


def _rewind(file: TextIO, lines: int) -> None:
    """Go to the beginning of a file, and over so many lines."""
    file.seek(0)
    for _ in range(lines):
        file.readline()


def _are_part_of_sentences(file: TextIO) -> bool:
    """Whether the quotes in lines of text are not those of a cell.

    They are if any of them is not at both ends of its line.
    """
    try:
        return any(
            len(cells) > 1 for cells in csv.reader(file, delimiter=UNUSED, strict=True)
        )
    except csv.Error:
        return True
