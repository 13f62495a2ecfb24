"""A short experiment of kills, seeded: `make chaos` runs a long one."""

import pytest

from tests.chaos.experiment import Experiment
from tests.chaos.installation import Installation
from tests.postgres import programs

SEED, KILLS, RUNS, SIZE = "48", 6, 3, 0.5


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path, "postgresql" if programs() else "sqlite")
    yield installation
    installation.close()


def test_runs_through_kills_at_random_moments_end_like_undisturbed_ones(installation):
    experiment = Experiment(installation, seed=SEED, kills=KILLS, runs=RUNS, size=SIZE)
    report = experiment.run()
    assert report.findings.lost == []
    assert report.findings.duplicated == []
    assert report.findings.different == []
    assert report.kills >= KILLS // 2  # the others came when all runs had ended
    assert report.findings.executions > RUNS
