"""Makes the pictures of README and lessons.md anew: `make pictures`."""

import io
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import QUIET, Dashboard, chromium
from tests.browser.conftest import Page as Visit
from tests.conftest import end_cluster

FOLDER = Path(__file__).parent
WIDTH, HEIGHT, HIGHEST = 1280, 880, 3000  # pixels of the page
LESSON_WIDTH = 960  # pixels of a lesson's picture
PAGES = {"home": "", "prices": "stock", "emoji": "emoji", "music": "music"}
CELLS = {
    "rnn": "rnn?",
    "lstm": "lstm?",
    "gru": "gru?",
    "mingru": "gru?gru_cell=mingru&",
}
STEPS = {
    "cell": "The+cell",
    "forward": "Forward",
    "backward": "Backward",
    "learning": "Learning",
}

TRAINING = "lstm?lstm_step=Learning&lstm_epochs=30&lstm_steps=40&lstm_seed=1"
FILM_SIZE = {"width": 1280, "height": 800}
FILM_WIDTH = 1024  # pixels of the moving picture
FRAME, FIRST, LAST = 160, 1200, 2500  # milliseconds of a frame
LONGEST_WAIT = 300  # seconds, for the workers and for the training
MAX_BYTES = 2_000_000


def draw(
    browser: Browser, dashboard: Dashboard, path: str, scheme: str, whole: bool
) -> Image.Image:
    """Return a picture of a page: its first screen, or as much as there is."""
    size = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(
        viewport=size, color_scheme=scheme, reduced_motion="reduce"
    )
    visit = Visit(context.new_page(), dashboard)
    visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    expect(visit.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    if whole:
        slider = visit.page.locator(".lesson .steps").first
        slider.fill(slider.get_attribute("max"))  # at the first step there is little
        slider.blur()
        tall = "document.querySelector('[data-testid=stMain]').scrollHeight"
        height = min(visit.page.evaluate(tall), HIGHEST)
        visit.page.set_viewport_size({"width": WIDTH, "height": height})
    visit.page.wait_for_timeout(2000)  # animations and charts end
    picture = screenshot(visit)
    context.close()
    return picture


def screenshot(visit: Visit) -> Image.Image:
    """Return what is seen of a page."""
    return Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with a palette of 256 colours: a third of the bytes.

    The method keeps the colours of small areas, such as those of the gates.
    """
    method, no_dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
    small = picture.quantize(256, method, kmeans=3, dither=no_dither)
    small.save(FOLDER / name, optimize=True)


def train(visit: Visit) -> Iterator[Image.Image]:
    """Yield pictures of a training: the start, each epoch, and the replay."""
    visit.open("")
    visit.sees("workers? ready", LONGEST_WAIT)
    visit.open(TRAINING)
    visit.page.wait_for_load_state("networkidle")
    visit.page.wait_for_timeout(1000)
    yield screenshot(visit)
    visit.press("lstm_train")
    visit.page.mouse.move(0, 0)  # no help text is left open
    finished = visit.page.get_by_text("Finished").filter(visible=True)
    end = time.monotonic() + LONGEST_WAIT
    while not finished.count() and time.monotonic() < end:
        yield screenshot(visit)
        visit.page.wait_for_timeout(FRAME / 2)
    slider = visit.keyed("lstm_scrubber").get_by_role("slider", name="Epoch")
    last = int(slider.get_attribute("max"))
    for step in range(last + 1):
        slider.fill(str(step))
        slider.blur()
        yield screenshot(visit)


def film(browser: Browser, dashboard: Dashboard) -> None:
    """Write a few seconds of a training as a moving picture."""
    visit = Visit(browser.new_context(viewport=FILM_SIZE).new_page(), dashboard)
    frames: list[Image.Image] = []
    for picture in train(visit):
        size = FILM_WIDTH, picture.height * FILM_WIDTH // picture.width
        frame = picture.resize(size, Image.Resampling.LANCZOS)
        if not frames or frame != frames[-1]:
            frames.append(frame)
    visit.page.context.close()
    content = io.BytesIO()
    durations = [FIRST, *[FRAME] * (len(frames) - 2), LAST]
    frames[0].save(
        content,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        quality=60,
        method=4,
    )
    size = content.tell()
    assert size <= MAX_BYTES, f"the moving picture has {size:,} bytes"
    (FOLDER / "training.webp").write_bytes(content.getvalue())


def main() -> None:
    """Make them all, with a dashboard of our own."""
    home = Path(tempfile.mkdtemp())
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            film(browser, dashboard)
            for name, page in PAGES.items():
                save(draw(browser, dashboard, page, "light", False), f"{name}.png")
            for cell, step, scheme in product(CELLS, STEPS, ("light", "dark")):
                page = CELLS[cell].partition("?")[0]
                path = f"{CELLS[cell]}{page}_step={STEPS[step]}"
                picture = draw(browser, dashboard, path, scheme, True)
                height = picture.height * LESSON_WIDTH // picture.width
                small = picture.resize((LESSON_WIDTH, height), Image.Resampling.LANCZOS)
                save(small, f"lessons/{cell}-{step}-{scheme}.png")
    finally:
        dashboard.kill()
        end_cluster(home)


if __name__ == "__main__":
    main()
