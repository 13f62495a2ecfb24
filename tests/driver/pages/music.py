"""The music page in an AppTest."""

from core.music.shipped import MODELS
from tests.core.music.music_files import TUNE, chords, line, midi

TRIADS = [(60, 64, 67), (53, 57, 60), (55, 59, 62), (48, 52, 55)] * 6


# Twenty-four bars, of which no two phrases are the same.
SOLO = [pitch + up for up in (0, 2, 5, -3, 4, 1, -2, 3, 7, -5, 6, -1) for pitch in TUNE]


BAND = midi(
    ("Drums", 9, 0, line([36] * 96, 1.0)),
    ("Bass", 1, 33, line([root for root in (48, 41, 43, 48) for _ in "1234"] * 6, 1.0)),
    ("Piano", 2, 0, chords(TRIADS)),
    ("Sax", 3, 66, line(SOLO)),
)


def take(page):
    """What is heard now."""
    voice, takes = page.session_state["music_voice"], page.session_state["music_takes"]
    own = [made for (name, _), made in takes.items() if name not in MODELS]
    return (own[-1] if voice == "own" else takes[voice, None]).current.take


def generate(page, **values):
    """Set some widgets and press Generate."""
    for name, value in values.items():
        page.session_state[f"music_{name}"] = value
    page.button(key="music_generate").click().run()
    assert not page.exception
    return take(page)
