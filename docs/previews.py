"""Makes the small moving pictures of the home page anew, from the pages themselves.

    python -m docs.previews            all of them, about five minutes
    python -m docs.previews rnn music  some of them

Each is a part of a page, recorded while it moves, for light and dark. The last frame is
also a file by itself, for visitors who want less motion.
"""

import io
import itertools
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Locator, sync_playwright

from tests.browser.conftest import QUIET, Dashboard, chromium
from tests.browser.conftest import Page as Visit
from tests.conftest import end_cluster
from tests.driver.browser.links import path_of
from tests.driver.tours.classes import join, started

FOLDER = Path(__file__).parents[1] / "data" / "previews"
SIZE = 540, 225  # pixels
PHONE, TABLET, WIDE, DESK = 390, 780, 1000, 1280  # pixels of the page
HEIGHT = 3000  # so that nothing has to be scrolled
MAX_BYTES = 150_000
LAST = 2500  # milliseconds of the last frame
LONGEST_WAIT = 120_000  # milliseconds for a page, beside earlier trainings
SENTENCES = ("the team made me proud", "my heart is broken", "she stole my heart")
SEEDS = itertools.count(1)
MAIN = "[data-testid=stMainBlockContainer]"
UNIT = "&lstm_forward_network=Trained&lstm_trained_view=The+unit+that+counts"

Frames = Iterator[Image.Image]


def frame(visit: Visit, part: Locator, down: float = 0, high: float = 0) -> Image.Image:
    """Return what is seen of a part of a page, from its upper left corner.

    `down` pixels below it, and `high` pixels of it, or as many as fill the picture.
    """
    box = part.bounding_box()
    clip = {"x": box["x"], "y": box["y"] + down, "width": box["width"]}
    clip["height"] = high or box["width"] * SIZE[1] / SIZE[0]
    return fitted(visit.page.screenshot(clip=clip))


def whole(part: Locator) -> Image.Image:
    """Return a chart, all of it."""
    part.page.wait_for_timeout(3000)  # it is drawn
    return fitted(part.screenshot())


def fitted(content: bytes) -> Image.Image:
    """Return a picture in the size of all, on its own background."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    return ImageOps.pad(
        picture, SIZE, Image.Resampling.LANCZOS, picture.getpixel((0, 0))
    )


def stepped(visit: Visit, key: str, part: str, every: int = 1, row: str = "") -> Frames:
    """Go through the steps of a player; `row` has the height that is shown."""
    view = visit.keyed(key).locator(".lesson")
    shown = view.locator(part).first
    high = view.locator(row).first.bounding_box()["height"] if row else 0
    slider = view.locator(".steps")
    slider.press("Home")
    for step in range(0, int(slider.get_attribute("max")) + 1, every):
        slider.fill(str(step))
        visit.page.wait_for_timeout(100)
        yield frame(visit, shown, high=high)


def states(visit: Visit) -> Frames:
    """Show the states of an RNN after each epoch."""
    visit.open("rnn?rnn_step=Learning")
    yield from stepped(visit, "rnn_scrubber", ".inside figure", every=2)


def unit(visit: Visit) -> Frames:
    """Show names in the colours of a unit after each epoch."""
    visit.open(f"lstm?lstm_step=Forward{UNIT}")
    yield from stepped(visit, "lstm_units_text", ".text", every=4)


def gates(visit: Visit) -> Frames:
    """Show the gates and states of a GRU, step by step."""
    visit.open("gru?gru_step=Forward&gru_forward_network=Trained")
    yield from stepped(visit, "gru_trained_word", ".panels", row=".panels figure")


def typing(visit: Visit) -> Frames:
    """Type sentences, and see the answer after each word."""
    visit.open("emoji")
    main, answer = visit.page.locator(MAIN), visit.keyed("emoji_answer")
    for sentence in SENTENCES:
        words = sentence.split()
        for count in range(1, len(words) + 1):
            visit.keyed("emoji_text").locator("input, textarea").fill(
                " ".join(words[:count])
            )
            visit.page.wait_for_timeout(900)
            yield frame(visit, main, answer.bounding_box()["y"])


def playing(visit: Visit) -> Frames:
    """Play a piece."""
    visit.open("music")
    view = visit.page.locator(".lesson:has(.notes)").first
    view.get_by_role("button", name="Play (space)").click()
    for _ in range(24):
        yield frame(visit, view.locator(".board"))
        visit.page.wait_for_timeout(150)


def forecast(visit: Visit) -> Frames:
    """Show the forecast of the example's coming days."""
    visit.open("stock")
    yield whole(visit.keyed("stock_future").locator(".js-plotly-plot"))


