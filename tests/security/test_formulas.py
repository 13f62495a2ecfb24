"""No cell of a file that is taken away begins a spreadsheet's formula."""

import csv
import io
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core import examples
from core.emoji.model.answering import answers_csv
from core.emoji.model.many import answer_many, answered_file
from core.emoji.pretrained import load
from core.emoji.text.rows import Rows, read_csv
from core.emoji.text.table import read_table
from core.stock.csv import import_prices
from core.table.writer import write_csv
from pages.ui.emoji.teach import taught_csv

ROOT = Path(__file__).parents[2]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "=HYPERLINK('http://127.0.0.1','happy')",
    "=cmd|' /C calc'!A0",
    "  =1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\u00a0=1+1",
    "＝1+1",
    "－1+1",
    '"=1+1"',
    ',=1+1,"\n=1+1',
]
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def cells(text):
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def runs(cell):
    """Whether a spreadsheet may take a cell for a formula; a number is none."""
    start = cell.lstrip()[:1] or cell[:1]
    return start != "" and start in "=+-@＝＋－＠\t\r\n" and not NUMBER.fullmatch(cell)


@pytest.fixture(scope="module")
def model():
    return load()


def test_answers_history_and_what_is_unknown_in_them_run_nowhere(model):
    answers = model.answer(FORMULAS)
    text = answers_csv(answers)
    assert [cell for cell in cells(text) if runs(cell)] == []
    assert sum("1+1" in cell for cell in cells(text)) >= len(FORMULAS) - 3


def test_taught_sentences_run_nowhere_and_come_back_as_they_were_taught():
    taught = [text.strip() for text in FORMULAS]
    text = taught_csv(Rows.of([(sentence, 2) for sentence in taught]))
    assert [cell for cell in cells(text) if runs(cell)] == []
    assert list(read_csv(text.encode()).texts) == taught


@pytest.mark.parametrize("number", ["-5", "-0.5e3", "+7", "-0,5"])
def test_numbers_of_a_file_come_back_as_numbers_beside_the_answers(model, number):
    table = read_table(f"text;score\nI love you;{number}\nso sad;{number}a\n".encode())
    written = answered_file(table, answer_many(model, ["I love you", "so sad"]))
    rows = list(csv.reader(io.StringIO(written.decode()), delimiter=";"))
    assert [row[1] for row in rows] == ["score", number, f"'{number}a"]


@given(some.text(), some.sampled_from(FORMULAS))
def test_whatever_is_written_a_cell_never_runs(before, formula):
    columns = {"text": [before, formula, before.strip()[:1] + formula]}
    assert [cell for cell in cells(write_csv(columns)) if runs(cell)] == []


@pytest.mark.parametrize(
    "name", [name for name, (task, _) in examples.EXAMPLES.items() if task == "stock"]
)
def test_files_of_prices_hold_days_and_numbers_only(name):
    result = examples.load(name).result
    tables = [result.to_csv()]
    if result.future is not None:
        tables.append(result.future.to_csv())
    for text in tables:
        _, *rows = csv.reader(io.StringIO(text))
        assert len(rows) > 10
        for day, *numbers in rows:
            assert DAY.fullmatch(day)
            assert all(map(NUMBER.fullmatch, numbers))


def test_formulas_in_a_file_of_prices_reach_no_file_of_ours():
    months = [f"2020-{month:02}" for month in range(1, 13)]
    rows = "".join(f"{m}-{day:02},{day},=1+1\n" for m in months for day in range(2, 29))
    series = import_prices(f"Date,Close,=1+1\n{rows}".encode(), "=cmd|' /C calc'!A0")
    assert series.series.prices[0] == 2
    assert "=1+1" not in str(series.report)


def test_the_tables_own_download_is_off_as_it_would_let_formulas_run():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert config["client"]["disableDataExport"] is True
