"""Reads hostile files one by one, each in a process of its own with little to spend.

`python -m tests.security.limited` imports the readers once. For each request on its
standard input it forks: the child may use only so much more memory and processor time,
reads the file, and says what came of it. What it spent is known from its parent.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
MEGABYTES, SECONDS = 250, 4  # on top of what the readers need; processor time


@dataclass
class Outcome:
    """What came of a file: `refused` with the sentence, `read`, or `broken`."""

    how: str
    says: str
    seconds: float
    status: int


class Reader:
    """The process with the readers, as the tests see it."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.security.limited"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"},
        )

    def read(self, kind, content):
        head = json.dumps({"kind": kind, "bytes": len(content)}).encode() + b"\n"
        self.process.stdin.write(head + content)
        self.process.stdin.flush()
        return Outcome(**json.loads(self.process.stdout.readline()))

    def close(self):
        self.process.communicate(timeout=20)


def main():
    readers = _readers()
    while head := sys.stdin.buffer.readline():
        asked = json.loads(head)
        content = sys.stdin.buffer.read(asked["bytes"])
        answer, given = os.pipe()
        child = os.fork()
        if not child:
            os.write(given, json.dumps(_read(readers[asked["kind"]], content)).encode())
            os._exit(0)
        os.close(given)
        with os.fdopen(answer, "rb") as pipe:
            output = pipe.read()
        _, status, used = os.wait4(child, 0)
        how, says = json.loads(output) if output else ("broken", "ended by a signal")
        spent = {"seconds": used.ru_utime + used.ru_stime, "status": status}
        line = json.dumps({"how": how, "says": says} | spent)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _readers():
    from core.emoji.text.rows import read_csv
    from core.emoji.vectors.own import read_vectors
    from core.lesson.writing.corpus import Corpus
    from core.music.files.reading import read
    from core.stock.csv import import_prices

    return {
        "prices": lambda content: import_prices(content, "file"),
        "sentences": read_csv,
        "vectors": lambda content: read_vectors(content, "file"),
        "music": read,
        "text": Corpus.from_bytes,
        "swallow": lambda content: bytes(int(content)),  # what none of ours may do
    }


def _read(read, content):
    from core.stock.csv import Question
    from core.task import UserError

    most = psutil.Process().memory_info().vms + MEGABYTES * 10**6
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        read(content)
    except Question as question:
        return "asked", str(question)
    except UserError as error:
        return "refused", str(error)
    except BaseException as error:  # all others are what is looked for
        return "broken", repr(error)
    return "read", ""


if __name__ == "__main__":
    main()