def influences(visit: Visit) -> Frames:
    """Show how far back four networks and attention reach."""
    visit.open("became")
    yield whole(visit.page.locator(".js-plotly-plot").last)


def train(visit: Visit, cell: str) -> None:
    """Start a short training with a new seed."""
    settings = {"step": "Learning", "epochs": 80, "steps": 60, "seed": next(SEEDS)}
    query = "&".join(f"{cell}_{name}={value}" for name, value in settings.items())
    visit.open(f"{cell}?{query}")
    visit.press(f"{cell}_train")
    visit.sees("Stop")


def runs(visit: Visit) -> Frames:
    """Train three networks, and watch them on the page of runs."""
    for cell in ("rnn", "lstm", "gru"):
        train(visit, cell)
    visit.open("runs")
    visit.settle()
    card = visit.page.locator("[class*='st-key-runs_']").filter(has_text="seed").first
    main = visit.page.locator(MAIN)
    above = card.bounding_box()["y"] - main.bounding_box()["y"]
    yield from watched(visit, main, above)


def board(visit: Visit) -> Frames:
    """Have a class of three train, and watch its board."""
    visit.page.set_viewport_size({"width": DESK, "height": 1000})
    visit.open("classes")
    path = path_of(started(visit))
    students = {}
    for name, cell in (("Ada", "rnn"), ("Grace", "lstm"), ("Alan", "gru")):
        context = visit.page.context.browser.new_context()
        students[cell] = Visit(context.new_page(), visit.dashboard)
        students[cell].open(path)
        join(students[cell], name)
    visit.open(f"board?class={path[-6:]}")
    for cell, student in students.items():
        train(student, cell)
    yield from watched(visit, visit.keyed("board_tiles"))


def watched(visit: Visit, part: Locator, down: float = 0) -> Frames:
    """Look at trainings for some seconds, from the first epoch on."""
    visit.sees(r"epoch [1-9]|\b[1-9]\d*/80")
    for _ in range(24):
        yield frame(visit, part, down)
        visit.page.wait_for_timeout(500)


# Scene, width of the page, milliseconds per frame.
SCENES = {
    "rnn": (states, PHONE, 200),
    "lstm": (unit, PHONE, 200),
    "gru": (gates, TABLET, 400),
    "stock": (forecast, TABLET, 0),
    "emoji": (typing, PHONE, 500),
    "music": (playing, TABLET, 200),
    "runs": (runs, WIDE, 400),
    "classes": (board, DESK, 400),
    "became": (influences, TABLET, 0),
}


def record(browser: Browser, dashboard: Dashboard, name: str, scheme: str) -> None:
    """Write a moving picture, and its last frame."""
    scene, width, milliseconds = SCENES[name]
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        device_scale_factor=SIZE[0] / PHONE if width == PHONE else 1,
    )
    context.set_default_timeout(LONGEST_WAIT)
    frames = list(scene(Visit(context.new_page(), dashboard)))
    context.close()
    file = FOLDER / f"{name}-{scheme}.webp"
    durations = [*[milliseconds] * (len(frames) - 1), LAST]
    frames[0].save(
        file,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        quality=60,
        method=6,
    )
    frames[-1].save(FOLDER / f"{name}-{scheme}-still.webp", quality=80, method=6)
    size = file.stat().st_size
    assert size <= MAX_BYTES, f"{file.name} has {size:,} bytes"


def main() -> None:
    """Make them all, or those that are named, with a dashboard of our own."""
    FOLDER.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp())
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            for name in sys.argv[1:] or SCENES:
                for scheme in ("light", "dark"):
                    record(browser, dashboard, name, scheme)
    finally:
        dashboard.kill()
        end_cluster(home)


if __name__ == "__main__":
    main()
