"""A search with its worker's part played by the test."""

from core.lesson import adding
from core.registry import get_task
from core.runs.search.engine import Engine
from core.runs.search.space import Extent, Plan, parse_space
from core.runs.store import RunWriter
from core.runs.store.studies import Studies
from core.runs.worker import Execution

BASE = {"units": 4, "length": 6, "epochs": 4, "steps": 6, "batch": 8}


def begin(store, *space, owner="ann", task="adding", config=None, data=None, **extent):
    module = get_task(task)
    config = config or adding.Config(**BASE)
    extent = Extent(**{"trials": 8, "seeds": 2, **extent})
    space = space or ("units=2:12", "learning_rate=1e-3:0.1:log")
    plan = Plan(space=parse_space(space, module.Config), extent=extent)
    plan.check(module, config, data)
    return Studies(store).create(
        owner,
        task,
        config,
        title="t",
        data=module.encode_data(data),
        plan=plan.to_json(),
        minutes=plan.extent.minutes,
    )


class Work:
    def __init__(self, store, site, checkpoints):
        self.store, self.site, self.checkpoints = store, site, checkpoints

    def __call__(self, study_id, choose=lambda queued: queued[0], steps=10_000):
        found = Studies(self.store)
        while steps and found.get("ann", study_id).active:
            Engine(found).advance()  # another one each time: it need not remember
            if queued := [r for r in found.runs(study_id) if r.status == "queued"]:
                writer = RunWriter.claim(self.store, choose(queued).id)
                Execution(self.site, writer, self.checkpoints).train()
                steps -= 1
        return found.get("ann", study_id)
