"""What every component's markup must keep to, before its script has run."""

import re
from pathlib import Path

import pages.ui

SOURCES = sorted(Path(pages.ui.__file__).parent.rglob("*.py"))


def test_a_picture_has_its_name_from_the_beginning():
    # A picture named by the script gets its role there too: until then, a screen
    # reader would meet a picture without a name.
    pictures = [
        (path.name, tag)
        for path in SOURCES
        for tag in re.findall(r'<\w[^>]*role="img"[^>]*>', path.read_text())
    ]
    assert pictures
    assert [one for one in pictures if "aria-label" not in one[1]] == []
