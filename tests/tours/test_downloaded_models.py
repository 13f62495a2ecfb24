"""Downloaded models of every other kind, used without this project."""

import pytest

from tests.driver.core.music_download import assert_the_script_plays_the_same


@pytest.mark.parametrize("name", ["folk", "classic"])
def test_the_script_plays_the_same_notes(name, tmp_path):
    assert_the_script_plays_the_same(name, tmp_path)
