from pages.ui.frame import frame
from pages.ui.session import current_run
from pages.ui.shape import page_of_task
from pages.ui.stock.setup import not_in_link, restore_settings
from pages.ui.stock.task import task_page

QUESTION = (
    "Can a network guess tomorrow's price, or how far it may be off? Can you? Try "
    "oil, or your own file."
)

frame()
with page_of_task("stock", QUESTION, not_in_link) as place:
    run = current_run("stock")
    restore_settings(run)
    task_page(run, place)
