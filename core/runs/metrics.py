"""Measurements of an installation and of this process, for Prometheus."""

import shutil
import time
from contextlib import suppress
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector
from prometheus_client import generate_latest as as_text

from core.runs import Platform
from core.runs.admin import Admin, Overview
from core.runs.run import StoreError
from core.runs.settings import Site


def measure(platform: Platform, pages: int) -> bytes:
    """Return the measurements as text; of a lost store only that it is lost.

    `pages` is the number of open pages of this process. The collector of the library
    adds its memory, CPU time and descriptors (on Linux).
    """
    found = CollectorRegistry()
    ProcessCollector(registry=found)
    _gauge(found, "sessions", "Open pages of this web process").set(pages)
    _measure_disks(found, platform.site)
    up = _gauge(found, "store_up", "Whether the store answers")
    try:
        started = time.monotonic()
        platform.store.counts()
        latency = time.monotonic() - started
        _measure_store(found, Admin(platform).overview(), latency)
        up.set(1)
    except StoreError:
        up.set(0)
    return as_text(found)


def _measure_store(found: CollectorRegistry, seen: Overview, latency: float) -> None:
    _gauge(found, "store_seconds", "Duration of a query, just now").set(latency)
    _gauge(found, "store_bytes", "Size of the store").set(seen.store_size)
    _gauge(found, "checkpoints_bytes", "Size of the checkpoints").set(
        seen.checkpoints_size
    )
    trainings = _gauge(found, "trainings", "Trainings of all users", "status")
    for status, count in {"queued": 0, "running": 0, **seen.counts}.items():
        trainings.labels(status).set(count)
    oldest = min((run.queued for run in seen.queue), default=time.time())
    waiting = _gauge(found, "queue_seconds", "Wait of the oldest queued training")
    waiting.set(max(0.0, time.time() - oldest))
    workers = seen.workers or ()
    _gauge(found, "workers", "Connected workers").set(len(workers))
    busy = sum(worker.run is not None for worker in workers)
    _gauge(found, "workers_busy", "Workers that train").set(busy)


def _measure_disks(found: CollectorRegistry, site: Site) -> None:
    """Measure the disks of the home folder, and of checkpoints in another folder."""
    places = {"home": str(site.home)}
    elsewhere = urlsplit(site.checkpoint_url or "")
    if elsewhere.scheme in ("file", "local"):
        places["checkpoints"] = elsewhere.path
    free = _gauge(found, "disk_free_bytes", "Free space on the disk of", "folder")
    for name, folder in places.items():
        with suppress(OSError):  # the first checkpoint makes its folder
            free.labels(name).set(shutil.disk_usage(folder).free)


def _gauge(found: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"unrolled_{name}", f"{text}.", labels, registry=found)
