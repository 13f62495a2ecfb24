"""What tests notice of the changes that `make mutants` makes, by module."""

import json
import sys
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTANTS = Path(__file__).parents[1] / "mutants"


def counts(file: Path) -> Counter[str]:
    """Return how many changes of a module ended how, by mutmut's names."""
    codes = json.loads(file.read_text("utf-8"))["exit_code_by_key"].values()
    return Counter(status_by_exit_code[code] for code in codes)


if __name__ == "__main__":
    for file in sorted(MUTANTS.rglob("*.py.meta")):
        found = counts(file)
        noticed = found.pop("killed", 0) + found.pop("timeout", 0)
        every = noticed + found.total()
        if every:
            name = file.relative_to(MUTANTS).with_suffix("")
            rest = ", ".join(f"{number} {end}" for end, number in found.items())
            share = f"{noticed} of {every} ({noticed / every:.0%})"
            sys.stdout.write(f"{name}: {share}; {rest}\n")
