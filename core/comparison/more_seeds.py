"""Further trainings of the same settings with other seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.comparison.seeds import Setting
from core.registry import get_task
from core.runs import Platform
from core.runs.run import Run
from core.runs.store.repeats import data_of, repeats
from core.task import UserError, bounds_of


@dataclass(frozen=True)
class Queued:
    """Numbers of queued and rejected runs, and the reason."""

    queued: int
    left: int
    reason: str = ""


def run_more_seeds(
    platform: Platform,
    owner: str,
    settings: Sequence[Setting],
    enough: int,
    address: str | None = None,
) -> Queued:
    """Queue runs until each setting has enough seeds, one of each setting first.

    Runs over the limits of one person or of the queue are rejected.
    """
    seeds = [_next_seeds(each, each.missing(enough)) for each in settings]
    wanted = [
        (setting, next_seeds[turn])
        for turn in range(enough)
        for setting, next_seeds in zip(settings, seeds, strict=True)
        if turn < len(next_seeds)
    ]
    for queued, (setting, seed) in enumerate(wanted):
        try:
            _start(platform, owner, setting.runs[0], seed, address)
        except UserError as error:
            return Queued(queued, len(wanted) - queued, str(error))
    return Queued(len(wanted), 0)


def run_another_seed(
    platform: Platform, owner: str, run: Run, address: str | None = None
) -> str:
    """Train a run's settings with the next seed that its owner has not used.

    Returns the id of the run; raises a UserError if it is rejected.
    """
    same = run, *repeats(platform.store, owner, [run])
    seed = _next_seeds(Setting(places=(0,), data="", runs=same), 1)[0]
    return _start(platform, owner, run, seed, address)


def _next_seeds(setting: Setting, count: int) -> list[int]:
    fields = get_task(setting.runs[0].task).Config.__dataclass_fields__
    return setting.next_seeds(count, int(bounds_of(fields["seed"]).high))


def _start(
    platform: Platform, owner: str, run: Run, seed: int, address: str | None
) -> str:
    """Queue a repeat of a run with another seed; return its id."""
    task = get_task(run.task)
    content = data_of(platform.store, owner, run.id)
    if content is None:
        raise UserError(f"The run {run.name} was deleted. Choose another one.")
    config = task.Config.from_dict(run.settings | {"seed": seed})
    return platform.start(
        owner,
        run.task,
        config,
        task.decode_data(content),
        address=address,
        join=True,
    )
