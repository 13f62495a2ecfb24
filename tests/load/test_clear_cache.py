"""The message that clears Streamlit's caches changes nothing for anybody else."""

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.browser.conftest import Dashboard, Page
from tests.conftest import wait_until

TIMES = 40
POOL = 20  # what the store's pool of connections may open; one a time would be 30
BETWEEN = 10  # what a page or the queue opens for a moment is not there each time
SECONDS = 400  # workers that start on a busy machine come last
RUN = "lstm_step=Learning&lstm_task=text&lstm_epochs=500&lstm_units=64"


@pytest.fixture
def dashboard(home):
    dashboard = Dashboard(home)
    yield dashboard
    dashboard.kill()


def held(process):
    """Threads, open files and connections of the server."""
    connections = process.net_connections("tcp")
    return process.num_threads(), process.num_fds(), len(connections)


def draw(stream):
    """Have the page of a websocket drawn."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    stream.send(asked.SerializeToString())
    message = ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        message = ForwardMsg.FromString(stream.recv(timeout=60))


def clear(stream, process, times):
    """Clear the caches and draw the page, so many times; the least that is held."""
    seen = []
    for _ in range(times):
        stream.send(BackMsg(clear_cache=True).SerializeToString())
        draw(stream)
        seen.append(held(process))
    return [min(column) for column in zip(*seen, strict=True)]


def test_clearing_the_caches_leaves_everything_and_everybody_as_they_are(
    dashboard, browser
):
    process = psutil.Process(dashboard.process.pid)
    context = browser.new_context()
    ann = Page(context.new_page(), dashboard)
    ann.open(f"lstm?{RUN}")
    ann.press("lstm_train")
    ann.sees(r"Epoch [1-9]\d* of", seconds=SECONDS)
    address = f"{dashboard.url.replace('http', 'ws')}/_stcore/stream"
    with connect(
        address, origin=dashboard.url, subprotocols=["streamlit"], max_size=None
    ) as eve:
        draw(eve)
        before = clear(eve, process, BETWEEN)
        for _ in range(TIMES // BETWEEN - 2):
            clear(eve, process, BETWEEN)
        epoch = ann.epoch()
        after = clear(eve, process, BETWEEN)
    wait_until(lambda: ann.epoch() > epoch, what="an epoch after all")
    ann.press("lstm_stop")
    ann.sees("Stopped")
    context.close()
    assert all(now <= then + POOL for then, now in zip(before, after, strict=True)), (
        before,
        after,
    )
