"""Makes the pictures of README and lessons.md anew: `make pictures`."""

import io
import tempfile
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import QUIET, Dashboard, chromium
from tests.browser.conftest import Page as Visit
from tests.conftest import end_cluster

FOLDER = Path(__file__).parent
WIDTH, HEIGHT, HIGHEST = 1280, 880, 3000  # pixels of the page
LESSON_WIDTH = 960  # pixels of a lesson's picture
PAGES = {"prices": "stock", "emoji": "emoji", "music": "music"}
STEPS = {
    "cell": "The+cell",
    "forward": "Forward",
    "backward": "Backward",
    "learning": "Learning",
}


def draw(
    browser: Browser, dashboard: Dashboard, path: str, scheme: str, whole: bool
) -> Image.Image:
    """Return a picture of a page: its first screen, or as much as there is."""
    size = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    visit = Visit(context.new_page(), dashboard)
    visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    if whole:
        tall = "document.querySelector('[data-testid=stMain]').scrollHeight"
        height = min(visit.page.evaluate(tall), HIGHEST)
        visit.page.set_viewport_size({"width": WIDTH, "height": height})
    visit.page.wait_for_timeout(2000)  # animations and charts end
    content = visit.page.screenshot()
    context.close()
    return Image.open(io.BytesIO(content)).convert("RGB")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with a palette of 256 colours: a third of the bytes."""
    picture.quantize(256, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)


def main() -> None:
    """Make them all, with a dashboard of our own."""
    home = Path(tempfile.mkdtemp())
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            for name, page in PAGES.items():
                save(draw(browser, dashboard, page, "light", False), f"{name}.png")
            for cell, step, scheme in product(
                ("rnn", "lstm", "gru"), STEPS, ("light", "dark")
            ):
                path = f"{cell}?{cell}_step={STEPS[step]}"
                picture = draw(browser, dashboard, path, scheme, True)
                height = picture.height * LESSON_WIDTH // picture.width
                small = picture.resize((LESSON_WIDTH, height), Image.Resampling.LANCZOS)
                save(small, f"lessons/{cell}-{step}-{scheme}.png")
    finally:
        dashboard.kill()
        end_cluster(home)


if __name__ == "__main__":
    main()
