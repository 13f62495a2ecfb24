"""Response times and resources of a dashboard, with their limits.

    python -m benchmarks.platform                all but the next
    python -m benchmarks.platform start          from nothing to a result, each system
    python -m benchmarks.platform start prices   one system

One server, one local cluster, one real browser. Times in the browser are from the
press of a button to the visible effect.
"""

import itertools
import os
import signal
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
from distributed import Client
from playwright.sync_api import sync_playwright

from core import stock
from core.runs import Platform
from core.runs.local import worker_count
from tests.browser.conftest import QUIET, Dashboard, Page, chromium
from tests.conftest import end_cluster, wait_until

REPEATS = 5
WATCH_SECONDS = 20
OWNER = "benchmark"
WATCH = """() => {
  window.seen = []
  const note = () => {
    const found = document.body.innerText.match(/Epoch (\\d+) of/)
    if (!found) return
    const last = window.seen.at(-1)
    if (!last || last[0] !== +found[1]) window.seen.push([+found[1], Date.now() / 1000])
  }
  new MutationObserver(note).observe(document.body,
    { subtree: true, childList: true, characterData: true })
}"""

# The times of the latest press and of the first curve after it, in milliseconds.
WATCH_CURVE = """() => {
  const curve = () => document.querySelector(".live .scatterlayer .trace")
  document.addEventListener("click", () => { window.pressed = performance.now() }, true)
  new MutationObserver(() => {
    if (window.pressed && curve()) window.drawn ??= performance.now()
  }).observe(document.body, { subtree: true, childList: true })
}"""

# Each system: its page, and the keys of Train and of the seed.
SYSTEMS = {
    "prices": ("stock", "stock_train", "stock_seed"),
    "text": ("lstm?lstm_step=Learning&lstm_task=text", "lstm_train", "lstm_seed"),
    "adding": ("lstm?lstm_step=Learning&lstm_task=adding", "lstm_train", "lstm_seed"),
    "emoji": ("emoji", "emoji_train", "emoji_seed"),
    "music": ("music", "music_train", "music_train_seed"),
}
# The times of the latest press, of each change of the line below it, and of the first
# curve.
WATCH_START = """() => {
  const note = () => {
    if (!window.pressed) return
    const line = document.querySelector(".live-line")?.textContent
    const now = performance.now()
    if (line && line !== window.line) window.changes.push(now)
    window.line = line || window.line
    if (document.querySelector(".live .scatterlayer .trace")) window.drawn ??= now
  }
  const press = () => {
    Object.assign(window, { pressed: performance.now(), changes: [], line: "" })
    window.drawn = undefined
  }
  document.addEventListener("click", press, true)
  new MutationObserver(note).observe(document,
    { subtree: true, childList: true, characterData: true })
}"""


class Report:
    """Prints a line for each figure: what, limit, median, worst, count."""

    def __init__(self):
        print(f"{'what':<58}{'limit':>10}{'median':>9}{'worst':>9}{'n':>4}")

    def line(self, what, limit, values, worst=max):
        middle = statistics.median(values)
        print(
            f"{what:<58}{limit:>10}{middle:>9.2f}{worst(values):>9.2f}{len(values):>4}",
            flush=True,
        )


def begin(platform, owner=OWNER, **settings):
    """Start a classic training that lasts long enough."""
    values = {"units": 8, "window": 120, "batch": 60, "epochs": 1000, **settings}
    data = stock.TASK.example()[1]
    config = stock.Config.preset("classic", **values)
    return platform.start(owner, "stock", config, data)


def timed(action, true, what, seconds=60):
    """Seconds between an action and its visible effect."""
    began = time.perf_counter()
    action()
    wait_until(true, seconds, what)
    return time.perf_counter() - began


