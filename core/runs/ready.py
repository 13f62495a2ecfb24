"""Whether this installation can take a training: what a load balancer asks."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from core.runs.checkpoint import Checkpoints
from core.runs.cluster import Cluster, View
from core.runs.run import SchemaError, StoreError
from core.runs.settings import Site
from core.runs.store import Store

ANSWER_SECONDS = 4.0  # for each question
OK = "ok"
ON_DEMAND = "starts when needed"


@dataclass(kw_only=True)
class Readiness:
    """The answer.

    Attributes
    ----------
    store, schema, checkpoints, scheduler
        "ok", or what is the matter.
    workers
        How many there are, None where no scheduler could say.
    queue, training
        Runs that wait and that train, None where the store could not say.
    seconds
        What it took to find out.
    """

    store: str = OK
    schema: str = OK
    checkpoints: str = OK
    scheduler: str = OK
    workers: int | None = None
    queue: int | None = None
    training: int | None = None
    seconds: float = field(default_factory=time.monotonic)  # the beginning, at first

    @property
    def ready(self) -> bool:
        """Whether a training that is asked for now is stored and will be run."""
        kept = self.store == self.schema == self.checkpoints == OK
        fine = kept and self.scheduler in (OK, ON_DEMAND)
        return fine and (self.scheduler == ON_DEMAND or self.workers != 0)

    def summary(self) -> dict[str, object]:
        """Return the answer as it is printed."""
        return {"ready": self.ready, **asdict(self)}


def look(site: Site) -> Readiness:
    """Ask store, checkpoints and scheduler, and wait for none of them for long."""
    found = Readiness()
    found.store = _ask(lambda: _look_at_store(site, found), "the store")
    found.checkpoints = _ask(lambda: _look_at_checkpoints(site), "their place")
    found.scheduler = _ask(lambda: _look_at_cluster(site, found), "the scheduler")
    if found.store != OK:
        found.schema = "unknown"
    found.seconds = round(time.monotonic() - found.seconds, 2)
    return found


def _look_at_store(site: Site, found: Readiness) -> str:
    store = Store(site.database_url)
    try:
        counts = store.counts()
        found.queue = counts.get("queued", 0)
        found.training = counts.get("running", 0)
    except SchemaError as error:
        found.schema = str(error)
    except StoreError as error:
        return str(error)
    finally:
        store.close()
    return OK


def _look_at_checkpoints(site: Site) -> str:
    Checkpoints(site.checkpoints).sizes()
    return OK


def _look_at_cluster(site: Site, found: Readiness) -> str:
    cluster = Cluster(site)
    if cluster.local and not cluster.local.address():
        return ON_DEMAND
    try:
        if not cluster.connect(start=False):
            return f"does not answer at {site.scheduler or 'its address'}"
        view: View = cluster.view()
        found.workers = len(view.workers)
        if not view.workers and cluster.local:  # they come a moment after it
            return ON_DEMAND
    finally:
        cluster.close()
    return OK


def _ask(question: Callable[[], str], whom: str) -> str:
    """Return the answer, or that there is none: a paused server never says no."""
    answers: list[str] = []

    def ask() -> None:
        try:
            answers.append(question())
        except Exception as error:  # whatever it is, it is what is the matter
            answers.append(f"not reachable ({type(error).__name__})")

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    return answers[0] if answers else f"{whom} did not answer in {ANSWER_SECONDS:g} s"
