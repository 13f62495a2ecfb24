"""The random choices and the think time of one student."""

import asyncio
import random

THINK_SECONDS = 2.0, 6.0  # between two actions


class Behaviour(random.Random):
    """A source of random choices and pauses.

    Parameters
    ----------
    seed
        The same seed leads to the same actions.
    think_seconds
        Shortest and longest time between two actions.
    """

    def __init__(self, seed=0, think_seconds=THINK_SECONDS):
        super().__init__(seed)
        self.think_seconds = think_seconds

    def derive(self):
        """Another behaviour with the same think time and random choices of its own."""
        return Behaviour(self.random(), self.think_seconds)

    async def think(self):
        """Wait for a random time."""
        await asyncio.sleep(self.uniform(*self.think_seconds))
