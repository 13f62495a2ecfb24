"""Tables and downloads in a browser."""

import csv
import io


def download(page, key):
    with page.page.expect_download() as waiting:
        page.press(key)
    return waiting.value.path()


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text())))
