"""Read price files of many programs: python -m benchmarks.files.

For each kind of file the outcome: `right`, `asked` (right after the answer), `refused`,
or `wrong`, with the first message. The expected series are in
tests/core/stock/csv/wild.py, which writes the files.
"""

from collections import Counter

from tests.core.stock.csv.wild import FILES, outcome_of

WIDTH = 90  # of a message


def main():
    """Print a line for each kind of file, and how many came out how."""
    counts = Counter()
    for kind, file in FILES.items():
        outcome, said = outcome_of(file)
        counts[outcome] += 1
        shown = said if len(said) <= WIDTH else said[: WIDTH - 1] + "…"
        print(f"{kind:<34}{outcome:<9}{shown}")
    outcomes = ("right", "asked", "refused", "wrong")
    counted = ", ".join(f"{counts[outcome]} {outcome}" for outcome in outcomes)
    print(f"\n{len(FILES)} files: {counted}")


if __name__ == "__main__":
    main()
