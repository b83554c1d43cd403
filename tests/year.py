"""A workspace that has been kept for a year: 52 weeks, 150 calls, 40 customers, and the records of a team of three."""

import random
from datetime import date, timedelta

from workbench.frontmatter import set_fields

__all__ = ["LAST_WEEK", "N_CALLS", "N_CUSTOMERS", "N_WEEKS", "make_year"]

N_WEEKS, N_CALLS, N_CUSTOMERS = 52, 150, 40
FIRST_MONDAY = date(2025, 11, 24)
LAST_WEEK = "2026-W47"
SEGMENTS = ("field", "services", "wholesale", "clinics")
KINDS = ("discovery", "discovery", "discovery", "usability", "sales", "support")
FIRSTS = "Alder Birch Cedar Dogwood Elm Fir Ginkgo Hazel Ivory Juniper".split()
LASTS = ("Heating", "Studio", "Textiles", "Dental")
OWNERS = ("Ines Calloway", "Jonas Weir", "Priya Nair")
# What people talk about: (tag, pains, workarounds, quotes, wishes). {n} is a number of theirs.
TOPICS = (
    ("import", ("The customer import stops at row {n} and does not say why", "Import made {n} double customers out of one list"),
     "Cleans the customer list in Excel for {n} minutes before every import", "I import the list, it fails, I fix one row, it fails again. {n} times.",
     "Wants to see which import row is wrong before anything is saved"),
    ("export", ("The weekly export loses the totals, so she adds up {n} lines by hand", "Export to the accountant takes {n} clicks"),
     "Copies the export into a sheet with {n} formulas", "My accountant sends the export back, {n} times this quarter.",
     "Wants the export in the columns that the accountant has"),
    ("portal", ("Types {n} invoices a week into the client's portal again", "A portal invoice was rejected over {n} pence"),
     "Keeps {n} portal passwords on a card by the phone", "They have {n} portals, and each wants the order number in another box.",
     "Wants to type an invoice once, not again for each portal"),
    ("reminders", ("Nobody chases late payments, {n} invoices are overdue", "Reminders go out on a Sunday, {n} clients complained"),
     "Writes late payment reminders from a diary, {n} on Fridays", "I am owed {n} thousand and I find out when the rent is due.",
     "Wants late payment reminders that know who has paid"),
    ("tax", ("The tax number field stopped the sign-up for {n} days", "Tax rates were wrong on {n} invoices in spring"),
     "Asks the bookkeeper for the tax number by text, {n} messages", "It asks me for a tax number and I have {n} of them.",
     "Wants the tax details asked of the person who has them"),
    ("mobile", ("On the phone the job form forgets {n} photos without signal", "The mobile app logged him out {n} times on a roof"),
     "Photographs the paper job sheet, {n} a day, and types it at night", "No signal in a basement. {n} jobs, typed twice.",
     "Wants the mobile app to work without signal"),
    ("approval", ("Approval of a quote takes {n} days because the boss gets no mail", "Quotes sit in approval, {n} were lost last month"),
     "Prints quotes for approval and lays {n} on a desk", "I wait {n} days for a yes on a quote of fifty.",
     "Wants the boss to approve a quote from the mail itself"),
    ("reports", ("The Monday report takes {n} minutes to load", "Report filters reset, she sets {n} filters each Monday"),
     "Keeps screenshots of {n} report filters", "Every Monday the filters are gone, {n} of them.",
     "Wants the report to keep last week's filters"),
    ("rights", ("New colleagues see all salaries, {n} people do", "Rights for {n} colleagues have to be set one by one"),
     "Shares one login between {n} colleagues", "We are {n} people on one password because rights take a morning.",
     "Wants the rights of one colleague copied to the next"),
    ("pricing", ("The plan jumps to {n} pounds a month with one more user", "Price per user punishes {n} seasonal helpers"),
     "Deletes users in winter, {n} of them, to stay on the small plan", "I would pay {n} pounds a month for the portals alone.",
     "Wants a price by invoice, not by user"),
)  # fmt: skip


def make_year(root):
    """Make the workspace below a folder that is there; the same bytes every time."""
    chance = random.Random(47)
    customers = [f"{first} {last}" for last in LASTS for first in FIRSTS]
    segment_of = {name: SEGMENTS[LASTS.index(name.split()[1])] for name in customers}
    calls = _calls(chance, customers)
    for day, customer, text in calls:
        _write(root, f"interviews/{day}-{customer.lower().replace(' ', '-')}.md", text(segment_of[customer]))
    registry = "".join(f"  {name}:\n    segment: {segment_of[name]}\n" for name in customers)
    _write(root, "discovery/customers.yaml", f"version: 1\ncustomers:\n{registry}")
    _write(root, "discovery/salt", "47" * 16 + "\n")
    _write(root, "discovery/quarter.md", set_fields("", _QUARTER))
    for i in range(6):
        _bet(root, i)
    for i in range(12):
        _hypothesis(root, i, calls)
        _decision(root, i)
    for i in range(N_WEEKS):
        _week(root, i, chance, customers, calls)
    return root


