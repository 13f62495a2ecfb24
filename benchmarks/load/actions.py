"""What students do on the pages, with think time between two actions."""

import dataclasses
from pathlib import Path

from core.lesson.demo import SequenceDemo
from core.task import bounds_of

(_UNITS,) = (f for f in dataclasses.fields(SequenceDemo) if f.name == "units")
UNITS = int(bounds_of(_UNITS).low), int(bounds_of(_UNITS).high)
DATA = Path(__file__).parents[2] / "data"
SENTENCES = ("not hungry", "I love this game", "he never makes me laugh", "")
PAGES = ("", "rnn", "lstm", "stock", "emoji", "music", "runs")
WATCHING = 4  # think times between two actions of somebody who watches


async def use_all_pages(session, behaviour):
    """Do all actions repeatedly, in random order."""
    await session.open(behaviour.choice(PAGES))
    while True:
        for action in behaviour.sample(ACTIONS, len(ACTIONS)):
            await behaviour.think()
            await action(session, behaviour)
            session.counts.actions[action.__name__] += 1


async def move_slider(session, behaviour):
    """Change the settings of a lesson's network, which draws everything again."""
    cell = behaviour.choice(("rnn", "lstm"))
    await session.go(cell)
    await session.set(f"{cell}_step", ["Forward"])
    for _ in range(3):
        await behaviour.think()
        await session.set(f"{cell}_sequence_units", behaviour.randint(*UNITS))


async def type_sentence(session, behaviour):
    """Type sentences on the emoji page."""
    await session.go("emoji")
    for sentence in behaviour.sample(SENTENCES, 3):
        await behaviour.think()
        await session.set("emoji_text", sentence)


async def upload(session, behaviour):
    """Upload a file of prices."""
    await session.go("stock")
    await session.set("stock_source", ["Upload"])
    await behaviour.think()
    content = (DATA / "prices" / "KO.csv").read_bytes()
    await session.upload("stock_upload", "my prices.csv", content)
    await behaviour.think()
    await session.set("stock_source", ["Sample"])


async def train(session, behaviour):
    """Train, watch for a while, and stop, however far the run is."""
    await session.go("stock")
    await session.set("stock_epochs", behaviour.randint(5, 200))
    await session.press("stock_train")
    await behaviour.think()
    if session.has("stock_stop"):
        await session.press("stock_stop")
        await behaviour.think()
    if session.has("stock_close"):
        await session.press("stock_close")


async def compose(session, behaviour):
    """Play music at another temperature."""
    await session.go("music")
    await behaviour.think()
    await session.set("music_temperature", round(behaviour.uniform(0.5, 1.2), 2))


async def switch_pages(session, behaviour):
    """Look at three pages."""
    for path in behaviour.sample(PAGES, 3):
        await session.go(path)
        await behaviour.think()


async def refresh(session, _):
    """Reload the page."""
    await session.refresh()


async def leave_and_return(session, behaviour):
    """Close the tab, and open another one."""
    await session.close()
    await behaviour.think()
    await session.open(behaviour.choice(PAGES))


ACTIONS = (
    move_slider,
    type_sentence,
    upload,
    train,
    compose,
    switch_pages,
    refresh,
    leave_and_return,
)


async def interact(session, behaviour):
    """Watch a running training, and use the widgets around it."""
    while True:
        for _ in range(WATCHING):
            await behaviour.think()
        action = behaviour.choice((_axis, _slider, _reload, _visit_other_page))
        await action(session, behaviour)
        session.counts.actions[f"watch:{action.__name__.strip('_')}"] += 1


async def _axis(session, behaviour):
    if session.has("stock_log"):  # the training may just have ended
        await session.set("stock_log", behaviour.random() < 0.5)


async def _slider(session, behaviour):
    await session.set("stock_learning_rate", behaviour.uniform(1e-4, 1e-2))


async def _reload(session, _):
    await session.refresh()


async def _visit_other_page(session, behaviour):
    await session.go(behaviour.choice(("", "rnn", "runs")))
    await behaviour.think()
    await session.go("stock")
