"""The downloaded model continues a melody as it did here, without this project."""

from tests.driver.core.music_download import assert_the_script_plays_the_same


def test_the_script_plays_the_same_notes_with_the_same_probabilities(tmp_path):
    assert_the_script_plays_the_same("ragtime", tmp_path)
