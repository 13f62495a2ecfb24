"""The files of the home page's pictures: `make pictures` makes them anew."""

import pytest
from PIL import Image

from docs.previews import MAX_BYTES, SCENES, SIZE
from pages.ui.previews import FOLDER, LABELS


def test_every_exhibit_with_a_picture_has_words_for_it():
    assert SCENES.keys() == LABELS.keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("exhibit", LABELS)
def test_an_exhibit_has_a_small_picture_and_a_still_one(exhibit, scheme):
    for ending in ("", "-still"):
        file = FOLDER / f"{exhibit}-{scheme}{ending}.webp"
        assert file.stat().st_size <= MAX_BYTES
        with Image.open(file) as picture:
            assert picture.size == SIZE
            assert not (ending and picture.is_animated)
