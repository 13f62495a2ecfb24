"""A dashboard that notes what its processes send to other hosts."""

import os
from pathlib import Path
from unittest import mock

import pytest

from tests.browser.conftest import Dashboard
from tests.conftest import end_cluster

WATCHING = Path(__file__).parents[2] / "security/watching"


NAME = "class.example"


class Watched(Dashboard):
    """A dashboard as README.md has it started, with notes of what it sends outside."""

    options = ()

    def outside(self):
        return outside(self.home)[1]


def watching(folder):
    """The environment in which each Python process notes what it sends outside."""
    return {"PYTHONPATH": str(WATCHING), "OUTSIDE": str(folder / "outside")}


def outside(folder):
    """The processes that were watched, and what they sent or would have sent."""
    notes = (folder / "outside").read_text().splitlines()
    watched = [note for note in notes if note.startswith("watched ")]
    return watched, [note for note in notes if note not in watched]


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    home = tmp_path_factory.mktemp("watched")
    own = watching(home) | {"UNROLLED_HOSTS": NAME}
    with mock.patch.dict(os.environ, own):
        dashboard = Watched(home)
    yield dashboard
    dashboard.kill()
    end_cluster(home)
