"""Defects to plant in the sound workspace of tests/defects: what is changed, and where its rule must find it."""

from dataclasses import dataclass, field
from hashlib import sha256

__all__ = ["PLANTED", "Defect", "plant"]

QUARTER = "discovery/quarter.md"
BET = "discovery/bets/B-a10001-lists.md"
PLAN = "discovery/bets/B-a10002-steps.md"
DONE = "discovery/bets/B-a10003-mail.md"
RUNNING = "discovery/hypotheses/H-a10001-which-row.md"
DRAFT = "discovery/hypotheses/H-a10002-preview.md"
CLOSED = "discovery/hypotheses/H-a10003-mail.md"
DECISION = "discovery/decisions/D-a10001-rows.md"
OLD = "discovery/decisions/D-a10002-mail.md"
WEEK = "discovery/weeks/2026-W47.md"
NOW = "discovery/weeks/2026-W48.md"
ALDER = "interviews/2026-11-17-alder-owner.md"
SAID = "The lift was out of order again"
TRANSCRIPT = "interviews/transcripts/2026-11-17-alder-owner.txt"


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong.

    Parameters
    ----------
    file : str
        Where it is to be found.
    at : list of int or str
        And on which lines, one violation each; a line is named by its number or by what stands in it first.
    words : str
        What each violation must say.
    swap : dict of (str, str) to str
        By file and old text the new text.
    new : dict of str to str
        New files.
    alone : bool
        Whether it shows in more places than its own when planted beside others.
    """

    file: str
    at: list
    words: str
    swap: dict = field(default_factory=dict)
    new: dict = field(default_factory=dict)
    alone: bool = False

    def lines(self, folder):
        """The numbers of the lines, in a workspace in which it is planted."""
        rows = [row.strip() for row in (folder / self.file).read_text("utf-8").split("\n")]
        return [at if isinstance(at, int) else next(i for i, row in enumerate(rows, 1) if at in row) for at in self.at]

    @property
    def files(self):
        return {file for file, _ in self.swap} | set(self.new)


def plant(folder, defect):
    """Change the workspace; a text that is not there to be changed is a fault of the table."""
    for (file, old), new in defect.swap.items():
        text = (folder / file).read_text("utf-8")
        assert text.count(old) == 1, (file, old, text.count(old))
        (folder / file).write_text(text.replace(old, new), "utf-8")
    for file, text in defect.new.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")


def swap(file, old, new, where, words, **more):
    """A text changed, and found on the line that begins with `where`: by default the one that was changed; or on line 1."""
    return Defect(file, [where or new.split("\n")[0].strip()], words, {(file, old): new}, **more)


BETS = {
    f"discovery/bets/B-b1000{n}-x.md": f"---\nid: B-b1000{n}\ntitle: Bet {n}\nstatus: active\ntier: 3\noutcome: Some teams stay\n"
    f"owner: Omar\nreview: 2026-12-14\nstarted: 2026-11-0{n}\nhypotheses: [H-a10001]\nmade: 2026-10-26\n---\n"
    for n in (3, 4, 5)
}

PLANTED = {
    "hypothesis-not-falsifiable": [
        swap(RUNNING, "show each row that was not taken, and why", "make the import easier", None, "“Easier” cannot be seen"),
        swap(RUNNING, "baseline: 41 %\n", "baseline:\n", None, "no baseline"),
        swap(RUNNING, "unit: points", "unit:", None, "it can mean two things"),
        swap(RUNNING, "slice: send the list of rows by mail, by hand, to ten teams", "slice:", None, "no thin slice"),
        swap(RUNNING, "decision_rule: ship at +8 points or more, stop below +4, else two more weeks", "decision_rule:", None, "no decision rule"),
    ],
    "hypothesis-no-guardrail": [
        swap(RUNNING, "guardrails:\n  - Import errors reported: at most 2 in 1,000\n", "guardrails: []\n", None, "no guardrail"),
        swap(RUNNING, "Import errors reported: at most 2 in 1,000", "Import errors reported: few", "guardrails:", "the limit has no number"),
    ],
    "hypothesis-no-end": [
        swap(RUNNING, "deadline: 2027-01-29", "deadline:", None, "no deadline"),
        swap(RUNNING, "deadline: 2027-01-29", "deadline: end of January", None, "is no day"),
    ],
    "hypothesis-no-owner": [swap(RUNNING, "owner: Omar", "owner:", None, "nobody sees to it")],
    "hypothesis-no-evidence": [
        swap(
            CLOSED, "evidence: [2026-11-17-alder-owner#dd14b8bb, 2026-11-19-cedar-manager#f9a94abf]", "evidence: []", None,
            "it has no evidence",
        ),
    ],
    "rests-on-one-customer": [
        swap(CLOSED, "#dd14b8bb, 2026-11-19-cedar-manager#f9a94abf]", "#dd14b8bb]", None, "rests on one customer, Alder"),
        Defect(
            DECISION, ["hypotheses:"], "D-a10001 rests on one customer, Alder",
            {
                (DECISION, "evidence:\n  - 2026-11-17-alder-owner#d7c2baf8\n  - 2026-11-18-birch-bookkeeper#32df4569\n  - 2026-11-19-cedar-manager#0f7ecf9f\n"): "",
                (DECISION, "hypotheses: [H-a10001]"): "hypotheses: [H-b10002]",
                (DECISION, "customers: 3 of 4\n"): "",
            },
            {"discovery/hypotheses/H-b10002-x.md": "---\nid: H-b10002\nstatus: draft\nowner: Lena\nevidence: [2026-11-17-alder-owner#dd14b8bb]\nmade: 2026-11-09\n---\n"},
            alone=True,
        ),
    ],
    "too-many-hypotheses": [
        Defect(
            "discovery/hypotheses/H-b10001-x.md", [5], "one of 3 open hypotheses of week 2026-W47",
            new={"discovery/hypotheses/H-b10001-x.md": "---\nid: H-b10001\nstatus: draft\nowner: Lena\nmade: 2026-11-20\n---\n"},
        ),
    ],
    "closed-without-result": [
        swap(CLOSED, "result: 24.1 %, 402 of 1,668\n", "result:\n", "status:", "called refuted and has no measured result"),
        swap(DONE, "result: 24.1 %, 402 of 1,668, before 23.8 %\n", "", "status:", "called done and has no measured result"),
    ],
    "closed-without-learning": [
        swap(CLOSED, "learned: They had not forgotten, they were stuck\n", "", "status:", "its learning card lacks learned"),
    ],
    "verdict-against-result": [
        swap(CLOSED, "result: 24.1 %, 402 of 1,668", "result: 27 %, 450 of 1,668", None, "called refuted, and its result, 27 %, reaches its target of 26.8 %"),
        swap(CLOSED, "result: 24.1 %, 402 of 1,668", "result: 450 of 1,668", None, "called refuted, and its result, 26.98 %, reaches its target of 26.8 %"),
        Defect(
            CLOSED, ["result:"], "called supported, and its result, 24.1 %, does not reach its target of 26.8 %",
            {(CLOSED, "status: refuted"): "status: supported", (CLOSED, "within chance"): "within chance; 1 in 200 unsubscribed"},
        ),
        Defect(
            CLOSED, ["result:"], "its result, 11 days, does not reach its target of 9 days",
            {
                (CLOSED, "status: refuted"): "status: supported", (CLOSED, "within chance"): "within chance; 1 in 200 unsubscribed",
                (CLOSED, "baseline: 23.8 %"): "baseline: 12 days", (CLOSED, "direction: up"): "direction: down",
                (CLOSED, "result: 24.1 %, 402 of 1,668"): "result: 11 days, before 12 days",
            },
        ),
    ],
    "closed-before-deadline": [
        swap(CLOSED, "closed: 2026-10-01", "closed: 2026-09-30", None, "H-a10003 was closed 1 day before its deadline"),
        swap(CLOSED, "deadline: 2026-10-01", "deadline: 2027-01-01", "closed:", "was closed 92 days before its deadline"),
    ],
    "guardrail-not-reported": [
        Defect(
            CLOSED, ["guardrails:"], "nothing says what the guardrail “Unsubscribed” did",
            {(CLOSED, "status: refuted"): "status: supported", (CLOSED, "result: 24.1 %, 402 of 1,668"): "result: 27 %, 450 of 1,668"},
        ),
        Defect(
            CLOSED, ["guardrails:"], "nothing says what the guardrails, such as “Unsubscribed”, did",
            {
                (CLOSED, "status: refuted"): "status: supported", (CLOSED, "result: 24.1 %, 402 of 1,668"): "result: 27 %, 450 of 1,668",
                (CLOSED, '["Unsubscribed: at most 1 in 100"]'): '["Unsubscribed: at most 1 in 100", "Marked as spam: at most 1 in 1,000"]',
            },
        ),
    ],
    "supported-with-breach": [
        Defect(
            CLOSED, ["breached:"], "called supported, and a guardrail was broken: Unsubscribed: 2 in 100",
            {
                (CLOSED, "status: refuted"): 'status: supported\nbreached: ["Unsubscribed: 2 in 100"]',
                (CLOSED, "result: 24.1 %, 402 of 1,668"): "result: 27 %, 450 of 1,668; unsubscribed 2 in 100",
            },
        ),
    ],
    "running-before-ready": [
        swap(RUNNING, 'logging: ["Import begun: team, with or without the list of rows", "Row refused: reason"]\n', "", "status:", "H-a10001 is running without what is logged"),
        swap(RUNNING, "started: 2026-11-23\n", "", "status:", "without the day of its start"),
    ],
    "test-too-small": [
        swap(RUNNING, "deadline: 2027-01-29", "traffic: 40/week\ndeadline: 2027-01-29", "traffic:", "at 40/week gets 191 until 2027-01-29"),
        swap(RUNNING, "deadline: 2027-01-29", "customers: 300\ndeadline: 2027-01-29", "customers:", "and there are 150 for it"),
    ],
    "goalposts-moved": [
        swap(RUNNING, "started: 2026-11-23", "agreed: 0a1b2c3d\nstarted: 2026-11-23", None, "is not what was agreed at its start"),
        # What was agreed is eleven weeks earlier than what stands there.
        Defect(
            RUNNING, ["agreed:"], "deadline, guardrails, decision rule was changed since",
            {(RUNNING, "started: 2026-11-23"): "started: 2026-11-23\nagreed: acc2982e", (RUNNING, "2027-01-29"): "2027-04-16"},
        ),
    ],
    "hypothesis-overdue": [swap(RUNNING, "2027-01-29", "2026-11-25", None, "was to be looked at on 2026-11-25")],
    "against-not-looked-for": [swap(CLOSED, "looked_for_against: 2026-11-20\n", "", "status:", "nobody has looked for evidence against")],
    "wont-do-empty": [
        swap(QUARTER, "wont_do: [Single sign-on]", "wont_do: []", None, "won't-do list is empty"),
        swap(QUARTER, "wont_do: [Single sign-on]", "wont_do: none", None, "won't-do list is empty"),
    ],
    "too-many-bets": [
        swap(QUARTER, "bets: [B-a10001]", "bets: [B-a10001, Two, Three, Four]", None, "the quarter has 4 bets"),
        Defect("discovery/bets/B-b10005-x.md", [4], "one of 4 active bets", new=BETS),
    ],
    "bet-outside-quarter": [
        Defect(BET, ["status:"], "B-a10001 is active, and is none of the bets of the quarter", {(QUARTER, "bets: [B-a10001]"): "bets: [Steps]"}, alone=True),
    ],
    "two-primary-metrics": [
        swap(QUARTER, 'metric: "Activation: share of new teams that send an invoice within 7 days of sign-up"',
             'metric: "Activation and churn: share of new teams"', None, "the quarter has 2 metrics that come first: Activation, churn"),
        swap(QUARTER, 'metric: "Activation: share of new teams that send an invoice within 7 days of sign-up"',
             'metric: "Lists that are in; jobs done"', None, "Lists that are in, jobs done"),
    ],
    "positioning-too-long": [
        swap(QUARTER, "takes your customers as you have them", "takes your customers as you have them and does all the rest of what there is to do by itself", None, "has 31 words"),
    ],
    "segment-without-exclusion": [
        swap(QUARTER, "  - field: more than 250 people\n", "  - field:\n", None, "segment 'field' leaves nobody out"),
        swap(
            QUARTER, "segments:\n  - field: more than 250 people\n  - wholesale: shops that sell to consumers\n", "", 1,
            "says of no segment whom it leaves out",
        ),
    ],
    "outcome-ambiguous": [swap(QUARTER, "unit: points\n", "", "size:", "can be read in two ways")],
    "outcome-not-measured": [
        swap(QUARTER, "baseline: 30 %\n", "", "outcome:", "the quarter's outcome has no baseline"),
        Defect(QUARTER, ["outcome:"], "has no metric and direction", {(QUARTER, 'metric: "Activation: share of new teams that send an invoice within 7 days of sign-up"\ndirection: up\n'): ""}),
    ],
    "framing-missing": [
        swap(QUARTER, "trigger: 700 of 1,000 new teams in September had sent no invoice by day 7\n", "", 1, "(trigger)"),
        swap(QUARTER, "cost: A team that waits is half as likely to stay\n", "cost:\n", None, "(cost)"),
    ],
    "item-incomplete": [
        swap(QUARTER, "owner: Ines Calloway, product manager", "owner: Ines and Omar", None, "the quarter has more than one owner"),
        swap(QUARTER, "outcome: New teams send their first invoice within a week of signing up", "outcome: Activation rises; churn falls", None, "the quarter has more than one outcome"),
        swap(PLAN, "owner: Lena", "owner:", None, "B-a10002 has no owner"),
        swap(PLAN, "owner: Lena", "owner: Lena and Omar", None, "more than one owner"),
        swap(PLAN, "outcome: Sign-up ends", "outcome: Fewer leave; sign-up ends", None, "more than one outcome"),
        swap(PLAN, "review: 2026-12-14\n", "", 1, "B-a10002 has no review"),
        swap(QUARTER, "owner: Ines Calloway, product manager\n", "", 1, "the quarter has no owner"),
        *[
            swap(file, old, f"owner: {names}", None, f"{id_} has more than one owner: {names!r}")
            for file, id_, old in ((DECISION, "D-a10001", "owner: Ines"), (RUNNING, "H-a10001", "owner: Omar"), (DRAFT, "H-a10002", "owner: Lena"))
            for names in ("Ines Calloway and Omar Reyes", "Ines, Omar", "Ines Calloway, Omar Reyes", "Ines & Omar", "Ines/Omar", "Ines, product manager, and Omar Reyes")
        ],
    ],
    "bet-without-outcome-link": [swap(BET, "hypotheses: [H-a10001]", "hypotheses: []", None, "names no hypothesis")],
    "everything-top-tier": [
        Defect(
            BET, [6], "all 3 bets are of tier 1", {(PLAN, "tier: 2"): "tier: 1"},
            {"discovery/bets/B-b10009-x.md": BETS["discovery/bets/B-b10003-x.md"].replace("B-b10003", "B-b10009").replace("tier: 3", "tier: 1").replace("active", "planned")},
            alone=True,
        ),
    ],
    "vanity-metric": [
        swap(PLAN, 'metric: "Set-up steps completed: share of those who begin set-up that end it"', "metric: Page views", None, "“Page views” can rise while nobody is better off"),
        swap(
            QUARTER, 'metric: "Activation: share of new teams that send an invoice within 7 days of sign-up"', "metric: Likes", None,
            "“Likes” can rise",
        ),
    ],
    "blocker-without-owner": [
        swap(BET, "Test lists from support: Lena, 2026-12-01", "Test lists from support: 2026-12-01", None, "has no owner"),
        swap(WEEK, "Test lists from support: Lena, 2026-11-19", "Test lists from support: Lena", None, "has no day"),
        swap(WEEK, "Test lists from support: Lena, 2026-11-19", "Test lists", "blockers:", "'Test lists' has no owner"),
    ],
    "review-overdue": [
        swap(BET, "review: 2026-12-14", "review: 2026-11-25", None, "B-a10001 was to be looked at again on 2026-11-25"),
        swap(QUARTER, "review: 2027-01-11", "review: 2026-11-16", None, "the quarter was to be looked at again on 2026-11-16"),
        swap(DECISION, "review: 2027-01-29", "review: 2026-11-24", None, "D-a10001 was to be looked at again on 2026-11-24"),
    ],
    "decision-chosen-not-an-option": [
        swap(DECISION, "chosen: Show the rows", "chosen: Show some rows", None, "chose 'Show some rows'"),
        swap(DECISION, "chosen: Show the rows", "chosen:", None, "does not say what was chosen"),
    ],
    "decision-too-few-options": [
        swap(DECISION, "options: [Nothing, Show the rows, Take any list]", "options: [Show the rows]", None, "has one option"),
    ],
    "decision-no-review": [
        swap(DECISION, "review: 2027-01-29\n", "", "status:", "no day on which it is looked at again"),
        swap(
            DECISION, "review: 2027-01-29", "reviewed: 2026-11-24\nreview: 2026-11-20", "review:",
            "is to be looked at again on 2026-11-20, and was decided on 2026-11-20",
        ),
    ],
    "decision-no-owner": [
        swap(DECISION, "owner: Ines", "owner:", None, "does not say who decided"),
        swap(DECISION, "date: 2026-11-20\n", "", "status:", "does not say when"),
    ],
    "decision-no-reason": [swap(DECISION, "why: It can be tried by hand within a week\n", "", "status:", "does not say why")],
    "evidence-changed": [
        Defect(
            DECISION, ["hypotheses:"], "rests on H-a10003, which has been refuted since",
            {(DECISION, "hypotheses: [H-a10001]"): "hypotheses: [H-a10001, H-a10003]", (CLOSED, "closed: 2026-10-01"): "closed: 2026-11-24"},
        ),
        Defect(
            "discovery/decisions/D-b10001-x.md", [8], "rests on words of Elm that do not count any more",
            new={
                "interviews/2026-11-20-elm.md": f"---\ndate: 2026-11-20\ncustomer: Elm\nconsent: none\n---\n- {SAID}\n",
                "discovery/decisions/D-b10001-x.md": "---\nid: D-b10001\nstatus: decided\ndate: 2026-11-20\nowner: Ines\noptions: [A, B]\n"
                f"chosen: A\nevidence: [2026-11-20-elm#{sha256(SAID.encode()).hexdigest()[:8]}]\nwhy: Elm said so\nreview: 2027-01-29\nmade: 2026-11-20\n---\n",
            },
        ),
    ],
    "count-not-in-records": [
        swap(DECISION, "customers: 3 of 4", "customers: 4 of 4", None, "counts 4 customers, and its notes are of 3"),
        swap(DECISION, "customers: 3 of 4", "customers: 3 of 12", None, "counts 3 of 12 customers, and there are 4"),
    ],
    "decision-rewritten": [
        swap(DECISION, "bet: B-a10001", "bet: B-a10001\nagreed: 0123abcd", "agreed:", "D-a10001 is not as it was decided"),
    ],
    "decision-nobody-asked": [
        Defect(
            "discovery/decisions/D-b10009-x.md", ["due:"], "is needed by 2026-12-01, and nobody has seen it",
            new={"discovery/decisions/D-b10009-x.md": "---\nid: D-b10009\nowner: Ines\noptions: [A, Do nothing]\ndue: 2026-12-01\nmade: 2026-11-20\n---\n"},
        ),
    ],
    "record-undated": [
        swap(DECISION, "made: 2026-11-20\n", "", "status:", "D-a10001 does not say on which day it was written down"),
        swap(BET, "made: 2026-10-26\n", "made:\n", None, "B-a10001 does not say"),
    ],
    "superseded-without-successor": [
        Defect(OLD, ["status:"], "is superseded, and no decision that was made says by it", {(DECISION, "supersedes: D-a10002\n"): ""}),
        # What is only proposed has not taken its place yet.
        Defect(OLD, ["status:"], "is superseded, and no decision that was made", {(DECISION, "status: decided"): "status: proposed"}),
        swap(OLD, "status: superseded", "status: decided\nreviewed: 2026-10-01", None, "which still says it is decided"),
    ],
    "too-few-touchpoints": [],
    "too-many-outcomes": [
        swap(WEEK, "outcomes: [Three calls about lists, A decision on refused lists]", "outcomes: [One, Two, Three]", None, "is for 3 outcomes"),
    ],
    "planned-more-than-finished": [
        swap(NOW, "planned: [Send ten lists, Ask each a week later]", "planned: [One, Two, Three]", None, "finished: usually "),
    ],
    "learned-from-nowhere": [
        swap(WEEK, "Nobody sees which row is wrong, 2026-11-17-alder-owner#d7c2baf8", "Nobody sees which row is wrong", None, "from nothing that is named"),
    ],
    "learned-is-gone": [
        swap(WEEK, "2026-11-17-alder-owner#d7c2baf8", "2026-11-17-alder-owner#00000000", None, "is neither a note nor a record"),
    ],
    "work-without-record": [
        swap(NOW, "  - B-a10001\n  - B-a10002\n", "  - B-a10001\n  - Mend the log-in\n  - B-a10002\n", "- Mend the log-in", "has 'Mend the log-in' in its order of work"),
        swap(NOW, "  - B-a10001\n  - B-a10002\n", "  - B-a10001\n  - B-a10009: new\n  - B-a10002\n", "- B-a10009", "which is no hypothesis and no bet"),
    ],
    "moved-without-cause": [
        swap(NOW, "  - B-a10001\n  - B-a10002\n", "  - B-a10002\n  - B-a10001\n", "- B-a10002", "2026-W48 has B-a10002 at another place than 2026-W47"),
    ],
    "duplicate-call": [],
    "call-mismatch": [],
    "transcript-mismatch": [
        swap(TRANSCRIPT, "Alder, 2026-11-17", "2026-11-18-birch-bookkeeper", 1, "it says 2026-11-18-birch-bookkeeper, and is of 2026-11-17-alder-owner"),
        Defect(
            "interviews/transcripts/2026-11-12-elm.vtt", [1], "no call names it, and there is no call '2026-11-12-elm'",
            new={"interviews/transcripts/2026-11-12-elm.vtt": "WEBVTT\n"},
        ),
    ],
    "transcript-day": [
        swap(TRANSCRIPT, "Alder, 2026-11-17", "Alder, 2021-11-17", 1, "it says 2021-11-17, and its call's date is 2026-11-17"),
    ],
    "transcript-missing": [
        swap(ALDER, "consent: quote", "consent: quote\ntranscript: 2026-11-17-alder.txt", "transcript:", "there is no '2026-11-17-alder.txt' in interviews/transcripts/"),
        Defect(
            ALDER, ["transcript:"], "the transcript cannot be read: interviews/transcripts/alder.vtt:1: there are no captions",
            {(ALDER, "consent: quote"): "consent: quote\ntranscript: alder.vtt"}, {"interviews/transcripts/alder.vtt": "WEBVTT\n"}, alone=True,
        ),
    ],
    "us-unknown": [
        swap(ALDER, "consent: quote", "consent: quote\nus: Us; Tom", "us:", "nobody in interviews/transcripts/2026-11-17-alder-owner.txt is called 'Tom', but Us, Ana"),
    ],
    "speaker-unclear": [
        Defect(
            ALDER, ["us:"], "'Host' (interviews/transcripts/2026-11-17-alder-owner.txt:7) is called as those who ask are: the words do not count",
            {(ALDER, "consent: quote"): "consent: quote\nus: Us", (TRANSCRIPT, "Us: And"): "Host: And"},
        ),
    ],
    "speaker-not-listed": [
        Defect(ALDER, ["who:"], "'Tom Poe' speaks in interviews/transcripts/2026-11-17-alder-owner.txt, and is listed nowhere: the words count as the customer's", {(TRANSCRIPT, "Ana: All but"): "Tom Poe: All but"}),
    ],
    "quote-not-in-transcript": [
        Defect(ALDER, ["I typed all"], "is not what was said: “I typed all twenty customers in", {(TRANSCRIPT, "two hundred"): "twenty"}),
        Defect(ALDER, ["I typed all"], "stands nowhere in", {(TRANSCRIPT, "I typed all two hundred customers in by hand"): "It took us a while"}),
        Defect(
            ALDER, ["I typed all"], "joins what was said in 2 places, interviews/transcripts/2026-11-17-alder-owner.txt:4, "
            "interviews/transcripts/2026-11-17-alder-owner.txt:6",
            {(TRANSCRIPT, "by hand on"): "myself.\nUs: How did that go for you?\nAna: By hand on"},
        ),
    ],
    "quote-is-ours": [
        Defect(ALDER, ["I typed all"], "was said by one of you (Us, interviews/transcripts/2026-11-17-alder-owner.txt:4), and does not count", {(TRANSCRIPT, "Ana: I typed"): "Us: I typed"}),
    ],
    "record-unreadable": [
        swap(BET, "tier: 1", "tier: top", None, "tier 'top' is not known"),
        swap(DECISION, "owner: Ines", "owner: [Ines, Omar]", None, "owner holds a list"),
        swap(RUNNING, "owner: Omar", "owner: [Ines, Omar]", None, "owner holds a list"),
        swap(DECISION, "customers: 3 of 4", "customers: three of four", None, "customers 'three of four' is no count"),
    ],
    "field-misspelt": [
        swap(BET, "needs:", "need:", None, "'need' is no field"),
        swap(RUNNING, "because: nobody", "Because: nobody", None, "'Because' is no field"),
        swap(QUARTER, "positioning: For", "postioning: For", None, "'postioning' is no field"),
    ],
    "call-odd": [swap(ALDER, "consent: quote", "consent: maybe", None, "consent")],
    "duplicate-id": [
        Defect(
            "discovery/bets/B-b10008-x.md", [2], "B-a10001 is the id of discovery/bets/B-a10001-lists.md too",
            new={"discovery/bets/B-b10008-x.md": BETS["discovery/bets/B-b10003-x.md"].replace("B-b10003", "B-a10001").replace("active", "planned")},
        ),
    ],
    "link-broken": [
        swap(BET, "hypotheses: [H-a10001]", "hypotheses: [H-a10009]", None, "there is no H-a10009"),
        swap(DECISION, "bet: B-a10001", "bet: B-a10009", None, "there is no B-a10009"),
        swap(QUARTER, "bets: [B-a10001]", "bets: [B-a10001, B-a10009]", None, "there is no B-a10009"),
        swap(QUARTER, "bets: [B-a10001]", "bets: [B-a10001, B-a10009 Lists get in]", None, "there is no B-a10009"),
    ],
    "evidence-gone": [
        swap(RUNNING, "against: [2026-11-19-dogwood-owner#f11de5a5]", "against: [2026-11-19-dogwood-owner#00000000]", None, "#00000000 has been reworded or removed"),
        swap(RUNNING, "against: [2026-11-19-dogwood-owner#f11de5a5]", "against: [2026-11-09-elm#00000000]", None, "is of a call that is not there, 2026-11-09-elm"),
        swap(RUNNING, "against: [2026-11-19-dogwood-owner#f11de5a5]", "against: [Dogwood]", None, "Dogwood is no note's id"),
    ],
}  # fmt: skip

_CALL = (
    "---\ndate: {day}\ncustomer: {customer}\nconsent: quote\n---\n"
    "- The van was late, and the driver had the wrong list of stops with him again\n"
    "- Prints the stops every morning at six and corrects them by hand in the yard\n"
)
_ONE = _CALL.format(day="2026-11-24", customer="Alder")
_THIRD = "- Two of the drivers leave before the list is right, and are called back from the road\n"
PLANTED["duplicate-call"] = [
    Defect(
        "interviews/2026-11-25-dogwood.md", [1],
        "nearly the same notes as interviews/2026-11-24-alder.md, and its customer is Dogwood and not Alder",
        new={
            "interviews/2026-11-24-alder.md": _ONE + _THIRD,
            "interviews/2026-11-25-dogwood.md":
                _CALL.format(day="2026-11-25", customer="Dogwood").replace("again", "") + _THIRD,
        },
    ),
    Defect(
        "interviews/2026-11-25-alder.md", [1], "the same notes as",
        new={"interviews/2026-11-24-alder.md": _ONE, "interviews/2026-11-25-alder.md": _ONE.replace("11-24", "11-25")},
    ),
]  # fmt: skip
PLANTED["call-mismatch"] = [
    Defect("interviews/2026-11-24-x.md", [1], "its name says 2026-11-24, and its date is 2026-11-25",
           new={"interviews/2026-11-24-x.md": _ONE.replace("11-24", "11-25")}, alone=True),
    Defect("interviews/2026-11-24-birch.md", [1], "its name says Birch, and its customer is Alder",
           new={"interviews/2026-11-24-birch.md": _ONE}, alone=True),
    Defect("interviews/2026-12-24-x.md", [1], "its date 2026-12-24 is yet to come",
           new={"interviews/2026-12-24-x.md": _ONE.replace("11-24", "12-24")}, alone=True),
    Defect("interviews/2026-11-24-z.md", [6], "its heading says 2021-03-04, and its date is 2026-11-24",
           new={"interviews/2026-11-24-z.md": _ONE.replace("---\n-", "---\n# P7, 2021-03-04\n-")}, alone=True),
    Defect("interviews/P3.md", [2], "it says that it is P7, and its file is named P3",
           new={"interviews/P3.md": _ONE.replace("---\n", "---\nid: P7\n", 1)}, alone=True),
]  # fmt: skip
PLANTED["too-few-touchpoints"] = [
    Defect("discovery/weeks/2026-W44.md", [3], "2026-W44: talked to no customer",
           new={"discovery/weeks/2026-W44.md": "---\noutcomes: [One]\ntouchpoints: [Alder]\n---\n"}),
]  # fmt: skip

READOUT = "discovery/readouts/2026-11-20-lists.md"
OTHER = "discovery/readouts/2026-11-24-x"
QUOTED = '> "It took my whole Tuesday to find the one column that it wanted"'


def told(ending, text, at, words):
    """A new readout."""
    return Defect(OTHER + ending, at, words, new={OTHER + ending: text})


def added(text, words, where=None):
    """A paragraph at the end of the readout that is there."""
    return swap(
        READOUT,
        "to change anything” (Dogwood).",
        f"to change anything” (Dogwood).\n\n{text}",
        where or text.split("\n")[0],
        words,
    )


PLANTED |= {
    "readout-unreadable": [
        told(".json", '[{"statement": }]', [1], "this is no JSON"),
        told(".json", '[\n{"id": "F1", "statement": ""}]', [2], "finding F1 says nothing"),
    ],
    "quote-not-verbatim": [
        swap(
            DECISION, "why: It can be tried by hand within a week",
            "why: Birch said “It took my whole Monday to find the one column that it wanted”", None, "is not what was said",
        ),
        swap(RUNNING, "Omar asks support for ten lists that were refused.", 'Alder: "I typed all three hundred customers in by hand on a Sunday"', 'Alder: "', "is not what was said"),
        swap(READOUT, "the one column that it wanted", "the one column it asked for", '> "It took', "“that”, not “it asked for”"),
        swap(READOUT, QUOTED, "> It never worked for anybody in our office", None, "(credited to Birch) stands in no note"),
        swap(READOUT, QUOTED, "> It took my whole Tuesday. Had to rename every heading", None, "joins words from 2 notes"),
        Defect(
            READOUT, ["“It is only a matter of time"], "is the PM's own take, interviews/2026-11-10-alder-owner.md:8",
            {
                (READOUT, "One customer, Dogwood, had"): "“It is only a matter of time until she leaves us” was heard\n\nOne customer, Dogwood, had",
                ("interviews/2026-11-10-alder-owner.md", "dentist's\n"): "dentist's\n- = It is only a matter of time until she leaves us\n",
            },
        ),
    ],
    "quote-misattributed": [
        swap(READOUT, "> — Birch", "> — Dogwood", '> "It took', "was said by Birch, not by Dogwood: interviews/2026-11-18-birch"),
        swap(READOUT, "> — Birch", "> — P77", '> "It took', "was said by Birch, not by P77"),
        swap(
            READOUT, "> — Birch", "> — interviews/2026-11-18-birch-bookkeeper.md:9", '> "It took',
            "does not stand in interviews/2026-11-18-birch-bookkeeper.md:9 but in interviews/2026-11-18-birch-bookkeeper.md:8",
        ),
    ],
    "quoted-beyond-consent": [
        swap(
            RUNNING, "because: nobody saw which row was wrong",
            "because: One “Gave up on the list after three tries and asked the accountant to do it”", None, "Cedar",
        ),
        added("Another said “Gave up on the list after three tries”", "Cedar has agreed to aggregate only"),
        added("One of them gave up on the list after three tries, and went", "“gave up on the list after three tries, and” stands so in"),
    ],
    "quote-concentration": [
        told(
            ".md",
            "# Lists\n\n- Birch: “It took my whole Tuesday”\n- Birch: “to find the one column”\n- Birch: “the one column that it wanted”\n"
            "- Alder: “I typed all two hundred customers in by hand”\n- Dogwood: “Ours went in at the first try”\n",
            [3], "3 of 5 quotes are from 1 of 4 customers, Birch",
        ),
    ],
    "count-mismatch": [
        swap(READOUT, "3 of 4 customers could", "2 of 4 customers could", None, "“2 of 4 customers”, and 3 are listed: Alder, Birch, Cedar"),
        swap(READOUT, "3 of 4 customers could", "3 of 9 customers could", None, "“3 of 9 customers”: there are calls with 4 customers"),
        told(".json", '[{"claim": "Two customers type",\n "customers": ["Alder", "Birch", "Cedar"]}]', [1], "“Two customers”, and 3 are listed"),
        told(".json", '[{"claim": "They type", "customers": ["Alder", "Birch"],\n"n": 3}]', [2], "“n: 3”, and 2 are listed: Alder, Birch"),
        told(
            ".json", '[{"claim": "Two customers type", "evidence": ["2026-11-17-alder-owner#d7c2baf8"]}]', [1],
            "“Two customers”, and 1 is behind the notes it cites: Alder",
        ),
    ],
    "customers-mismatch": [
        told(
            ".md", "# Lists\n\nCustomers: Alder, Birch\n\nThey had no trouble (2026-11-19-dogwood-owner#f11de5a5).\n", [3],
            "lists Alder, Birch; notes of Dogwood are cited",
        ),
    ],
    "citation-unknown": [
        added("They type (C-000000:7).", "there is no note C-000000:7", "## One list"),
        swap(READOUT, "> — Birch", "> — Birch, interviews/2026-11-18-birch-bookkeeper.md:70", '> "It took', "there is no note interviews/"),
    ],
    "one-number-two-values": [
        added("2 of 4 customers could not tell what was wrong with the list.", "“2 of 4 customers” here, and “3 of 4 customers” in line 5"),
    ],
    "duplicate-finding": [
        added("## Lists are refused without reasons\n\n3 of 4 customers could not tell what was wrong with their lists.", "says the same as"),
    ],
    "finding-rests-on-one": [
        told(".json", '[{"claim": "Customers type their lists by hand", "customers": ["Alder"]}]', [1], "speaks of customers, and Alder alone"),
    ],
    "template-left": [
        added("## Finding two", "“Finding two” is left from a template"),
        added("They said <what they said> then.", "“<what they said>” is left from a template"),
        added("Seen on [date] by all.", "“[date]” is left from a template"),
        added("Next step: TBD", "“TBD” is left"),
        swap(BET, "title: Lists get in faster", "title: TODO", None, "“TODO” is left"),
    ],
    "personal-data": [
        added("Ask Ben Sato.", "“Ben Sato” is the name of a listed person"),
        added("Write to office@birch.example.", "“office@birch.example” is an e-mail address"),
        added("Ring +44 20 7946 0958 for it.", "is a telephone number"),
        added("Paid from DE89 3704 0044 0532 0130 00.", "is an account number"),
        added("Paid with 4111 1111 1111 1111.", "is a card number"),
        swap(QUARTER, "capacity: Two engineers", "capacity: Two engineers and Cleo Vance", None, "“Cleo Vance” is the name of a listed person"),
    ],
}  # fmt: skip
