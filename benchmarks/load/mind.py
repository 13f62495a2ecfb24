"""The chance and the pace of one student."""

import asyncio
import random

THINKING = 2.0, 6.0  # seconds between two deeds


class Mind(random.Random):
    """What a student does next, and when.

    Parameters
    ----------
    seed
        Start of all chance: the same seed does the same deeds.
    thinking
        Least and most seconds between two deeds.
    """

    def __init__(self, seed=0, thinking=THINKING):
        super().__init__(seed)
        self.thinking = thinking

    def other(self):
        """Another mind of the same pace, with chance of its own."""
        return Mind(self.random(), self.thinking)

    async def think(self):
        """Do nothing for a while."""
        await asyncio.sleep(self.uniform(*self.thinking))
