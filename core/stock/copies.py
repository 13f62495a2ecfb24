"""Copies of fetched prices on disk, each with the time it was fetched at."""

import datetime
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.arrays import pack, unpack
from core.stock.series import PriceSeries

MOST = 300  # copies; the oldest make room for new ones


@dataclass(frozen=True, kw_only=True, eq=False)
class Copy:
    """A series and when it was fetched, with its time zone."""

    series: PriceSeries
    fetched: datetime.datetime

    def is_fresh(self, now: datetime.datetime, lifetime: datetime.timedelta) -> bool:
        """Whether it is younger than a lifetime."""
        return now - self.fetched < lifetime


def read_copy(path: Path) -> Copy | None:
    """Return the copy in a file, or None if there is none that can be read."""
    try:
        arrays = unpack(path.read_bytes())
        return Copy(
            series=PriceSeries.decode(arrays["series"].tobytes()),
            fetched=datetime.datetime.fromisoformat(str(arrays["fetched"])),
        )
    except (OSError, ValueError, KeyError):
        return None


def keep_copy(path: Path, copy: Copy) -> None:
    """Write a copy in one step, so that nobody reads half of it."""
    arrays = {
        "series": np.frombuffer(copy.series.encode(), np.uint8),
        "fetched": np.array(copy.fetched.isoformat()),
    }
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_bytes(pack(arrays))
    os.replace(draft, path)
    written = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for old in written[:-MOST]:
        old.unlink(missing_ok=True)