def pages(report, dashboard, browser):
    """First and later visits of each page, from a new browser profile."""
    html, figures = [], {name: [] for name in ("run", "run again", "visit", "again")}
    memory = {}
    for path in ("", "stock", "runs") * 2:
        dashboard.kill()
        dashboard.start()
        began = time.perf_counter()
        urllib.request.urlopen(f"{dashboard.url}/{path}").read()
        html.append(time.perf_counter() - began)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = Page(context.new_page(), dashboard)
        for visit, run in (("visit", "run"), ("again", "run again")):
            seconds, script = _visit(page, path)
            figures[visit].append(seconds)
            figures[run].append(script)
        memory.setdefault(path, []).append(web_memory(dashboard))
        context.close()
    report.line("first HTML of a page on a new server, s", "<= 1.5", html)
    report.line("first script run of a page there, s", "<= 2", figures["run"])
    report.line(
        "the script run of the same page again, s", "<= 0.5", figures["run again"]
    )
    report.line("the whole first visit, Chromium included, s", "-", figures["visit"])
    report.line("the whole visit again, s", "-", figures["again"])
    report.line("web process, Home opened, MB", "<= 250", memory[""])
    report.line("web process, Prices opened, MB", "-", memory["stock"])


def _visit(page, path):
    """Seconds of a visit, and of the script run within it, as the browser sees them."""
    sent, received = [], []

    def watch(socket):
        socket.on("framesent", lambda _: sent.append(time.perf_counter()))
        socket.on("framereceived", lambda _: received.append(time.perf_counter()))

    page.page.once("websocket", watch)
    began = time.perf_counter()
    page.open(path)
    return time.perf_counter() - began, received[-1] - sent[0]


def first_points(report, dashboard, browser, platform):
    """From the press of Train to the first epoch on the page, worker warm and idle."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = Page(context.new_page(), dashboard)
    times = {"honest": [], "classic": []}
    for _ in range(REPEATS):
        for recipe, label in (("honest", "Honest"), ("classic", "Classic, flawed")):
            page.open("stock")
            page.open_settings("stock_recipe")
            page.choose("stock_recipe", label)
            page.fill("stock_epochs", 1000)
            page.fill("stock_learning_rate", 0.0001)
            shown = _press_and_see(page, "stock_train", r"Epoch [1-9]\d* of")
            times[recipe].append(shown)
            page.press("stock_stop")
            stopped = _latest(platform, context)
            wait_until(lambda stopped=stopped: platform.store.result(*stopped))
    context.close()
    for recipe, values in times.items():
        report.line(f"Train -> first epoch on the page, {recipe}, s", "<= 1.5", values)


def first_curves(report, dashboard, browser):
    """From the press of Train to the curve of the first epoch, of a small network."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = Page(context.new_page(), dashboard)
    page.open("lstm?lstm_step=Learning")
    page.page.wait_for_function("() => window.Plotly")  # the page is at rest
    page.page.evaluate(WATCH_CURVE)
    times = []
    for seed in range(1, 2 * REPEATS + 1):
        page.fill("lstm_seed", seed)
        page.settle()
        page.page.evaluate("window.pressed = window.drawn = undefined")
        page.press("lstm_train")
        page.page.wait_for_function("() => window.drawn")
        pressed, drawn = page.page.evaluate("[window.pressed, window.drawn]")
        times.append((drawn - pressed) / 1000)
        page.sees("Finished", 60)
    context.close()
    report.line("Train -> first epoch of Learning drawn, s", "<= 0.3", times)


