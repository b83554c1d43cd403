"""How long a week's forms take to work out what they offer, in a workspace that has been kept for a year.

    python benchmarks/offers.py [--repetitions 3]

The year is that of tests/year.py, seen on its last Wednesday; the first time a form is opened, what was known a week ago is read too.
Seconds of processor, the week read and its themes found beforehand. The digest is of all that is offered: a change that is to
make it faster leaves it as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
from functools import cache
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from year import LAST_WEEK, make_year

from workbench.hypotheses import draft_hypotheses
from workbench.look_back import look_back
from workbench.rituals import Moment, day_before
from workbench.rituals.decisions import offer_decision
from workbench.rituals.enablement import offer_enablement
from workbench.rituals.focus import offer_focus
from workbench.rituals.readiness import offer_slice
from workbench.rituals.readout import offer_readout
from workbench.rituals.strategy import offer_quarter
from workbench.study import read_study
from workbench.themes import find_themes

TODAY = "2026-11-18"
RECORDS = {offer_slice: "H-a10009", offer_decision: "D-a1000a"}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = read_study(make_year(Path(folder)), today=TODAY)
        themes = find_themes(study.notes, study.ledger)
        hypotheses = [
            *study.hypotheses,
            *draft_hypotheses(themes, study.quarter, records=study.hypotheses, today=TODAY),
        ]
        since = day_before(LAST_WEEK)
        print(f"{study}, {len(themes.summary)} themes; load {os.getloadavg()[0]:.1f}")
        for offer in (offer_quarter, offer_focus, offer_slice, offer_enablement, offer_readout, offer_decision):
            taken = []
            for _ in range(options.repetitions):
                moment = Moment(LAST_WEEK, TODAY, since, cache(lambda: look_back(study, since)), RECORDS.get(offer, ""))
                start = process_time()
                offers = offer(study, themes, hypotheses, moment)
                taken.append(process_time() - start)
            digest = hashlib.sha256(repr(offers).encode()).hexdigest()[:8]
            times = f"{statistics.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})"
            print(f"{offer.__name__}: {times}, {len(offers)} offers, {digest}")


if __name__ == "__main__":
    main()
