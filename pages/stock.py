from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run
from pages.ui.shape import head
from pages.ui.stock.setup import not_in_link, restore_settings
from pages.ui.stock.task import task_page

frame()
with head("Prices", "Can a network guess tomorrow's price, and how far it may be off?"):
    place = read_address("stock")
run = current_run("stock")
restore_settings(run)

task_page(run)
glossary()
write_address("stock", place, *not_in_link())
