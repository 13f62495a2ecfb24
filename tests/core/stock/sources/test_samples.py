"""The bundled series are what data/README.md says they are."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from core.stock import Config
from core.stock.data.split import split
from core.stock.sources.samples import SAMPLES, load_sample
from core.task import UserError

DATA = Path(__file__).parents[4] / "data"
ROW = re.compile(r"^\| `prices/(\w+)\.csv` \|.*\| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_the_readme_lists_each_file_with_its_checksum():
    listed = dict(ROW.findall((DATA / "README.md").read_text(encoding="utf-8")))
    files = {file.stem: file for file in (DATA / "prices").iterdir()}
    assert set(listed) == set(files) == set(SAMPLES)
    for name, file in files.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == listed[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_has_fifteen_years_of_daily_prices_and_is_small(name):
    series = load_sample(name)
    years = (series.dates[-1] - series.dates[0]) / np.timedelta64(365, "D")
    assert years >= 15
    assert len(series) > 240 * years
    assert (DATA / "prices" / f"{name}.csv").stat().st_size < 400_000
    for preset in Config.presets:
        split(Config.preset(preset), series)
    assert series.name == SAMPLES[name].title


def test_an_unknown_sample_is_an_error_that_names_the_known_ones():
    with pytest.raises(UserError, match=r"SP500.*'gold'"):
        load_sample("gold")
