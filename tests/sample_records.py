"""Records for the repository's sample study: a hypothesis in each state, decisions needed and made, bets, a week."""

import re

from workbench.evidence import find_against, pick_evidence

# Evidence is written as {evidence 0}: the notes of the theme of that rank; {against 0} those that may say the opposite.
RECORDS = {
    "hypotheses/H-3fa9c1-clean-the-list.md": """---
version: 1
id: H-3fa9c1
status: ready
owner: Ines Calloway
made: 2026-11-17
change: match columns, show doubles side by side and say what is wrong with a row, before anything is saved
segment: new teams of 20 to 250 people that bring a list of 50 customers or more
metric: "Activation: share of new teams that send a first invoice within 7 days of sign-up"
baseline: 30 %
direction: up
size: 3
unit: points
deadline: 2027-02-26
traffic: 1,500/week
because: the list is where they stop, and the cost is hours, not clicks
guardrails:
  - "Import errors reported by users: at most 2 in 1,000 imports"
  - "Slowest tenth of imports: under 4 minutes"
  - "Import tickets: at most 14 a week (now 11)"
slice: CSV files only. Columns, doubles and row errors on one page; no undo after saving. Three weeks for two people.
decision_rule: Ship if the whole 95 % interval lies above 0 and no guardrail is broken. Stop if the estimate is below +1 point at 7,524 users. Otherwise run once more for two weeks, then stop.
looked_for_against: 2026-11-17
bet: B-81c0e2
confidence:
  - "2026-11-10: 55 %"
  - "2026-11-17: 70 %"
evidence:{evidence 0}
against:{against 0}
---
""",
    "hypotheses/H-4b20d7-send-me-a-copy.md": """---
version: 1
id: H-4b20d7
status: running
owner: Jonas Weir
made: 2026-10-28
started: 2026-11-16
change: put “Send me a copy first” beside Send, and show the mail as it will arrive
segment: new teams with a drafted first invoice
metric: "First invoices sent within a day of the draft"
baseline: 41 %
direction: up
size: 6
unit: points
deadline: 2027-03-19
traffic: 440/week
guardrails:
  - "Invoices recalled within an hour: at most 1 in 100"
  - "Spam complaints: no more than today (3 in 10,000)"
slice: One button and one mail. No layout editor, no attachment choices. Eight days for two people.
decision_rule: Ship if the estimate is +6 points or more and the 95 % interval lies above 0. Stop otherwise, and write down why.
evidence:{evidence 1}
---
""",
    "hypotheses/H-5c11aa-old-layout.md": """---
version: 1
id: H-5c11aa
status: refuted
owner: Ines Calloway
made: 2026-10-21
started: 2026-10-26
closed: 2026-11-13
change: offer the five commonest layouts of old invoices at sign-up
segment: services
metric: "First invoices drafted within 2 days"
baseline: 38 %
direction: up
size: 5
unit: points
deadline: 2026-11-13
guardrails:
  - "Time to first draft: no longer than today (median 26 minutes)"
slice: Five pictures to choose from, made by hand behind the scenes.
decision_rule: Go on if 43 % or more; stop below 40 %.
result: 37.2 %, 71 of 191
believed: that people are held up because the empty invoice looks like nobody’s
observed: 71 of 191 drafted one within two days, against 74 of 193 without; most who chose a layout changed it line by line all the same
learned: that they check against their own last invoice, not against a style
therefore: drop the layouts, and look at importing one old invoice instead
decision: D-77aa01
confidence:
  - "2026-10-21: 65 %"
  - "2026-11-02: 40 %"
evidence:{evidence 5}
---
""",
    "hypotheses/H-6d0e99-right-person.md": """---
version: 1
id: H-6d0e99
status: draft
made: 2026-11-17
change: ask who holds the tax and bank details, and send that person one link
segment:
metric:
direction: up
size:
deadline:
evidence:{evidence 4}
---
""",
    "bets/B-81c0e2-lists.md": """---
version: 1
id: B-81c0e2
title: Customer lists get in faster
status: active
tier: 1
outcome: A new team has its customers in within an hour of sign-up
metric: Share of new teams with 20 customers or more on day 1
owner: Ines Calloway
review: 2026-12-15
started: 2026-11-02
segment: field and wholesale
hypotheses: [H-3fa9c1]
needs:
  - "Import log in the warehouse: Jonas Weir, by 4 December"
---
""",
    "bets/B-92d1f3-onboarding.md": """---
version: 1
id: B-92d1f3
title: Onboarding shows what is about to happen
status: planned
tier: 2
outcome: First invoices are sent on the day they are drafted
metric: Median hours from draft to sent
owner: Jonas Weir
review: 2027-01-19
hypotheses: [H-4b20d7]
---
""",
    "bets/B-10a2b4-layouts.md": """---
version: 1
id: B-10a2b4
title: Layouts at sign-up
status: dropped
outcome: First drafts come sooner
owner: Ines Calloway
finished: 2026-11-13
hypotheses: [H-5c11aa]
result: 37.2 % against 38.3 % without
---
""",
    "decisions/D-77aa01-layouts.md": """---
version: 1
id: D-77aa01
title: Keep the layouts?
status: decided
date: 2026-11-13
owner: Priya Nair, head of product
options:
  - Drop the layouts
  - Ten layouts instead of five
  - Leave them where they are
chosen: Drop the layouts
why: The test says no, and people check against their own last invoice.
customers: 5 of 9
hypotheses: [H-5c11aa]
evidence:{evidence 5}
review: 2027-01-15
---
""",
    "decisions/D-88bb12-import-test.md": """---
version: 1
id: D-88bb12
title: Start the import test on 11 January?
status: proposed
owner: Priya Nair, head of product
options:
  - "Thin slice, tested: three weeks, two people"
  - "Support cleans lists by hand: starts now, about 25 lists a week"
  - Do nothing
why: If we wait, the test ends after the quarter and the bet closes without a measured result.
hypotheses: [H-3fa9c1]
evidence:{evidence 0}
against:{against 0}
review: 2027-02-26
---
""",
    "decisions/D-99cc23-no-signal.md": """---
version: 1
id: D-99cc23
title: Leave work without signal out of this quarter?
status: proposed
owner: Priya Nair, head of product
options:
  - Leave out, look again in January
  - Start a study with four more field teams
why: Field teams keep typing jobs twice; none of them named it as a reason to leave.
evidence:{evidence 7}
review: 2027-01-19
---
""",
    "decisions/D-66dd34-sso.md": """---
version: 1
id: D-66dd34
title: Single sign-on this quarter?
status: decided
date: 2026-10-05
owner: Priya Nair, head of product
options: [Build it, Say no until spring]
chosen: Say no until spring
why: Only large firms ask for it, and the quarter is not for them.
customers: 1 of 12
review: 2026-12-15
---
""",
    "weeks/2026-W47.md": """---
version: 1
outcomes: [Import test ready to start]
decisions_needed:
  - Who pays for two weeks of a second designer, Priya or Jonas?
  - May support name customers who asked for a trial?
---
""",
}


def write_records(root, themes):
    """All of them below ``discovery/`` of a workspace whose themes are given."""
    pick = {"evidence": pick_evidence, "against": find_against}

    def notes(found):
        theme = themes.summary["theme"].iloc[int(found[2])]
        return "".join(f"\n  - {note}" for note in pick[found[1]](themes, theme))

    for name, text in RECORDS.items():
        file = root / "discovery" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(re.sub(r"{(evidence|against) (\d)}", notes, text), "utf-8")
    quarter = root / "discovery" / "quarter.md"
    quarter.write_text(quarter.read_text("utf-8").replace("- Customer lists get in faster", "- B-81c0e2"), "utf-8")
