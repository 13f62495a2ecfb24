"""Which trials of searches train, and which make room for the runs of others."""

from core.runs.cluster import View
from core.runs.run import Training
from core.runs.supervisor import place_trials


def run(name, status="queued", *, study="s", pause=None):
    return Training(
        id=name,
        task="adding",
        title="t",
        config="{}",
        status=status,
        execution=None,
        starts=0,
        attempt=0,
        stop=False,
        heartbeat=0,
        queued=float(name[1:]),
        started=None,
        finished=None,
        seconds=0.0,
        until=600.0,
        progress=0.0,
        total=0,
        error=None,
        study=study,
        pause=pause,
    )


def view(*training, queued=()):
    """A cluster of two workers."""
    tasks = {name: ("processing", f"tls://{name}") for name in training}
    tasks |= dict.fromkeys(queued, ("queued", ""))
    return View(tasks=tasks, workers={"tls://1": 0, "tls://2": 0})


def placed(first, trials, seen):
    pausing, begun = place_trials(first, trials, seen)
    return [run.id for run in pausing], [run.id for run in begun]


def test_trials_take_the_workers_that_are_free_and_no_more():
    trials = [("ann", run(f"t{n}")) for n in range(4)]
    assert placed([], trials, view()) == ([], ["t0", "t1"])
    assert placed([], trials, view("r8")) == ([], ["t0"])
    assert placed([], trials, view("r8", queued=["t0"])) == ([], [])


def test_a_run_that_is_about_to_be_handed_over_has_its_worker_kept_free():
    trials = [("ann", run("t1")), ("ann", run("t2"))]
    assert placed([run("r3", study=None)], trials, view()) == ([], ["t1"])


def test_a_trial_pauses_for_a_run_that_waits_the_one_asked_for_last_first():
    trials = [("ann", run("t1", "running")), ("ann", run("t2", "running"))]
    waiting, both = [run("r3", study=None)], view("t1", "t2")
    assert placed(waiting, trials, both) == (["t2"], [])
    assert placed([*waiting, run("r4", study=None)], trials, both) == (["t2", "t1"], [])
    trials[1] = ("ann", run("t2", "running", pause=True))
    assert placed(waiting, trials, both) == ([], [])


def test_no_trial_pauses_while_a_worker_is_free_or_the_queue_is_empty():
    trials = [("ann", run("t1", "running")), ("ann", run("t2"))]
    assert placed([run("r3", study=None)], trials, view("t1")) == ([], [])
    trials[1] = ("ann", run("t2", "running"))
    assert placed([], trials, view("t1", "t2")) == ([], [])


def test_the_searches_of_two_people_take_turns():
    trials = [("ann", run("t1", "running")), ("ann", run("t2")), ("bob", run("t3"))]
    assert placed([], trials, view("t1")) == ([], ["t3"])
    trials[0] = ("ann", run("t1"))
    assert placed([], trials, view()) == ([], ["t1", "t3"])
