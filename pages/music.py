from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.music.corpus_files import read_uploads
from pages.ui.music.models import result_of
from pages.ui.music.setup import not_in_link, restore_settings
from pages.ui.music.task import task_page
from pages.ui.session import current_run
from pages.ui.shape import head

frame()
with head("Music", "A network improvises a melody over your chords. Press play."):
    copy_link = read_address("music")
read_uploads()
run = current_run("music")
restore_settings(run, result_of(run))
task_page(run)
glossary()
write_address("music", copy_link, *not_in_link())
