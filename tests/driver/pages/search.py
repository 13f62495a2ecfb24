"""Searches that an owner begins."""

from core.registry import get_task
from core.runs.search.space import Extent, Plan, parse_space
from pages.ui.session import platform


def begin(owner, **extent):
    module = get_task("adding")
    config, data = module.tiny()
    space = parse_space(["units=2:8", "learning_rate=1e-3:1:log"], module.Config)
    plan = Plan(space=space, extent=Extent(**extent))
    return platform().start_search(owner, "adding", config, data, plan)
