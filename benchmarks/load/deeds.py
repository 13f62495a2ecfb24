"""What students do, one deed after the other, with a moment of thought between."""

import dataclasses
from pathlib import Path

from core.lesson.demo import SequenceDemo
from core.task import bounds_of

(_UNITS,) = (f for f in dataclasses.fields(SequenceDemo) if f.name == "units")
UNITS = int(bounds_of(_UNITS).low), int(bounds_of(_UNITS).high)
DATA = Path(__file__).parents[2] / "data"
SENTENCES = ("not hungry", "I love this game", "he never makes me laugh", "")
PAGES = ("", "rnn", "lstm", "stock", "emoji", "music", "runs")
LOOKING = 4  # thoughts that a person who watches spends on watching


async def learn(session, mind):
    """Go through all deeds again and again, in an order of mind."""
    await session.open(mind.choice(PAGES))
    while True:
        deeds = list(DEEDS)
        mind.shuffle(deeds)
        for deed in deeds:
            await mind.think()
            await deed(session, mind)
            session.tally.deeds[deed.__name__] += 1


async def move_slider(session, mind):
    """Change the settings of a lesson's network, which draws everything again."""
    cell = mind.choice(("rnn", "lstm"))
    await session.go(cell)
    await session.set(f"{cell}_step", ["Forward"])
    for _ in range(3):
        await mind.think()
        await session.set(f"{cell}_sequence_units", mind.randint(*UNITS))


async def type_sentence(session, mind):
    """Ask the emoji page for an answer."""
    await session.go("emoji")
    for sentence in mind.sample(SENTENCES, 3):
        await mind.think()
        await session.set("emoji_text", sentence)


async def upload(session, mind):
    """Bring prices in a file of one's own."""
    await session.go("stock")
    await session.set("stock_source", ["Upload"])
    await mind.think()
    content = (DATA / "prices" / "KO.csv").read_bytes()
    await session.upload("stock_upload", "my prices.csv", content)
    await mind.think()
    await session.set("stock_source", ["Sample"])


async def train(session, mind):
    """Train, look for a while, and stop, wherever the run is by then."""
    await session.go("stock")
    await session.set("stock_epochs", mind.randint(5, 200))
    await session.press("stock_train")
    await mind.think()
    if session.has("stock_stop"):
        await session.press("stock_stop")
        await mind.think()
    if session.has("stock_close"):
        await session.press("stock_close")


async def compose(session, mind):
    """Have the music page play at another temperature."""
    await session.go("music")
    await mind.think()
    await session.set("music_temperature", round(mind.uniform(0.5, 1.2), 2))


async def switch(session, mind):
    """Look at three pages."""
    for path in mind.sample(PAGES, 3):
        await session.go(path)
        await mind.think()


async def refresh(session, _):
    """Press reload."""
    await session.refresh()


async def leave_and_return(session, mind):
    """Close the tab, and open another one."""
    await session.close()
    await mind.think()
    await session.open(mind.choice(PAGES))


DEEDS = (
    move_slider,
    type_sentence,
    upload,
    train,
    compose,
    switch,
    refresh,
    leave_and_return,
)


async def fidget(session, mind):
    """Look at a training that goes on, and touch what is around it."""
    while True:
        for _ in range(LOOKING):
            await mind.think()
        deed = mind.choice((_axis, _slider, _reload, _absent))
        await deed(session, mind)
        session.tally.deeds[f"watch:{deed.__name__.strip('_')}"] += 1


async def _axis(session, mind):
    if session.has("stock_log"):  # the training may just have ended
        await session.set("stock_log", mind.random() < 0.5)


async def _slider(session, mind):
    await session.set("stock_learning_rate", mind.uniform(1e-4, 1e-2))


async def _reload(session, _):
    await session.refresh()


async def _absent(session, mind):
    await session.go(mind.choice(("", "rnn", "runs")))
    await mind.think()
    await session.go("stock")
