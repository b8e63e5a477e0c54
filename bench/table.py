"""The table that a run of the bench ends with."""

import statistics
import sys

# For ratios to a responder that does nothing but send the same bytes: the rest is the web server's.
CEILING = "what there is to be had"

ROWS = []


def row(what, bar, measured, values, digits=2):
    """A line of the table; `values` are the rounds' figures, to be shown from the least to the greatest."""
    ordered = sorted(values)
    spread = " / ".join(f"{value:.{digits}f}" for value in (ordered[0], statistics.median(ordered), ordered[-1]))
    ROWS.append(f"| {what} | {bar} | {measured} | {spread} |")
    print(ROWS[-1], file=sys.stderr, flush=True)


def show():
    print("| what | bar | measured | rounds: least / median / most |\n|---|---|---|---|")
    print("\n".join(ROWS))
