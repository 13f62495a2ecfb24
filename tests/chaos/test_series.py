"""A short series of kills, seeded: `make chaos` plays the long one."""

import pytest

from tests.chaos.installation import Installation
from tests.chaos.series import Series
from tests.postgres import programs

SEED, KILLS, RUNS, SIZE = "48", 6, 3, 0.5


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path, "postgresql" if programs() else "sqlite")
    yield installation
    installation.close()


def test_runs_through_kills_at_random_moments_end_like_undisturbed_ones(installation):
    series = Series(installation, seed=SEED, kills=KILLS, runs=RUNS, size=SIZE)
    report = series.run()
    assert report.verdict.lost == []
    assert report.verdict.duplicated == []
    assert report.verdict.different == []
    assert report.kills >= KILLS // 2  # the others came when all runs had ended
    assert report.verdict.executions > RUNS
