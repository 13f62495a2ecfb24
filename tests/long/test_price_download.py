"""The downloaded model forecasts what the dashboard did, without it."""

import ast
import csv
import io
import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from core.stock import Config
from core.stock.download import model_archive, preprocessing
from core.task import DataError
from tests.core.stock.helpers import made_up_series, run

CONFIG = Config(units=4, window=32, batch=4, epochs=1, folds=1, seeds=2)


@pytest.fixture(scope="module")
def result():
    return run(CONFIG, made_up_series())[0]


def test_the_script_in_an_empty_folder_gives_our_forecast(result, tmp_path):
    archive = zipfile.ZipFile(io.BytesIO(model_archive(result)))
    archive.extractall(tmp_path)
    assert sorted(archive.namelist()) == [
        "features.py",
        "forecast.py",
        "model.keras",
        "preprocessing.json",
        "prices.csv",
    ]
    alone = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "forecast.py", "prices.csv"],
        cwd=tmp_path,
        env={**alone, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [int(row["days"]) for row in rows] == [1, 5, 10, 20]
    for name, values in result.future.columns.items():
        if name != "Date":
            ours = values[[0, 4, 9, 19]]
            theirs = np.array([float(row[name]) for row in rows])
            np.testing.assert_allclose(theirs, ours, rtol=1e-5)


def imported_modules(source):
    """Names of the modules that a source imports, at any depth."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return names


def test_the_script_needs_keras_numpy_and_pandas_only(result):
    archive = zipfile.ZipFile(io.BytesIO(model_archive(result)))
    assert imported_modules(archive.read("features.py")) == {"dataclasses", "numpy"}
    assert imported_modules(archive.read("forecast.py")) == {
        "features",
        "json",
        "keras",
        "numpy",
        "pandas",
        "sys",
    }


def test_each_value_of_the_preprocessing_has_its_meaning(result):
    described = json.loads(json.dumps(preprocessing(result), allow_nan=False))
    words = {"about", "series", "last_day", "meaning"}
    assert described.keys() - words == described["meaning"].keys()
    assert described["last_day"] == str(result.series.dates[-1])


def test_a_result_without_a_model_says_what_to_do():
    classic = Config.preset("classic", units=4, window=20, batch=32, epochs=1)
    result, _ = run(classic, made_up_series())
    with pytest.raises(DataError, match="Train with the honest recipe"):
        model_archive(result)
