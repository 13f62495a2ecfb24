from pages.ui.address import draw_marker
from pages.ui.compare.view import comparison_view
from pages.ui.frame import frame
from pages.ui.session import reader
from pages.ui.shared.link import heading, linked_runs, watch
from pages.ui.task.view import shared_run

frame(class_line=False)
runs = linked_runs()
if len(runs) == 1:
    shared_run(runs[0])
elif runs:
    heading("Runs side by side", "Trainings and their results")
    comparison_view(runs, reader(), may_change=False)
watch(runs)
draw_marker()