def _write(root, name, text):
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _id(head, i):
    return f"{head}-{0xA10000 + i:06x}"


def _day(week, weekday=0):
    return FIRST_MONDAY + timedelta(7 * week + weekday)


def _name(week):
    year, number, _ = _day(week).isocalendar()
    return f"{year}-W{number:02d}"


def _calls(chance, customers):
    """Day, customer and text of each call, three most weeks; topics come and go over the year."""
    calls = []
    per_week = [3] * 46 + [2] * 6
    chance.shuffle(per_week)
    for week, n in enumerate(per_week):
        for k, customer in enumerate(chance.sample(customers, n)):
            about = chance.sample(range(len(TOPICS)), 2)
            about[0] = (week // 8 + k) % len(TOPICS) if chance.random() < 0.6 else about[0]
            rows = []
            for topic in dict.fromkeys(about):
                tag, pains, workaround, quote, wish = TOPICS[topic]
                said = [f"! {chance.choice(pains)}", f"~ {workaround}", f'"{quote}"', f"? {wish}"]
                for row in sorted(chance.sample(range(4), 3)):
                    rows.append(f"- {said[row].format(n=chance.randrange(2, 60))} #{tag}\n")
            rows.append("- = Ask again after the next release\n")
            head = {
                "date": str(_day(week, 1 + k)),
                "customer": customer,
                "who": f"{chance.choice(('office manager', 'owner', 'bookkeeper', 'team lead'))}",
                "kind": chance.choice(KINDS),
                "consent": chance.choice(("quote", "quote", "quote", "aggregate")),
            }
            calls.append(
                (str(_day(week, 1 + k)), customer, lambda segment, head=head, rows=rows: _call(head, segment, rows))
            )
    return calls


def _call(head, segment, rows):
    return set_fields("", {**head, "segment": segment}) + "".join(rows)


_QUARTER = {
    "version": "1",
    "title": "Getting paid without typing twice",
    "product": "Tidewater",
    "owner": OWNERS[0],
    "quarter": "2026-Q4",
    "outcome": "Activation of new teams goes from 30 % to 35 %, which is 5 percentage points, by 31 December 2026.",
    "metric": "Activation: share of new teams that send a first invoice within 7 days of sign-up",
    "baseline": "30 %",
    "direction": "up",
    "size": "5",
    "unit": "points",
    "deadline": "2026-12-31",
    "review": "2026-12-15",
    "segments": ["field", "services"],
    "trigger": "Of 1,000 new teams in September, 700 had sent no invoice by day 7",
    "cost": "A team that sends in its first week is still paying after three months in 71 cases of 100, any other in 24",
    "bets": [_id("B", 4), _id("B", 5)],
    "wont_do": ["A custom report builder"],
    "watched": ["Import tickets: at most 14 a week", "Invoices recalled within an hour"],
    "capacity": "Two engineers for nine weeks",
}


def _bet(root, i):
    start = 8 * i
    done = i < 4
    fields = {
        "version": "1",
        "id": _id("B", i),
        "title": f"{TOPICS[i][0].capitalize()} without typing twice",
        "status": "done" if done else "active",
        "tier": str(1 + i % 3),
        "outcome": f"Teams spend an hour a week less on {TOPICS[i][0]}",
        "metric": f"Hours a week on {TOPICS[i][0]}",
        "owner": OWNERS[i % 3],
        "review": str(_day(start + 12, 1) if done else _day(52 + i, 1)),
        "started": str(_day(start)),
        "hypotheses": [_id("H", 2 * i), _id("H", 2 * i + 1)],
    }
    if done:
        fields |= {
            "shipped": str(_day(start + 8)),
            "finished": str(_day(start + 11)),
            "result": f"{2 + i} hours before, {1 + i} after",
        }
    else:
        fields["needs"] = [f"Test account of a portal: {OWNERS[2]}, {_day(50 + i, 4)}"]
    _write(root, f"discovery/bets/{_id('B', i)}-{TOPICS[i][0]}.md", set_fields("", fields))


def _hypothesis(root, i, calls):
    start = min(4 * i, 46)
    status = ("supported", "refuted", "supported", "dropped")[i % 4] if i < 9 else ("running", "ready", "draft")[i - 9]
    fields = {
        "version": "1",
        "id": _id("H", i),
        "status": status,
        "owner": OWNERS[i % 3],
        "made": str(_day(start, 1)),
        "change": f"show what is wrong with {TOPICS[i % 10][0]} before anything is saved",
        "segment": SEGMENTS[i % 4],
        "metric": "Import completed: share of new teams with a customer list on day 1",
        "baseline": "40 %",
        "direction": "up",
        "size": "4",
        "unit": "points",
        "deadline": str(_day(start + 10, 4)),
        "because": "they type it twice and count the hours",
        "guardrails": ["Slowest tenth: under 4 minutes"],
        "slice": "One page, files only, no undo",
        "decision_rule": "Ship if the whole interval lies above 0, stop otherwise",
        "bet": _id("B", i // 2),
        "confidence": [f"{_day(start, 1)}: {50 + 5 * (i % 6)} %"],
    }
    if status not in ("draft", "ready"):
        fields["started"] = str(_day(start + 2))
    if status in ("supported", "refuted", "dropped"):
        fields |= {
            "closed": str(_day(start + 5, 4)),
            "result": f"4{i % 7} % of 310",
            "learned": "people look before they save",
        }
    if status == "draft":
        fields |= {"metric": "", "size": "", "unit": "", "deadline": "", "slice": ""}
    _write(root, f"discovery/hypotheses/{_id('H', i)}-{TOPICS[i % 10][0]}.md", set_fields("", fields))


def _decision(root, i):
    day = _day(min(4 * i + 3, 50), 4)
    open_ = i > 9
    fields = {
        "version": "1",
        "id": _id("D", i),
        "title": f"Go on with {TOPICS[i % 10][0]}?",
        "status": "proposed" if open_ else "decided",
        "date": "" if open_ else str(day),
        "owner": OWNERS[(i + 1) % 3],
        "options": ["Go on", "Stop", "Do nothing"],
        "chosen": "" if open_ else ("Go on", "Stop")[i % 2],
        "why": "It is what most of them lose time with",
        "hypotheses": [_id("H", i)],
        "customers": f"{4 + i % 5} of {20 + i}",
        "review": str(day + timedelta(90)),
    }
    if i < 7:
        fields["reviewed"] = fields["review"]
    if open_:
        fields |= {"ask": "Two engineers for three weeks", "due": str(_day(51, 4) + timedelta(7 * (i - 10)))}
    _write(root, f"discovery/decisions/{_id('D', i)}-{TOPICS[i % 10][0]}.md", set_fields("", fields))


def _week(root, i, chance, customers, calls):
    """The last week is as it stands on its Wednesday: nothing of Thursday and Friday is written yet."""
    over = i < N_WEEKS - 1
    heard = sorted({customer for day, customer, _ in calls if str(_day(i)) <= day <= str(_day(i, 6))})
    topic, next_topic = TOPICS[(i // 8) % 10][0], TOPICS[((i + 1) // 8) % 10][0]
    planned = [
        f"{verb} {topic}" for verb in ("Design of", "Test plan for", "Log events of", "Fix errors in", "Help page for")
    ]
    planned = planned[: chance.randrange(3, 6)]
    fields = {
        "version": "1",
        "outcomes": [f"The {topic} slice is ready to test", f"Three calls about {topic}"][: 1 + i % 2],
        "metrics": [f"Activation: {30 + i // 13} %", f"Import tickets: {14 - i // 10} this week"],
        "blockers": [f"Test account of a portal: {OWNERS[2]}, {_day(i, 3)}"] if i % 3 else ["none"],
        "touchpoints": sorted({*heard, chance.choice(customers)}),
        "planned": planned,
        "risks": [f"The {topic} log is a week late"] if i % 4 == 0 else [],
    }
    if over:
        fields |= {
            "finished": planned[: chance.randrange(1, len(planned) + 1)],
            "shipped": [f"The {topic} page says which row is wrong"] if i % 2 else ["nothing"],
            "changed": [f"The order of work: {topic} first"] if i % 8 == 0 else ["nothing"],
            "learned": [f"They look before they save, {_id('H', min(i // 4, 11))}"],
            "next": [f"Design of {next_topic}", f"Three calls about {next_topic}"],
            "decisions_needed": [f"Who pays for a second designer for {topic}?"] if i % 5 == 0 else ["none"],
            "whats_new": [f"The {topic} page shows errors first"] if i % 2 else ["nothing"],
            "who_benefits": [SEGMENTS[i % 4]],
            "how_to_pitch": [f"You see what is wrong with {topic} before it is saved"],
            "not_to_promise": ["A custom report builder"],
            "backlog": [f"{_id('H', 9)}", f"{_id('H', 10)}: 2 more customers" if i % 8 == 0 else _id("H", 10)],
        }
    _write(root, f"discovery/weeks/{_name(i)}.md", set_fields("", fields))
