"""Trainings of any task: store, cluster, worker, and the interface of the pages.

`Platform` starts and stops trainings and searches. `store/` has the runs, `supervisor`
the thread that submits queued runs to `cluster`, `worker` the execution of a run,
`search/` the searches and `classes/` the classes.
"""

import logging
import time

from core.logs import log_context
from core.registry import get_task, is_bundled
from core.runs.classes import Classes
from core.runs.classes.board import Boards
from core.runs.classes.polls import Polls
from core.runs.path import Paths
from core.runs.run import LimitError, Run, StoreError
from core.runs.search.space import Plan
from core.runs.settings import Site
from core.runs.store import Checkpoints, Store
from core.runs.store.shares import Shares
from core.runs.store.studies import Studies
from core.runs.supervisor import Supervisor
from core.task import Point, Settings

log = logging.getLogger(__name__)

STOP_SECONDS, POLL_SECONDS = 1.0, 0.02

__all__ = ["LimitError", "Platform", "Point", "Run", "Site", "StoreError"]


class Platform:
    """Runs of one installation: start, stop, resume, and (in `store`) read them.

    `shares` has the links to runs, `classes` the classes, `boards` their boards,
    `polls` their questions, and `paths` the progress on the guided path.

    Parameters
    ----------
    site
        The settings of the installation; read from the environment by default.
    """

    def __init__(self, site: Site | None = None) -> None:
        self.site = site or Site.from_env()
        self.store = Store(
            self.site.database_url,
            waiting=self.site.queued_per_owner,
            waiting_in_all=self.site.queued_in_all,
            seconds=self.site.run_seconds,
        )
        self.studies = Studies(self.store)
        self.shares = Shares(self.store)
        self.classes = Classes(self.store)
        self.boards = Boards(self.store)
        self.polls = Polls(self.store)
        self.paths = Paths(self.store)
        self.supervisor = Supervisor(self.site, self.store)

    def start(
        self,
        owner: str,
        task: str,
        config: Settings,
        data: object,
        *,
        address: str | None = None,
        join: bool = False,
    ) -> str:
        """Queue a training and return the run's id.

        With `join`, an equal training of an earlier request is reused. `address` is the
        network address of the request, if known. Raises a LimitError if owner or
        address have too many runs, or if the queue is full.
        """
        module = get_task(task)
        module.check(config, data)
        title, content = module.title(data), module.encode_data(data)
        run_id = self.store.create(
            owner,
            task,
            config,
            title=title,
            data=content,
            address=address,
            join=join,
            own_data=not is_bundled(task, title, content),
        )
        with log_context(run=run_id, task=task):
            log.info("run %s requested", run_id)
        self.supervisor.wake()
        return run_id

    def stop(self, owner: str, run_id: str) -> None:
        """Stop a queued or running training. Its checkpoint is kept.

        Returns when it has ended, at the latest after STOP_SECONDS.
        """
        with log_context(run=run_id):
            log.info("run %s: stop requested", run_id)
        self.store.request_stop(owner, run_id)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            run = self.store.get(owner, run_id)
            if run is None or not run.active:
                return
            time.sleep(POLL_SECONDS)

    def resume(self, owner: str, run_id: str, address: str | None = None) -> None:
        """Resume a stopped or failed run from its checkpoint.

        The limits of new runs apply.
        """
        with log_context(run=run_id):
            log.info("run %s: resume requested", run_id)

        def copy(source: str, target: str) -> None:
            # Read here: a restore replaces the installation.
            installation = self.store.installation()
            Checkpoints(self.site.checkpoints, installation).copy(source, target)

        self.store.request_resume(owner, run_id, address, copy)
        self.supervisor.wake()

    def start_search(
        self,
        owner: str,
        task: str,
        config: Settings,
        data: object,
        plan: Plan,
        *,
        address: str | None = None,
    ) -> str:
        """Start a search for better settings and return the study's id.

        Raises a LimitError if the owner has another unfinished search.
        """
        module = get_task(task)
        plan.check(module, config, data)
        study_id = self.studies.create(
            owner,
            task,
            config,
            title=module.title(data),
            data=module.encode_data(data),
            plan=plan.to_json(),
            minutes=plan.extent.minutes,
            address=address,
        )
        log.info("study %s of %s requested", study_id, task)
        self.supervisor.wake()
        return study_id

    def stop_search(self, owner: str, study_id: str) -> None:
        """Stop a search with its runs. Their checkpoints are kept."""
        log.info("study %s: stop requested", study_id)
        self.studies.stop(owner, study_id)

    def resume_search(
        self, owner: str, study_id: str, address: str | None = None
    ) -> None:
        """Resume a stopped search; its outcome is that of an undisturbed one."""
        log.info("study %s: resume requested", study_id)
        self.studies.resume(owner, study_id, address)
        self.supervisor.wake()

    def close(self, timeout: float | None = None) -> None:
        """Disconnect from store and cluster, within so many seconds. Runs continue."""
        self.supervisor.close(timeout)
        self.store.close()
