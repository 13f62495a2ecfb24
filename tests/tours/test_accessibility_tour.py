"""axe-core on every page, in light and in dark: WCAG 2.2, levels A and AA.

What is Streamlit's is in the list below, and in docs/accessibility.md with what a
person can do. All else fails.
"""

import os
import re
import secrets
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.registry import get_task
from pages.ui.lesson.texts import QUESTIONS, question_key
from pages.ui.path.stations import STATIONS
from pages.ui.session import platform
from pages.ui.web.server import COOKIE
from tests.browser.conftest import Dashboard, Page
from tests.conftest import wait_until

STREAMLITS = {  # by rule: the elements, as selectors
    "scrollable-region-focusable": [".katex-display"],
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that dark can break
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 27)"}
DRAWN = """colour => {
  const style = getComputedStyle(document.querySelector(".stApp"))
  const moves = document.getAnimations()
    .some((one) => one instanceof CSSTransition && one.playState === "running")
  const captions = document.querySelectorAll("[data-testid=stCaptionContainer]")
  const faded = [...captions].some((one) => getComputedStyle(one).opacity !== "1")
  return style.backgroundColor === colour && !moves && !faded
}"""
BROKEN = """async ([only, streamlits]) => {
  const { violations } = await axe.run(document, {
    runOnly: only, resultTypes: ["violations"], elementRef: true, preload: false,
  })
  return violations.flatMap(({ id, nodes }) => nodes
    .filter(({ element }) =>
      !(streamlits[id] ?? []).some((own) => element.closest(own)))
    .map(({ target, html, failureSummary }) =>
      `${id}: ${target.flat().join(" ")}\\n  ${html}\\n  ${failureSummary}`))
}"""


class State(NamedTuple):
    """A page as somebody sees it, and what they do there first."""

    path: str
    who: str = "visitor"
    act: object = None
    phone: bool = False


def hide_mistake(page):
    page.press("lstm_find")
    page.sees("Which one")


def zoom_in(page):
    zoom = page.keyed("lstm_zoom")
    zoom.locator(".unit").first.click()
    zoom.locator(".link").first.click()
    page.sees("Sum of all")


def type_too_much(page):
    page.fill("stock_epochs", 100_000)
    page.sees("epochs: expected")


def guess_a_price(page):
    page.press("stock_guess")
    page.press("stock_guess_-1")
    page.sees("Right of 1: you")


def rewrite_and_play(page):
    page.keyed("music_roll").locator(".ruler").press("ArrowRight")
    page.sees("Rewrite bar 1")
    page.press("music_rewrite")
    page.sees("Keep as it was")
    page.page.get_by_text("Play it yourself").click()
    page.page.get_by_role("button", name="Record").wait_for()


def read_music(page):
    page.keyed("music_notation").locator(".measure").first.wait_for()


def draw_map(page):
    page.keyed("emoji_map").locator(".training path").first.wait_for()


def fill_classes(page):
    page.choose("emoji_source", "Own classes")
    page.pick("emoji_class_starter", "Weather")
    page.sees("240 sentences of 4 classes")


def ask_class(page):
    page.page.get_by_role("button", name="Ask the class").click()
    page.keyed("board_question").wait_for()


def write_question(page):
    ask_class(page)
    page.choose("board_question_kind", "Multiple choice")
    page.keyed("board_own_text").locator("input").wait_for()


def type_wrong_token(page):
    page.keyed("admin_token").locator("input").fill("wrong")
    page.press("admin_open")
    page.sees("not the token")


def type_token(page):
    page.keyed("admin_token").locator("input").fill(TOKEN)
    page.press("admin_open")
    page.sees("Workers")


