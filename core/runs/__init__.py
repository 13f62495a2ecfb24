"""How any task is run: the store, the cluster, the worker, and what the pages call."""

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

    `shares` are the links to them, `classes` the classes that use them, `boards` what
    these show, and `polls` the questions that these are asked. `paths` is where people
    are on the guided path.

    Parameters
    ----------
    site
        Where the store and the cluster are; read from the environment by default.
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

        With `join`, a training that was requested before is not computed again: the
        owner's run of it is returned, or a new one of it.
        `address` is the network address of the request, where it is known.
        A LimitError says that one of them has too many runs, or that the queue is full.
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
        """Stop a run, whether it waits or trains. Its checkpoint is kept.

        Returns when it has ended, or after a second: then it ends soon.
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
        """Go on with a stopped or failed run from its checkpoint.

        It may be refused as a new one may.
        """
        with log_context(run=run_id):
            log.info("run %s: resume requested", run_id)

        def copy(source: str, target: str) -> None:
            # Only now: a restore may have put others in the place of all.
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
        """Begin a search for better settings and return the study's id.

        A LimitError says that the owner has another search that goes on.
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
        """Stop a search with its runs. All that they have learned is kept."""
        log.info("study %s: stop requested", study_id)
        self.studies.stop(owner, study_id)

    def resume_search(
        self, owner: str, study_id: str, address: str | None = None
    ) -> None:
        """Go on with a stopped search; it ends as if it had not been stopped."""
        log.info("study %s: resume requested", study_id)
        self.studies.resume(owner, study_id, address)
        self.supervisor.wake()

    def close(self, timeout: float | None = None) -> None:
        """Disconnect from store and cluster, within so many seconds. Runs go on."""
        self.supervisor.close(timeout)
        self.store.close()
