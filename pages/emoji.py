from pages.ui.address import read_address, write_address
from pages.ui.emoji.models import result_of
from pages.ui.emoji.setup import recall, unlinked
from pages.ui.emoji.task import task_page
from pages.ui.emoji.teach import save_edits
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run
from pages.ui.shape import head

frame()
with head(
    "Emoji",
    "A network reads your sentence and answers with an emoji. You can teach it.",
):
    address = read_address("emoji")
save_edits()
run = current_run("emoji")
recall(run, result_of(run))
answer_the_rest = task_page(run)
glossary()
write_address("emoji", address, *unlinked())
if answer_the_rest:
    answer_the_rest()