TOKEN = secrets.token_urlsafe(24)
LESSONS = {
    f"lstm {step}": State(f"lstm?lstm_step={step}", phone=True)
    for step in ("The cell", "Forward", "Backward", "Learning")
} | {
    "rnn Backward": State("rnn?rnn_step=Backward"),
    "gru The cell": State("gru?gru_step=The cell"),
}
TABS = {
    f"{page} {tab}": State(f"{page}?{page}_tabs={tab}")
    for page, tabs in {
        "stock": ("Result", "Judgement", "Recipes", "Take away", "How it works"),
        "emoji": ("Teach it", "Many at once", "Judgement"),
        "music": ("Result", "Judgement", "Human or model?"),
    }.items()
    for tab in tabs
}
PATH = {
    f"station {key}": State(f"path?station={key}", phone=key == "start")
    for key in ("start", "became")
}
STATES = {
    "home": State("", phone=True),
    **LESSONS,
    "minGRU Forward": State("gru?gru_step=Forward&gru_cell=mingru"),
    "hidden mistake": State("lstm?lstm_step=Backward", act=hide_mistake, phone=True),
    "trained": State("lstm?lstm_step=Forward&lstm_forward_network=Trained", phone=True),
    "unit that counts": State(
        "lstm?lstm_step=Forward&lstm_forward_network=Trained"
        "&lstm_trained_view=The unit that counts",
        phone=True,
    ),
    "one multiplication": State(
        "lstm?lstm_step=Forward&lstm_forward_network=Trained"
        "&lstm_trained_view=To one multiplication",
        act=zoom_in,
        phone=True,
    ),
    "adding problem": State("lstm?lstm_step=Learning&lstm_task=adding", phone=True),
    "lstm Learning Curves": State("lstm?lstm_step=Learning&lstm_tabs=Curves"),
    **TABS,
    "map of sentences": State("emoji?emoji_why=Map", act=draw_map, phone=True),
    "own classes": State("emoji", act=fill_classes, phone=True),
    "out of bounds": State("stock", act=type_too_much),
    "a guess": State("stock", act=guess_a_price, phone=True),
    "rewriting and playing": State("music", act=rewrite_and_play, phone=True),
    "notation": State("music?music_view=Notation", act=read_music, phone=True),
    "no runs": State("runs"),
    "runs": State("runs", "student"),
    "a run": State("rnn?run={first}", "student"),
    "searches": State("search", "student"),
    "nothing to compare": State("compare"),
    "compare": State("compare?runs={first},{second}", "student"),
    "shared run": State("shared?share={share}", phone=True),
    "dead link": State("shared?share=none"),
    "no class": State("classes", phone=True),
    "joining": State("classes?code={code}", phone=True),
    "class of a teacher": State("classes", "teacher"),
    "class of a student": State("classes", "student", phone=True),
    "no board": State("board"),
    "board": State("board?class={code}", "teacher"),
    "asking a class": State("classes?code={code}", "teacher", ask_class),
    "a question of one's own": State("classes?code={code}", "teacher", write_question),
    "question on the board": State("board?class={asked}", "asker"),
    "question for a student": State("rnn", "asked", phone=True),
    **PATH,
    "on the path": State("rnn", "walker", phone=True),
    "first station": State("", "walker", phone=True),
    "became": State("became", phone=True),
    "sheet": State("sheet"),
    "sheet of a teacher": State("sheet?sheet_version=teachers"),
    "admin": State("admin", "admin"),
    "admin with a wrong token": State("admin", "admin", type_wrong_token),
    "admin with its token": State("admin", "admin", type_token),
}


@pytest.fixture(scope="module")
def people(dashboard):
    """The owners in the states, by their part, and what their links need."""
    owners = {
        who: secrets.token_urlsafe(32)
        for who in (
            "visitor",
            "student",
            "teacher",
            "asked",
            "asker",
            "walker",
            "admin",
        )
    }
    site = platform()
    code = site.classes.create(owners["teacher"], "Physics 10b")
    site.classes.join(owners["student"], code, "Ann")
    asked = site.classes.create(owners["asker"], "Physics 10c")
    site.classes.join(owners["asked"], asked, "Bob")
    options = len(QUESTIONS["lstm", "Backward"].options)
    site.polls.ask(owners["asker"], asked, question_key("lstm", "Backward"), options)
    runs = [
        site.start(owners["student"], "adding", *get_task("adding").tiny())
        for _ in range(2)
    ]
    for run in runs:
        wait_until(
            lambda run=run: site.store.get(owners["student"], run).status == "done"
        )
    share = site.shares.create(owners["student"], runs[:1])
    site.paths.go_to(owners["walker"], STATIONS[0].key)
    places = {"code": code, "asked": asked, "share": share}
    return owners, places | {"first": runs[0], "second": runs[1]}


@pytest.fixture(scope="module")
def admin_dashboard(home):
    """A dashboard that has an admin page."""
    os.environ["UNROLLED_ADMIN_TOKEN"] = TOKEN
    dashboard = Dashboard(home)
    del os.environ["UNROLLED_ADMIN_TOKEN"]
    yield dashboard
    dashboard.kill()


@pytest.fixture(scope="module")
def browser_page(browser):
    """One page for all states: Streamlit's scripts are loaded and compiled once."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def broken(page, scheme, only):
    """What axe finds on a page that is not Streamlit's, a text each."""
    page.page.emulate_media(color_scheme=scheme)
    page.page.wait_for_function(DRAWN, arg=BACKGROUND[scheme])
    page.settle()
    return page.page.evaluate(BROKEN, [only, STREAMLITS])


@pytest.mark.parametrize("name", STATES)
def test_nothing_of_ours_breaks_wcag(name, browser_page, dashboard, people, request):
    path, who, act, phone = STATES[name]
    owners, places = people
    if who == "admin":
        dashboard = request.getfixturevalue("admin_dashboard")
    cookie = {"name": COOKIE, "value": owners[who], "url": dashboard.url}
    browser_page.context.clear_cookies()
    browser_page.context.add_cookies([cookie])
    browser_page.set_viewport_size(WIDE)
    page = Page(browser_page, dashboard)
    page.open(path.format(**places))
    if act:
        act(page)
        page.settle()
    page.page.evaluate(Axe().axe_script)
    found = broken(page, "light", {"type": "tag", "values": RULES})
    found += broken(page, "dark", {"type": "rule", "values": COLOURS})
    if phone:
        page.page.set_viewport_size(PHONE)
        found += broken(page, "light", {"type": "tag", "values": RULES})
    page.stop_listening()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", STREAMLITS)
def test_exceptions_caused_by_streamlit_are_documented(rule, request):
    text = (request.config.rootpath / "docs" / "accessibility.md").read_text()
    assert re.search(rf"`{rule}`", text)
