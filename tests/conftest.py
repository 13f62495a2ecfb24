import os

# Read by NumPy when it is first imported. The matrices are too small for more
# threads, which on a busy machine only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import faulthandler
import gc
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg  # noqa: F401 - before TensorFlow: see core/runs/preload.py
import pytest
from hypothesis import Phase, settings

pytest.register_assert_rewrite("tests.driver")  # its failures tell the values, too

# The same examples in each run. `pytest --hypothesis-profile=default` tries others.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=40
)
# `make mutants` asks whether a test fails, not for the shortest example.
settings.register_profile(
    "mutants",
    settings.get_profile("repeatable"),
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("repeatable")


def wait_until(true, seconds=120.0, what="the condition"):
    """Wait for a condition; return its value once it holds.

    After a wait in vain, it prints what each thread of this process does. A look into
    a browser costs 20 ms of CPU: what takes longer is looked at less often, and ten
    times a second at least.
    """
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        if value := true():
            return value
        time.sleep(min(0.02 + waited / 20, 0.1))
    faulthandler.dump_traceback(sys.stderr)
    return pytest.fail(f"waited {seconds} s in vain for {what}")


def at_once(*actions, refusal=()):
    """Do all of it at the same moment; return the values, or errors of a given type."""
    together = threading.Barrier(len(actions))

    def do(action):
        together.wait()
        try:
            return action()
        except refusal as error:
            return error

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(do, actions))


def processes_of(home: Path):
    """The processes that were started with a home folder: a cluster, a dashboard."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("UNROLLED_HOME") == str(home) and (
                process.pid != os.getpid()
            ):
                found.append(process)
    return found


def end_cluster(home: Path):
    """Kill what is left of a local cluster."""
    for process in processes_of(home):
        with suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(processes_of(home), timeout=10)


HOME = pytest.StashKey[str]()
LOADED = pytest.StashKey[list[str]]()  # at collection, of the following
SLOW = ("tensorflow", "keras")  # seconds to import
MODELS = {  # by the function that loads them
    "core.emoji.pretrained": "load",
    "core.emoji.vectors.glove": "glove",
    "core.music.shipped": "load",
}
TESTS = Path(__file__).parent
CORE = TESTS / "core"
TOURS = TESTS / "tours"
FROZEN = pytest.StashKey[bool]()
LONGEST = [
    CORE / "test_contract.py",
    TOURS / "test_path_tour.py",
    TOURS / "test_fold_tour.py",
]


def pytest_configure(config):
    """Make the home folder that all test processes of a run share.

    The store, the cluster and the dashboard in it are started by whichever test needs
    them first. Test processes must not inherit the variable: what has it is ended.
    """
    given = getattr(config, "workerinput", None)
    config.stash[HOME] = given["home"] if given else tempfile.mkdtemp("unrolled")
    if given or not config.getoption("numprocesses", None):
        os.environ["UNROLLED_HOME"] = config.stash[HOME]
        os.environ["UNROLLED_PRIORITY"] = "usual"  # else it starves beside the tests
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("DASK_SCHEDULER_ADDRESS", None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a test process that xdist starts where the shared folder is."""
    node.workerinput["home"] = node.config.stash[HOME]


def pytest_collection_modifyitems(items):
    """Alternate modules that compute with modules that wait for a browser or cluster.

    Then some of the processes wait while the others compute. Those that take longest
    come first.
    """
    modules = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    paths = sorted(modules, key=lambda path: path not in LONGEST)
    core = [path for path in paths if CORE in path.parents]
    others = [path for path in paths if CORE not in path.parents]
    order = chain.from_iterable(zip_longest(core, others))
    items[:] = [item for path in order if path for item in modules[path]]


def pytest_collection_finish(session):
    """Leave all that is imported by now out of garbage collections.

    Streamlit runs a full collection after
    each script run, and has Keras, which the process of the pages never imports, run
    another one: here Python collects when it is due. Each AppTest also looks through
    all installed packages for components: once is enough. Streamlit has no setting for
    these; tests/pages/test_streamlit_internals.py fails when their names change.
    """
    if "streamlit.testing.v1" in sys.modules:
        from streamlit.components.v2 import manifest_scanner as scanner
        from streamlit.runtime.scriptrunner import script_runner

        scanner.scan_component_manifests = cache(scanner.scan_component_manifests)
        script_runner._clean_problem_modules = lambda: None
        script_runner.gc = SimpleNamespace(collect=lambda _: 0)
    session.config.stash[LOADED] = [
        *(name for name in SLOW if name in sys.modules),
        *(
            name
            for name, load in MODELS.items()
            if name in sys.modules
            and getattr(sys.modules[name], load).cache_info().currsize
        ),
    ]
    _freeze()


def _freeze():
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown(item):
    """Leave TensorFlow out as well, after the first test that imports it.

    It makes a million objects.
    """
    if "tensorflow" in sys.modules and not item.config.stash.get(FROZEN, False):
        item.config.stash[FROZEN] = True
        _freeze()


def pytest_unconfigure(config):
    """End what runs in the shared folder, when all test processes have ended."""
    if not hasattr(config, "workerinput"):
        end_cluster(Path(config.stash[HOME]))
        shutil.rmtree(config.stash[HOME], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def home():
    """The shared home folder, with one store and one cluster."""
    yield Path(os.environ["UNROLLED_HOME"])
    if session := sys.modules.get("pages.ui.session"):
        session.platform().close(timeout=2)  # its supervisor would start a cluster


@pytest.fixture(scope="session")
def play():
    """Playwright, which can be started only once in each process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def browser(play):
    """A real browser: one in each process."""
    from tests.browser.conftest import QUIET, chromium

    browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
    yield browser
    browser.close()
