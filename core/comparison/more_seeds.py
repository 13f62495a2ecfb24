"""Further trainings with other seeds, where one seed tells nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from core.comparison.seeds import Setting
from core.registry import get_task
from core.runs import Platform
from core.runs.run import settings_but_seed
from core.runs.store.repeats import data_of
from core.task import UserError, bounds_of


@dataclass(frozen=True)
class Queued:
    """How many runs were queued, how many were not, and why."""

    queued: int
    left: int
    reason: str = ""


def run_more_seeds(
    platform: Platform,
    owner: str,
    settings: Sequence[Setting],
    count: int,
    address: str | None = None,
) -> Queued:
    """Queue runs of each setting with so many further seeds, one of each first.

    What exceeds the limits of one person or of the queue is left.
    """
    wanted = [
        (setting, seed)
        for seeds in zip(*(_next_seeds(each, count) for each in settings), strict=True)
        for setting, seed in zip(settings, seeds, strict=True)
    ]
    for queued, (setting, seed) in enumerate(wanted):
        run = setting.runs[0]
        task = get_task(run.task)
        content = data_of(platform.store, owner, run.id)
        if content is None:
            return Queued(queued, len(wanted) - queued, "A run was deleted meanwhile.")
        try:
            values = json.loads(settings_but_seed(run.task, run.config))
            config = task.Config.from_dict(values | {"seed": seed})
            data = task.decode_data(content)
            platform.start(owner, run.task, config, data, address=address)
        except UserError as error:
            return Queued(queued, len(wanted) - queued, str(error))
    return Queued(len(wanted), 0)


def _next_seeds(setting: Setting, count: int) -> list[int]:
    fields = get_task(setting.runs[0].task).Config.__dataclass_fields__
    return setting.next_seeds(count, int(bounds_of(fields["seed"]).high))
