"""What a comparison of eight runs costs the web process: CPU time a redraw.

    python -m benchmarks.comparison

The whole page is drawn by Streamlit's AppTest, which also reads what it has drawn:
first eight runs of 200 epochs that have ended, then eight that train, each with another
epoch at every redraw, so that no curve comes from a cache. (A live update draws the
curves and the table below them only.) The limit is 60 ms.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.lesson.adding import Config, encode_data
from core.runs.store import RunWriter, Store
from core.task import Point
from pages.ui.live.state import SECONDS as SHARED_SECONDS
from pages.ui.session import platform

APP = Path(__file__).parents[1] / "app.py"
OWNER = "b" * 43
RUNS, EPOCHS, REDRAWS = 8, 200, 40
NOBODY = "tcp://127.0.0.1:9"  # no scheduler: nothing trains beside the measurement


def begin(store, number):
    """Store a run that has trained for so many epochs; return what goes on with it."""
    config = Config(units=2 + number, epochs=2 * EPOCHS)
    data = encode_data(None)
    run_id = store.create(OWNER, "adding", config, title="Adding problem", data=data)
    writer = RunWriter.claim(store, run_id)
    for epoch in range(1, EPOCHS + 1):
        record(writer, number, epoch)
    return writer


def record(writer, number, epoch):
    """Write an epoch with as many figures as one of the adding problem has."""
    metrics = {
        f"{cell}_{name}": 1 / (epoch + number + 1)
        for cell in ("rnn", "lstm")
        for name in ("mse", "loss", "gradient_norm")
    }
    point = Point(epoch=epoch, metrics=metrics)
    writer.record([point], progress=epoch, total=2 * EPOCHS, seconds=epoch / 10)


def cost(page, training=()):
    """Draw a page again and again; return the median CPU time in ms."""
    found = []
    for redraw in range(REDRAWS):
        for number, writer in enumerate(training):
            record(writer, number, EPOCHS + 1 + redraw)
        time.sleep(SHARED_SECONDS)  # sessions share what was read within this time
        began = time.process_time()
        page.run()
        found.append(1000 * (time.process_time() - began))
        assert not page.exception
    return statistics.median(found)


def compared(writers):
    """The page that compares runs, with the costlier settings."""
    page = AppTest.from_file(APP, default_timeout=60)
    page.session_state["owner"] = OWNER
    page.run()
    page.switch_page("pages/compare.py")
    page.query_params["runs"] = ",".join(writer.run.id for writer in writers)
    page.query_params["compare_smoothing"] = "0.5"
    page.query_params["compare_all"] = "true"
    return page.run()


def main():
    """Measure runs that have ended, and runs that train."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"UNROLLED_HOME": home, "DASK_SCHEDULER_ADDRESS": NOBODY}
        os.environ.pop("DATABASE_URL", None)
        store = Store(platform().site.database_url, waiting=2 * RUNS)
        summary = {"lstm_mse": 0.1, "rnn_mse": 0.2}
        ended = [begin(store, number) for number in range(RUNS)]
        for writer in ended:
            writer.finish("done", summary=summary)
        training = [begin(store, number) for number in range(RUNS)]

        for what, page, going_on in (
            ("eight runs that have ended", compared(ended), ()),
            ("eight runs that train", compared(training), training),
        ):
            print(f"{what}: {cost(page, going_on):.1f} ms CPU a redraw", flush=True)
        store.close()
        platform().close(timeout=5)


if __name__ == "__main__":
    main()
