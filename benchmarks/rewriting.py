"""From a click on *Rewrite* to the sound of what is new.

    python -m benchmarks.rewriting

A dashboard of its own, in a real browser: bars 5 to 8 of the rag that the page opens
with are marked with the mouse and rewritten, again and again. Also what each costs the
web process, which is what remains comparable on a busy machine.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from tests.browser.conftest import QUIET, READY, Dashboard, chromium
from tests.conftest import end_cluster

TIMES = 5
FIRST, LAST = 5, 8
SOUNDS = """before => {
    const audio = document.querySelector(".st-key-music_sound audio")
    return audio.getAttribute("src") !== before && !audio.paused && audio.readyState > 2
}"""


def mark(page, first, last):
    """Drag over the numbers of some bars of sixteen."""
    ruler = page.locator(".st-key-music_roll .ruler")
    ruler.scroll_into_view_if_needed()
    box = ruler.bounding_box()
    bar, middle = box["width"] / 16, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + bar * (first - 0.5), middle)
    page.mouse.down()
    page.mouse.move(box["x"] + bar * (last - 0.5), middle, steps=4)
    page.mouse.up()
    page.get_by_role("button", name=f"Rewrite bars {first} to {last}").wait_for()
    page.wait_for_selector(READY)


def rewrite(page, dashboard):
    """Press *Rewrite*; return the seconds until it sounds, and those of CPU."""
    audio = page.locator(".st-key-music_sound audio")
    before, used = audio.get_attribute("src"), cpu_seconds(dashboard)
    began = time.perf_counter()
    page.locator(".st-key-music_rewrite").get_by_role("button").first.click()
    page.wait_for_function(SOUNDS, arg=before, polling=10, timeout=120_000)
    taken = time.perf_counter() - began
    page.wait_for_selector(READY)
    return taken, cpu_seconds(dashboard) - used


def cpu_seconds(dashboard):
    """CPU seconds of the web process so far."""
    return sum(psutil.Process(dashboard.pid).cpu_times()[:2])


def main():
    """Measure it some times, after once."""
    home = Path(tempfile.mkdtemp())
    os.environ["UNROLLED_HOME"] = str(home)
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(f"{dashboard.url}/music")
            page.wait_for_selector(READY)
            mark(page, FIRST, LAST)
            (first, _), *rest = (rewrite(page, dashboard) for _ in range(TIMES + 1))
            taken, used = map(statistics.median, zip(*rest, strict=True))
            print(f"the first time           {first:>6.2f} s")
            print(f"median of {TIMES} more         {taken:>6.2f} s")
            print(f"CPU of the web process   {used:>6.2f} s")
            print(f"load of the machine      {os.getloadavg()[0]:>6.1f}")
    finally:
        dashboard.kill()
        end_cluster(home)


if __name__ == "__main__":
    main()
