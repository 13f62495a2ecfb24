"""What students do, one deed after the other, with a moment of thought between."""

import asyncio
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
SENTENCES = ("not hungry", "I love this game", "he never makes me laugh", "")
PAGES = ("", "rnn", "lstm", "stock", "emoji", "music", "runs")
THINKING = 2.0, 6.0  # seconds between two deeds
LOOKING = 4  # thoughts that a person who watches spends on watching


async def learn(session, chance):
    """Go through all deeds again and again, in an order of chance."""
    await session.open(chance.choice(PAGES))
    while True:
        deeds = list(DEEDS)
        chance.shuffle(deeds)
        for deed in deeds:
            await think(chance)
            await deed(session, chance)
            session.tally.deeds[deed.__name__] += 1


async def think(chance):
    """Do nothing for a while."""
    await asyncio.sleep(chance.uniform(*THINKING))


async def move_slider(session, chance):
    """Change the settings of a lesson's network, which draws everything again."""
    cell = chance.choice(("rnn", "lstm"))
    await session.go(cell)
    await session.set(f"{cell}_step", ["Forward"])
    for _ in range(3):
        await think(chance)
        await session.set(f"{cell}_sequence_units", chance.randint(2, 6))


async def type_sentence(session, chance):
    """Ask the emoji page for an answer."""
    await session.go("emoji")
    for sentence in chance.sample(SENTENCES, 3):
        await think(chance)
        await session.set("emoji_text", sentence)


async def upload(session, chance):
    """Bring prices in a file of one's own."""
    await session.go("stock")
    await session.set("stock_source", ["Upload"])
    await think(chance)
    content = (DATA / "prices" / "KO.csv").read_bytes()
    await session.upload("stock_upload", "my prices.csv", content)
    await think(chance)
    await session.set("stock_source", ["Sample"])


async def train(session, chance):
    """Train, look for a while, and stop, wherever the run is by then."""
    await session.go("stock")
    await session.set("stock_epochs", chance.randint(5, 200))
    await session.press("stock_train")
    await think(chance)
    if session.has("stock_stop"):
        await session.press("stock_stop")
        await think(chance)
    if session.has("stock_close"):
        await session.press("stock_close")


async def compose(session, chance):
    """Have the music page play at another temperature."""
    await session.go("music")
    await think(chance)
    await session.set("music_temperature", round(chance.uniform(0.5, 1.2), 2))


async def switch(session, chance):
    """Look at three pages."""
    for path in chance.sample(PAGES, 3):
        await session.go(path)
        await think(chance)


async def refresh(session, _):
    """Press reload."""
    await session.refresh()


async def leave_and_return(session, chance):
    """Close the tab, and open another one."""
    await session.close()
    await think(chance)
    await session.open(chance.choice(PAGES))


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


async def fidget(session, chance):
    """Look at a training that goes on, and touch what is around it."""
    while True:
        for _ in range(LOOKING):
            await think(chance)
        deed = chance.choice((_axis, _slider, _reload, _absent))
        await deed(session, chance)
        session.tally.deeds[f"watch:{deed.__name__.strip('_')}"] += 1


async def _axis(session, chance):
    await session.set("stock_log", chance.random() < 0.5)


async def _slider(session, chance):
    await session.set("stock_learning_rate", chance.uniform(1e-4, 1e-2))


async def _reload(session, _):
    await session.refresh()


async def _absent(session, chance):
    await session.go(chance.choice(("", "rnn", "runs")))
    await think(chance)
    await session.go("stock")
