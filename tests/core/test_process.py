import gc
import subprocess
import sys
import weakref

from core.process import release_memory

HOLES = """
import psutil
from core.process import release_memory, limit_memory_growth

limit_memory_growth()
kept = [bytes(1000) for _ in range(200_000)]
del kept[:-1]  # the last one lies above all the free places
before = psutil.Process().memory_info().rss
release_memory()
print(before - psutil.Process().memory_info().rss)
"""


class Knot:
    pass


def test_reference_cycles_are_collected():
    gc.disable()
    try:
        knot = Knot()
        knot.other = Knot()
        knot.other.other = knot
        there = weakref.ref(knot)
        del knot
        assert there() is not None
        release_memory()
        assert there() is None
    finally:
        gc.enable()


def test_free_memory_between_used_blocks_is_returned_to_the_system():
    returned = subprocess.run(
        [sys.executable, "-c", HOLES], capture_output=True, text=True, check=True
    )
    assert int(returned.stdout) > 100 * 2**20
