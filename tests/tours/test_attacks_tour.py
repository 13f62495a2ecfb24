"""Markup typed into every field of the music page, as in tests/browser."""

from tests.browser.test_attacks import (
    MARKUP,
    SCRIPT,
    opened,
    type_in,
    upload,
)
from tests.core.music.music_files import TUNE, line, midi


def test_tracks_files_and_chords_run_in_no_browser(visit):
    page = visit("music")
    type_in(page, "music_chords", MARKUP, "textarea")
    page.sees("xpected")
    page.choose("music_corpus", "Upload")
    band = midi((MARKUP, 0, 0, line(TUNE * 6)), (SCRIPT, 1, 0, line(TUNE * 6)))
    name = MARKUP.replace("/", "")
    files = ((f"{name}.mid", band), (f"2{name}.mid", band), (f"{name}.xml", b"<a>"))
    upload(page, "music_upload", *files)
    page.sees("Of 2 files")
    for box in ("music_file", "music_track"):
        opened(page, box)
    type_in(page, "music_track_chords", MARKUP)
