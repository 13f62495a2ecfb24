"""The path on paper, as a page."""

from pages.ui.path.stations import STATIONS
from tests.driver.pages.app import open_page, text_of


def test_solutions_are_for_teachers_alone_also_in_the_file(files):
    page = open_page("sheet")
    assert [each.value for each in page.subheader] == [
        f"{number} {station.title}" for number, station in enumerate(STATIONS)
    ]
    assert STATIONS[0].solution not in text_of(page)
    students = files("sheet_download")
    page.segmented_control(key="sheet_version").set_value("teachers").run()
    assert not page.exception
    assert all(station.solution in text_of(page) for station in STATIONS)
    seen = f"{STATIONS[0].solution[:20]}"
    assert seen in files("sheet_download")
    assert seen not in students


def test_no_answer_is_too_long_for_a_phone():
    options = [each for station in STATIONS for each in station.question.options]
    assert max(map(len, options)) <= 50
