"""The notebook that repeats a run. Those of the TensorFlow tasks: tests/claims."""

import ast
import io
import zipfile
from pathlib import Path

import nbformat
import pytest

from core.lesson.writing.corpus import Corpus
from core.takeaway import make_notebook, needs_file, notebook
from tests.core.takeaway.notebooks import SAME, execute, tiny_notebook, tiny_run


def cells(made):
    return nbformat.reads(made.content, as_version=4).cells


def code_of(made):
    return [cell["source"] for cell in cells(made) if cell["cell_type"] == "code"]


def test_the_notebook_of_a_text_arrives_at_its_numbers(tmp_path, monkeypatch):
    made = tiny_notebook("text")
    assert made.data is None
    printed = execute(made.content, tmp_path, monkeypatch)
    assert printed[-1].startswith(SAME)
    assert printed[2] == "Six names\n"
    assert printed[3].startswith("epoch 1 of 3: ")


def test_large_data_lie_beside_the_notebook(tmp_path, monkeypatch):
    result, points = tiny_run("text")
    assert not needs_file("text", result)
    monkeypatch.setattr(notebook, "MOST_INSIDE", 10)
    assert needs_file("text", result)
    made = make_notebook("text", result, points, name='my "run"')
    assert made.data_name == 'my "run".data'
    monkeypatch.chdir(tmp_path)
    settings, data = code_of(made)[1:3]
    names = {"Path": Path}
    exec(settings, names)
    with pytest.raises(FileNotFoundError, match=r'Expected my "run"\.data beside'):
        exec(data, names)
    (tmp_path / made.data_name).write_bytes(made.data)
    exec(data, names)
    assert names["data"] == result.corpus
    with zipfile.ZipFile(io.BytesIO(made.zipped())) as archive:
        assert archive.namelist() == ['my "run".ipynb', 'my "run".data']


def test_the_notebook_of_a_stopped_run_ends_with_its_last_epoch(tmp_path, monkeypatch):
    result, points = tiny_run("adding", last_epoch=2)
    assert result.epochs == 2
    made = make_notebook("adding", result, points, stopped=True)
    printed = execute(made.content, tmp_path, monkeypatch)
    assert printed[-1].startswith(SAME)
    assert "stopped before its end" in made.content.decode()


def test_a_notebook_tells_numbers_that_it_does_not_reach(tmp_path, monkeypatch):
    result, points = tiny_run("adding")
    points[1].metrics["lstm_mse"] += 1e-5
    made = make_notebook("adding", result, points)
    printed = execute(made.content, tmp_path, monkeypatch)[-1]
    assert printed.startswith("Not the same: 1 of ")
    assert "epoch 2 lstm_mse" in printed


def test_a_notebook_far_from_the_project_says_how_to_find_it(tmp_path, monkeypatch):
    first = code_of(tiny_notebook("adding"))[0]
    monkeypatch.setenv("UNROLLED", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="Expected the folder of Unrolled"):
        exec(first, {})
    monkeypatch.delenv("UNROLLED")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="Start Jupyter in that folder"):
        exec(first, {})


def test_typed_text_is_never_code_or_markup_in_a_notebook():
    hostile = 'x"""\nraise SystemExit\n```\n# <script>alert(1)</script>\n'
    result, points = tiny_run("text", Corpus.from_text(hostile * 5, hostile))
    text = [each["source"] for each in cells(make_notebook("text", result, points))]
    assert "alert" not in "".join(text[:-2])
    recorded = ast.parse(text[-2])  # its sample may hold anything, as a string
    names, *rest = recorded.body
    assert ast.unparse(names) == "from math import inf, nan"
    assert all(isinstance(each, ast.Assign) for each in rest)


def test_settings_that_differ_from_the_usual_ones_are_marked():
    content = tiny_notebook("adding").content.decode()
    assert "# Changed, usually 50." in content
    assert "    length=6," in content
