from pages.ui.frame import frame
from pages.ui.shared.link import linked_runs, watch
from pages.ui.shared.run import shared_run

frame()
runs = linked_runs()
if len(runs) == 1:
    shared_run(runs[0])
watch(runs)
