"""The report of a run, which is one page."""

import re
from dataclasses import replace

import pytest

from core import examples
from core.emoji import pretrained
from core.lesson.writing.corpus import Corpus
from core.music import shipped
from core.takeaway import make_report
from tests.core.takeaway.notebooks import tiny_run
from tests.driver.core.report import Page

RESULTS = {
    "stock": lambda: examples.load("stock").result,
    "text": lambda: examples.load("text").result,
    "adding": lambda: examples.load("adding").result,
    "emoji": pretrained.load,
    "music": shipped.load,
}


@pytest.mark.parametrize("task", RESULTS)
def test_a_report_has_verdicts_charts_figures_and_settings(task):
    result = RESULTS[task]()
    page = Page(make_report(task, result, []))
    assert page.headings[1:3] == ["Verdict", "Charts"]
    assert page.headings[-2:] == ["Key figures", "Settings"]
    assert page.tags.count("figure") == len(page.headings) - 5
    assert "Learning rate" in page.text
    assert re.search(r"Made by Unrolled, .*code [0-9a-f]{12}, with python 3", page.text)
    assert page.addresses == []


def test_a_report_has_the_learning_curves_of_its_run():
    example = examples.load("adding")
    page = Page(make_report("adding", example.result, example.points))
    assert "Test error" in page.headings


def test_names_and_texts_of_a_person_are_text_in_a_report():
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    result, points = tiny_run("text", Corpus.from_text(f"{hostile} " * 9, hostile))
    page = Page(make_report("text", result, points, name=hostile))
    assert hostile in page.headings[0]
    assert "img" not in page.tags
    series = replace(examples.load("stock").result.series, name=hostile)
    prices = replace(examples.load("stock").result, series=series)
    content = make_report("stock", prices, [])
    assert hostile.encode() not in content
    assert "img" not in Page(content).tags
