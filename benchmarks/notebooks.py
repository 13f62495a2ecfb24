"""Execute the notebook of each task's example: python -m benchmarks.notebooks [TASK].

Prints how long the kernel took, and what the notebook says about the numbers.
"""

import os
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient

from core import examples
from core.emoji import pretrained
from core.music import shipped
from core.runs.settings import PROJECT
from core.takeaway import make_notebook

EXAMPLES = {
    **{
        name: lambda name=name: examples.load(name)
        for name in ("stock", "text", "adding")
    },
    "emoji": lambda: examples.Example(points=[], result=pretrained.load()),
    "music": lambda: examples.Example(points=[], result=shipped.load()),
}
TIMEOUT = 3600  # seconds


def main() -> None:
    os.environ["UNROLLED"] = str(PROJECT)
    for task in sys.argv[1:] or EXAMPLES:
        example = EXAMPLES[task]()
        made = make_notebook(task, example.result, example.points)
        notebook = nbformat.reads(made.content, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            resources = {"metadata": {"path": folder}}
            start = time.perf_counter()
            NotebookClient(notebook, timeout=TIMEOUT, resources=resources).execute()
            seconds = time.perf_counter() - start
        says = "".join(output.get("text", "") for output in notebook.cells[-1].outputs)
        print(f"{task:<8}{seconds:6.1f} s  {says.strip()}", flush=True)


if __name__ == "__main__":
    main()
