"""What the linter says of a published study's findings, beside the errors that it is known to have.

    python benchmarks/readouts.py [--studies DIR]

The study (ONRR, 10 usability interviews, CC0) is not part of the repository; DIR holds ``onrr-newsite/interviews``, whose
headings say which finding each note belongs to, and ``onrr-newsite/findings.json``. Its ``SOURCE.md`` names four errors and
a false alarm. ``participants_in_notes`` and ``n_claimed_in_words`` in the findings are somebody's own count of the same and
are not read by the linter; here they are the truth: lists and numbers are right where they agree with these.

No consent is stated in the study. What is printed first takes all ten as having agreed to be quoted; without, what quotes
them is told too. Transcripts in ``formats/`` are read as if they were readouts, to see that they can be.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from pathlib import Path
from time import perf_counter

from workbench.checks import Violation, check
from workbench.readouts import parse_readout

HERE = Path(__file__).parent
KNOWN = {"F07": "count-mismatch", "F44": "count-mismatch", "F10": "customers-mismatch", "F27": "customers-mismatch"}
FALSE_ALARM = "F16"


def main() -> None:
    """Print what is found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--studies", type=Path, default=HERE.parent.parent / "shared" / "studies")
    studies = parser.parse_args().studies
    if not (studies / "onrr-newsite" / "findings.json").is_file():
        print(f"No studies at {studies}: nothing to look at.")
        return
    found = look(studies, "quote")
    print_known(found, studies)
    print("\nAll that is told of the readout:\n")
    for one in found:
        print(f"  {one.line}: {one.severity}: {one.what} [{one.rule}]")
    print("\nWhere consent is not taken as given:\n")
    for one in look(studies, "aggregate"):
        if one.rule == "quoted-beyond-consent":
            print(f"  {one.line}: {one.what}")
    print_transcripts(studies)


def look(studies: Path, consent: str) -> list[Violation]:
    """What is told of findings.json."""
    os.environ["WORKBENCH_ASSUME_CONSENT"] = consent
    study = studies / "onrr-newsite"
    checked = check(study / "interviews", today="2026-11-26", files=[study / "findings.json"])
    return [one for one in checked.violations if one.file.endswith("findings.json")]


def print_known(found: list[Violation], studies: Path) -> None:
    """The known errors, one a line, and how far lists and numbers agree with somebody's own count."""
    findings = json.loads((studies / "onrr-newsite" / "findings.json").read_text("utf-8"))
    told = {(rule, finding["finding_id"]) for finding in findings for rule in rules_on(finding["finding_id"], found)}
    for finding, rule in KNOWN.items():
        print(f"{finding}: {rule} {'found' if (rule, finding) in told else 'NOT FOUND'}")
    print(f"{FALSE_ALARM}: {'FALSE ALARM' if rules_on(FALSE_ALARM, found) else 'nothing told, as it should be'}")

    truly = {
        ("customers-mismatch", finding["finding_id"])
        for finding in findings
        if finding["participants_in_notes"] and set(finding["participants"]) != set(finding["participants_in_notes"])
    }
    truly |= {
        ("count-mismatch", finding["finding_id"])
        for finding in findings
        if finding["n_claimed_in_words"] and finding["n_claimed_in_words"] != finding["n"]
    }
    numbers = {pair for pair in told if pair[0] in ("customers-mismatch", "count-mismatch")}
    print(f"\nLists and numbers that somebody's own count differs from: {show(truly)}")
    print(f"told by the linter: {show(numbers & truly)}")
    print(f"not told: {show(truly - numbers)} (F16: two and one are three); told beyond these: {show(numbers - truly)}")
    print(f"by rule: {', '.join(f'{rule} {n}' for rule, n in sorted(Counter(one.rule for one in found).items()))}")


def rules_on(finding: str, found: list[Violation]) -> set[str]:
    return {one.rule for one in found if f"finding {finding}" in one.what}


def show(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(f"{finding} {rule}" for rule, finding in sorted(pairs, key=lambda pair: pair[1])) or "none"


def print_transcripts(studies: Path) -> None:
    """That Markdown of another kind is read."""
    print("\nTranscripts read as readouts:\n")
    for file in sorted((studies / "formats").glob("*/*.md")):
        start = perf_counter()
        readout = parse_readout(file.read_text("utf-8"), file.name)
        n_counts = sum(len(finding.counts) for finding in readout.findings)
        print(
            f"  {file.name[:48]:48} {len(readout.findings):3} parts, {n_counts:3} counts, {len(readout.quotes):3} quotations,"
            f" {1000 * (perf_counter() - start):.0f} ms"
        )


if __name__ == "__main__":
    main()
