"""The theme's colours against each other, as WCAG 2.2 measures contrast."""

import re
import tomllib

import pytest

from core.emoji.figures import COLOURS, USUAL_COLOURS
from core.figures.palette import (
    INK_DARK,
    INK_LIGHT,
    NEGATIVE,
    PAPER_DARK,
    PAPER_LIGHT,
    POSITIVE,
)
from tests.browser.conftest import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
SCHEMES = ("light", "dark")
TEXT, GRAPHIC = 4.5, 3.0  # least contrast: 1.4.3 and 1.4.11
PAGES, SHAPES = ROOT / "pages", ("base", "button")
CSS = (PAGES / "ui/contrast.css").read_text()
CELL = (ROOT / "pages/ui/lesson/cell.js").read_text()
TINT = 0.1  # of the primary colour behind a chosen option: Streamlit's


def share(pattern, text):
    """A percentage that a style sheet or a script has."""
    return int(re.search(pattern, text)[1]) / 100


FADED = share(r"CaptionContainer.*\n.*currentColor (\d+)%, transparent", CSS)
STRONGEST = share(r'"--much".*\* (\d+)\}%', CELL)


def rgb(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def mix(one, other, share):
    return [a * share + b * (1 - share) for a, b in zip(one, other, strict=True)]


def luminance(colour):
    parts = [v / 255 for v in colour]
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts
    ]
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=SCHEMES)
def theme(request):
    colours = {
        name: c for name, c in THEME[request.param].items() if name[-5:] == "Color"
    }
    return request.param, {name: rgb(colour) for name, colour in colours.items()}


def test_text_and_captions_are_readable_on_both_backgrounds(theme):
    _, colours = theme
    for behind in ("backgroundColor", "secondaryBackgroundColor"):
        paper = colours[behind]
        assert contrast(colours["textColor"], paper) >= TEXT
        assert contrast(mix(colours["textColor"], paper, FADED), paper) >= TEXT
        assert contrast(colours["linkColor"], paper) >= TEXT
        assert contrast(colours["grayColor"], paper) >= TEXT


@pytest.mark.parametrize("paper", [PAPER_LIGHT, PAPER_DARK])
def test_lines_of_the_emoji_classes_stand_out_from_the_page(paper):
    for colour in COLOURS[:USUAL_COLOURS]:
        assert contrast(rgb(colour), rgb(paper)) >= GRAPHIC, colour


def test_figures_have_the_colours_of_the_page_that_they_are_on(theme):
    scheme, colours = theme
    figure = {"light": (INK_LIGHT, PAPER_LIGHT), "dark": (INK_DARK, PAPER_DARK)}
    ink, paper = map(rgb, figure[scheme])
    assert (ink, paper) == (colours["textColor"], colours["backgroundColor"])
    assert contrast(mix(ink, paper, FADED), paper) >= GRAPHIC  # the button to save it


def test_a_chosen_option_is_readable_on_its_tint(theme):
    _, colours = theme
    primary, paper = colours["primaryColor"], colours["backgroundColor"]
    of_text, other = re.search(r"selected.*\n.*Color (\d+)%, (#\w{6})\)", CSS).groups()
    ink = mix(colours["textColor"], rgb(other), int(of_text) / 100)
    assert contrast(ink, mix(primary, paper, TINT)) >= TEXT


def test_a_primary_button_is_readable(theme):
    scheme, colours = theme
    inks = re.search(r"light-dark\((#\w{6}), (#\w{6})\)", CSS).groups()
    ink = rgb(inks[SCHEMES.index(scheme)])
    assert contrast(ink, colours["primaryColor"]) >= TEXT
    assert contrast([255] * 3, colours["primaryColor"]) >= GRAPHIC  # a check mark


def test_numbers_are_readable_on_the_colour_of_their_size(theme):
    scheme, colours = theme
    for pair in (NEGATIVE, POSITIVE):
        end = rgb(pair[SCHEMES.index(scheme)])
        behind = mix(end, colours["backgroundColor"], STRONGEST)
        assert contrast(colours["textColor"], behind) >= TEXT


def test_styles_have_five_sizes_of_type_three_radii_and_one_serif():
    """But for tiles and codes that are as large as a projector allows: clamp(...)."""
    files = [file for ending in ("css", "py") for file in PAGES.rglob(f"*.{ending}")]
    texts = "\n".join(file.read_text() for file in files)
    styles = re.sub(r"clamp\([^)]+\)", "", texts)
    fonts = re.findall(r"font(?:-size)?: [^;}]*?([\d.]+rem)", styles)
    radii = " ".join(re.findall(r"border-radius: ([^;}]+)", styles)).split()
    assert set(fonts) == {"0.8rem", "0.9rem", "1rem", "1.25rem", "2rem"}
    assert set(radii) - {"0"} == {"4px", *map("var(--st-{}-radius)".format, SHAPES)}
    assert re.findall(r"\w+, serif", styles) == ["Georgia, serif"]
