"""Links to settings, as made by *Copy link to these settings*."""

import re
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

from core.lesson.cells import CELLS_OF
from core.registry import TASKS, get_task, tasks_on
from core.runs.classes.names import quoted
from core.runs.path import STATIONS
from core.runs.store.run_list import visible
from core.task import UserError

LESSONS, PATH = tuple(CELLS_OF), "path"
STEPS = ("The cell", "Forward", "Backward", "Learning")  # steps of a lesson
LONGEST_VALUE, LONGEST_QUERY = 1_500, 8_000  # characters, as an address has them
LONGEST_LINK = 20_000
MOST_PARAMETERS = 100
STORED_SUFFIX = "_kept"  # suffix of references to texts too long for an address
HOW = (
    "Open the page, choose the settings, press “Copy link to these settings”, and "
    "paste it here."
)


def parse_link(link: str) -> tuple[str, str, str | None]:
    """Return the page of a link, its parameters, and the task trained there.

    Other parts of the path and parameters of other pages are ignored. The task is a
    name in the registry, or None for a step of a lesson without training.
    """
    text = link.strip()
    address = quoted(text.partition("?")[0])  # without tokens: messages are logged
    if len(text) > LONGEST_LINK:
        raise UserError(
            f"link: expected at most {LONGEST_LINK:,} characters, got {len(text):,}. "
            "Shorten what is typed on the page, and copy the link again."
        )
    try:
        parts = urlsplit(text)
        given = dict(
            parse_qsl(
                parts.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS
            )
        )
    except ValueError as error:
        raise UserError(
            f"link: expected one to settings of a page, got {address}. {HOW}"
        ) from error
    page = parts.path.rstrip("/").rpartition("/")[2]
    if page == "shared" or "share" in given or "run" in given:
        raise UserError(
            f"link: expected one to settings, got one to a run. {HOW} Then each "
            "student has a run of their own."
        )
    if page not in (known := linked_pages()):
        raise UserError(
            f"link: expected one to {', '.join(known[:-1])} or {known[-1]}, got "
            f"{address}. {HOW}"
        )
    if page == PATH:
        return page, urlencode({"station": _station(given.get("station", ""))}), None
    query = urlencode(_settings(page, given) or _usual(page))
    if len(query) > LONGEST_QUERY:
        raise UserError(
            f"link: expected settings of at most {LONGEST_QUERY:,} characters, got "
            f"{len(query):,}. Shorten what is typed on the page, and copy it again."
        )
    return page, query, task_of(page, query)


def linked_pages() -> list[str]:
    """Return the pages to which a link may lead."""
    others = (page for task in TASKS for page in get_task(task).PAGES)
    return [*dict.fromkeys([*LESSONS, *others]), PATH]


def task_of(page: str, query: str) -> str | None:
    """Return the registry name of the task that a link's page trains, or None."""
    tasks = tasks_on(page)
    if not tasks or step_of(page, query) not in (None, STEPS[-1]):
        return None
    task = dict(parse_qsl(query)).get(f"{page}_task")
    return task if task in tasks else tasks[0]


def page_title(page: str) -> str:
    """Return the title of a page to which a link may lead."""
    if page == PATH:
        return "Guided path"
    return page.upper() if page in LESSONS else get_task(tasks_on(page)[0]).TITLE


def station_of(page: str, query: str) -> str | None:
    """Return the station of the path that a link leads to; None on other pages."""
    return dict(parse_qsl(query)).get("station") if page == PATH else None


def step_of(page: str, query: str) -> str | None:
    """Return the step of a lesson that a link leads to; None on other pages."""
    if page not in LESSONS:
        return None
    step = dict(parse_qsl(query)).get(f"{page}_step")
    return step if step in STEPS else STEPS[0]


def _station(given: str) -> str:
    """Return the key of a station, given by its key or its place in `STATIONS`."""
    if given.isdecimal() and int(given) < len(STATIONS):
        return STATIONS[int(given)]
    return given if given in STATIONS else STATIONS[0]


def _usual(page: str) -> dict[str, str]:
    """Return one parameter with its default, as a link needs at least one."""
    if page in LESSONS:
        return {f"{page}_step": STEPS[0]}
    kind = get_task(tasks_on(page)[0]).Config
    name = kind.variant or next(iter(kind().values))
    return {f"{page}_{name}": str(kind().values[name])}


def _settings(page: str, given: dict[str, str]) -> dict[str, str]:
    """Return the parameters of the page's widgets."""
    widget = re.compile(rf"{page}_[a-z0-9_]{{1,60}}")
    found = {}
    for name, value in given.items():
        if not widget.fullmatch(name) or name.endswith(STORED_SUFFIX):
            continue
        if len(quote_plus(value)) > LONGEST_VALUE:
            raise UserError(
                f"link: expected at most {LONGEST_VALUE:,} characters for {name}, got "
                f"{len(quote_plus(value)):,}. Shorten it on the page, and copy the "
                "link again."
            )
        found[name] = visible(value)
    return found