def live_updates(report, dashboard, browser, platform):
    """Updates a second, and the age of an epoch when it is seen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = Page(context.new_page(), dashboard)
    page.open("stock")
    page.open_settings("stock_recipe")
    page.choose("stock_recipe", "Classic, flawed")
    for name, value in {"epochs": 1000, "units": 4, "window": 60}.items():
        page.fill(f"stock_{name}", value)
    page.page.evaluate(WATCH)
    page.press("stock_train")
    page.sees(r"Epoch [1-9]\d* of")
    began = time.monotonic()
    wait_until(lambda: time.monotonic() - began > WATCH_SECONDS, WATCH_SECONDS + 5)
    seen = page.page.evaluate("window.seen")
    owner, run = _latest(platform, context)
    ended = {p.epoch: p.at for p in platform.store.points(run, most=10**6)}
    ages = [at - ended[epoch] for epoch, at in seen if epoch in ended]
    rate = len(seen) / (seen[-1][1] - seen[0][1])
    times = []
    for _ in range(REPEATS):
        times.append(_press_and_see(page, "stock_stop", "Stopped"))
        before = platform.store.get(owner, run).progress
        page.press("stock_resume")
        wait_until(
            lambda before=before: platform.store.get(owner, run).progress > before + 2
        )
    page.press("stock_stop")
    page.sees("Stopped")
    context.close()
    report.line("live updates a second", ">= 2", [rate], min)
    report.line(
        "end of an epoch -> seen, s (worst: 95th percentile)", "<= 1", ages, _p95
    )
    report.line("Stop pressed -> Stopped on the page, s", "<= 1", times)


def _latest(platform, context):
    """The owner of a browser, and their latest run."""
    owner = next(c["value"] for c in context.cookies() if "owner" in c["name"])
    return owner, platform.store.runs_of(owner)[0].id


def _until_shown(page, pattern):
    """Wait for a text, looking at every frame that the browser draws."""
    page.page.wait_for_function(
        "pattern => RegExp(pattern).test(document.body.innerText)", arg=pattern
    )


def _press_and_see(page, key, pattern):
    began = time.perf_counter()
    page.press(key)
    _until_shown(page, pattern)
    return time.perf_counter() - began


def _p95(values):
    return statistics.quantiles(values, n=20)[-1]


def stops(report, platform):
    """From the request to the end, running and queued."""
    running, queued = [], []
    for _ in range(REPEATS):
        first, second = begin(platform), begin(platform)
        wait_until(lambda run=first: platform.store.get(OWNER, run).progress > 0.5)
        for run, times in ((second, queued), (first, running)):
            over = lambda run=run: not platform.store.get(OWNER, run).active  # noqa: E731
            times.append(timed(lambda run=run: platform.stop(OWNER, run), over, "stop"))
    report.line("Stop requested -> a running run has stopped, s", "<= 1", running)
    report.line("Stop requested -> a queued run has stopped, s", "<= 0.3", queued)


def recoveries(report, platform):
    """kill -9 of a worker, with and without another one free; of the scheduler."""
    spare, alone, lost = [], [], []
    for _ in range(3):
        _all_workers(platform)
        seconds, epochs = _kill_worker(platform, OWNER)
        spare.append(seconds)
        lost.append(epochs)
    other = [f"{OWNER} {n}" for n in range(worker_count() - 1)]
    for _ in range(3):
        _all_workers(platform)
        busy = {owner: begin(platform, owner) for owner in other}
        for owner, run in busy.items():
            wait_until(lambda o=owner, r=run: platform.store.get(o, r).progress > 1)
        seconds, epochs = _kill_worker(platform, OWNER)
        alone.append(seconds)
        lost.append(epochs)
        for owner, run in busy.items():
            platform.stop(owner, run)
    report.line("kill -9 of a worker -> next epoch, another free, s", "<= 5", spare)
    report.line("kill -9 of a worker -> next epoch, none free, s", "<= 20", alone)
    report.line("epochs lost by it", "<= 1", lost)
    run = _started(platform)
    pid = int((platform.site.home / "scheduler.pid").read_text())
    seconds = timed(
        lambda: os.kill(pid, signal.SIGKILL),
        lambda: platform.store.get(OWNER, run).starts > 1,
        "recovery",
    )
    report.line(
        "kill -9 of the scheduler -> a new cluster has the run, s", "-", [seconds]
    )
    platform.stop(OWNER, run)
    wait_until(lambda: not platform.store.get(OWNER, run).active)


def _all_workers(platform):
    wait_until(lambda: len(platform.supervisor.view.workers) == worker_count())


def _started(platform):
    run = begin(platform)
    wait_until(lambda: platform.store.get(OWNER, run).progress > 3)
    return run


def _client(platform):
    local = platform.supervisor.cluster.local
    return Client(local.address(), security=local.security())


def _kill_worker(platform, owner):
    run = _started(platform)
    address = wait_until(lambda: platform.supervisor.view.tasks.get(run, ("", ""))[1])
    with _client(platform) as client:
        pid = client.run(os.getpid, workers=[address])[address]
    starts = platform.store.get(owner, run).starts
    os.kill(pid, signal.SIGKILL)
    began = time.perf_counter()
    reached = platform.store.get(owner, run).progress
    wait_until(lambda: platform.store.get(owner, run).starts > starts)
    wait_until(lambda: platform.store.get(owner, run).progress != reached)
    resumed = platform.store.get(owner, run).progress
    wait_until(lambda: platform.store.get(owner, run).progress >= int(resumed) + 1)
    seconds = time.perf_counter() - began
    platform.stop(owner, run)
    wait_until(lambda: not platform.store.get(owner, run).active)
    wait_until(lambda: address not in platform.supervisor.view.workers)
    return seconds, max(0.0, reached - resumed)


def web_memory(dashboard):
    """Resident memory of the web process, MB."""
    return psutil.Process(dashboard.process.pid).memory_info().rss / 2**20


def memory(report, dashboard, platform):
    """Memory after all that came before, and what the web process has loaded."""
    web = psutil.Process(dashboard.process.pid)
    maps = [m.path for m in web.memory_maps()]
    report.line("web process, MB", "<= 300", [web_memory(dashboard)])
    with _client(platform) as client:
        pids = client.run(os.getpid).values()
    sizes = [psutil.Process(pid).memory_info().rss / 2**20 for pid in pids]
    report.line("a worker, MB", "<= 900", sizes)
    loaded = sum("tensorflow" in path for path in maps)
    report.line("files of TensorFlow in the web process's memory map", "0", [loaded])


def ends(report, dashboard, browser):
    """From SIGTERM to the end of the web process, a visitor connected."""
    times = []
    for _ in range(REPEATS):
        context = browser.new_context()
        Page(context.new_page(), dashboard).open("stock")
        began = time.perf_counter()
        dashboard.process.terminate()
        dashboard.process.wait()
        times.append(time.perf_counter() - began)
        context.close()
        dashboard.start()
    report.line("SIGTERM -> the web process has ended, s", "<= 5", times)


def starts(names):
    """From an empty home folder to the first result of each system, and to the second.

    Seconds from the start of the server to the page, and from the press of Train to the
    first text, the first curve, and the result, with the longest time until the curve
    in which nothing changed; and the memory of the largest worker then.
    """
    columns = ("page", "new", "still", "epoch 1", "result", "USS MB", "RSS MB")
    print(f"{'':<14}" + "".join(f"{column:>9}" for column in columns))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
        for name in names:
            home = Path(tempfile.mkdtemp())
            began = time.perf_counter()
            dashboard = Dashboard(home)
            try:
                page = Page(browser.new_context().new_page(), dashboard)
                path, train, seed = SYSTEMS[name]
                page.open(path)
                shown = time.perf_counter() - began
                page.page.evaluate(WATCH_START)
                _print_start(f"{name}, cold", shown, *_start(page, train, home))
                page.fill(seed, 1)
                _print_start(f"{name}, warm", 0.0, *_start(page, train, home))
                page.page.context.close()
            finally:
                dashboard.kill()
                end_cluster(home)
        browser.close()


def _start(page, train, home):
    """Press Train, and wait for the result."""
    page.press(train)
    page.page.wait_for_function("() => window.drawn", timeout=120_000)
    pressed, changes, drawn = page.page.evaluate("[pressed, changes, drawn]")
    page.sees("Finished", 600)
    now = page.page.evaluate("performance.now()")
    moments = [pressed, *(change for change in changes if change < drawn), drawn]
    still = max(later - sooner for sooner, later in itertools.pairwise(moments))
    times = [moments[1] - pressed, still, drawn - pressed, now - pressed]
    nannies = psutil.Process(int((home / "worker.pid").read_text()))
    used = [child.memory_full_info() for child in nannies.children()]
    sizes = [max(getattr(each, kind) for each in used) for kind in ("uss", "rss")]
    return [*(each / 1000 for each in times), *(each / 2**20 for each in sizes)]


def _print_start(name, *figures):
    print(f"{name:<14}" + "".join(f"{each:>9.2f}" for each in figures), flush=True)


def main():
    """Measure everything once and print the table."""
    if sys.argv[1:2] == ["start"]:
        starts(sys.argv[2:] or SYSTEMS)
        return
    home = Path(tempfile.mkdtemp())
    os.environ["UNROLLED_HOME"] = str(home)
    platform = Platform()
    platform.supervisor.warm()
    dashboard = Dashboard(home)
    try:
        report = Report()
        wait_until(
            lambda: platform.supervisor.view and platform.supervisor.view.workers
        )
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            pages(report, dashboard, browser)
            first_points(report, dashboard, browser, platform)
            first_curves(report, dashboard, browser)
            live_updates(report, dashboard, browser, platform)
            memory(report, dashboard, platform)
            ends(report, dashboard, browser)
            browser.close()
        stops(report, platform)
        recoveries(report, platform)
    finally:
        dashboard.kill()
        platform.close()
        end_cluster(home)


if __name__ == "__main__":
    main()
