from pages.ui.frame import frame
from pages.ui.music.corpus_files import read_uploads
from pages.ui.music.setup import not_in_link, restore_settings
from pages.ui.music.task import task_page
from pages.ui.session import current_run
from pages.ui.shape import page_of_task
from pages.ui.training import result_of

WHAT = "A network improvises a melody over your chords. Press play."

frame()
with page_of_task("music", WHAT, not_in_link) as place:
    read_uploads()
    run = current_run("music")
    restore_settings(run, result_of(run))
    task_page(run, place)
