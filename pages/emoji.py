from pages.ui.emoji.setup import recall, unlinked
from pages.ui.emoji.task import task_page
from pages.ui.emoji.teach import save_edits
from pages.ui.frame import frame
from pages.ui.session import current_run
from pages.ui.shape import page_of_task
from pages.ui.training import result_of

WHAT = "A network reads your sentence and answers with an emoji. You can teach it."

frame()
with page_of_task("emoji", WHAT, unlinked) as place:
    save_edits()
    run = current_run("emoji")
    recall(run, result_of(run))
    answer_the_rest = task_page(run, place)
if answer_the_rest:
    answer_the_rest()
