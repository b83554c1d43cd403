"""The forms of the week: Monday, Wednesday, Thursday, Friday, the quarter and a decision, each with its places."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.checks.rule import Violation
from workbench.customers import fold_name
from workbench.deciding import AFTERWARDS, decide, say_made
from workbench.errors import InputError
from workbench.hypotheses import check_hypothesis
from workbench.newest import today as newest_today
from workbench.record_files import find_record
from workbench.records import KINDS, QUARTER, Decision, Hypothesis, first_text, parse_decision, parse_hypothesis
from workbench.records.quarter import QUARTER_FILE
from workbench.records.typed import fold_sentence, fold_text, week_of, week_start
from workbench.rituals import Moment, Offer, week_before
from workbench.rituals.capacity import find_commitment
from workbench.rituals.decisions import find_upcoming, newest_first
from workbench.rituals.focus import MOST_OUTCOMES
from workbench.rituals.limits import MOST_BETS, MOST_WORDS, find_allowing
from workbench.rituals.readiness import next_first
from workbench.rituals.touchpoints import FEWEST, MOST, find_touchpoints
from workbench.store import read_text, slug
from workbench.widgets.card_hints import CLOSED, LOCKED, hint_lock
from workbench.widgets.record_form import NEW, Place, RecordForm

__all__ = ["DecisionForm", "FridayForm", "MondayForm", "QuarterForm", "SliceForm", "ThursdayForm"]

_STATES = {
    "draft": ("Draft", ""), "ready": ("Ready to test", "check"), "running": ("The test runs", "clock"),
    "supported": ("Supported", "check"), "refuted": ("Refuted", "cross"), "dropped": ("Dropped", "info"),
    "proposed": ("Still open", "clock"), "decided": ("Decided", "check"), "superseded": ("Superseded", "info"),
}  # fmt: skip
_DECISION_ID = re.compile(r"D-[0-9a-f]{6}")

OUTCOMES = Place(
    "outcomes", "Outcomes", "What the week is for: two, no more.", "the import test can be decided on by Thursday", "list",
    most=MOST_OUTCOMES, over="A week is for two outcomes, no more. This one is kept here, and is not in the week.", instead="next",
)  # fmt: skip
NEXT = Place("next", "Next", "What waits until after this week.", "go through the import log", "list")
MONDAY = (
    OUTCOMES,
    Place("metrics", "Metrics that matter", "The numbers you look at now, each with where it stands.", "Activation: 31 %", "list"),
    Place("touchpoints", "Customers to talk to", "Three to five different ones; two calls with one customer count once.",
          "a customer’s name", "list", fewest=FEWEST, usual=MOST),
    Place("planned", "Planned", "What the team takes on.", "a one-pager for the import decision", "list"),
    Place("cadence", "For how long", "How many weeks that is planned for, this one the first.", shape="choice",
          options=(("1 week", "this week"), *((f"{n} weeks", f"{words} weeks") for n, words in ((2, "two"), (3, "three"), (4, "four"))))),
    Place("blockers", "Blockers", "What engineering waits for.", "import log with row numbers", "pairs",
          behind=("Who, by when", "Jonas Weir, 2026-12-04")),
    Place("risks", "Risks", "What may keep the week from getting there.", "two of three calls are with customers we know", "list"),
    NEXT,
)  # fmt: skip
THURSDAY = (
    Place("whats_new", "What is new", "What customers see or can do since last week.", "doubles are shown before anything is saved",
          "list"),
    Place("who_benefits", "Who benefits", "Which customers, so that somebody comes to mind.", "teams that bring a long list", "list"),
    Place("how_to_pitch", "How to pitch it", "In customers’ words, of those who agreed to be quoted.", "“I need it to land in my inbox”",
          "list"),
    Place("not_to_promise", "What not to promise", "What is asked for and is not there.", "work without signal", "list"),
)  # fmt: skip
FRIDAY = (
    Place("finished", "Finished", "What of Monday’s plan is done.", "a one-pager for the import decision", "list"),
    Place("shipped", "Shipped", "What customers have now.", "the import does not take a mobile number for a fax", "list"),
    Place("changed", "Changed", "What you do otherwise than last week.", "work without signal is left out (D-99cc23)", "list"),
    Place("learned", "Learned", "Each with the note, the record or the number that it rests on.",
          "a tidy list goes in without trouble (H-3fa9c1)", "list"),
    NEXT._replace(meaning="What comes first on Monday."),
    Place("decisions_needed", "Decisions needed", "What others have to decide, and by when.", "does sales go on loading lists?", "list"),
    Place("backlog", "Order of work", "The first first. Behind what has moved stands what moved it.", "H-3fa9c1", "order",
          behind=("What moved it", "1 more customer, now 6 of 12")),
)  # fmt: skip
GOAL = (
    Place("metric", "Metric", "One number, and of whom it is counted.", "Activation: teams that send a first invoice in 7 days"),
    Place("baseline", "Now", "Where it stands.", "30 %"),
    Place("direction", "It", shape="choice", options=(("up", "rises"), ("down", "falls"))),
    Place("size", "By how much", hint="5"),
    Place("unit", "That is", "5 points take 30 % to 35 %; 5 % relative take it to 31.5 %.", shape="choice",
          options=(("points", "points"), ("relative %", "% of what it is now"))),
    Place("deadline", "Until", shape="day", hint="2027-03-31"),
)  # fmt: skip
QUARTERLY = (
    Place("title", "Title", "What stands at the head of the reports.", "From sign-up to the first invoice", part="What it is for"),
    Place("product", "Product", hint="Tidewater"),
    Place("quarter", "Quarter", hint="2026-Q4"),
    Place("outcome", "Outcome", "What is otherwise at its end, for whom.", "new teams send a first invoice within a week", "long"),
    *GOAL,
    Place("watched", "Also watched", "Numbers beside the one above.", "import tickets a week", "list"),
    Place("owner", "Owner", "One name.", "Ines Calloway"),
    Place("trigger", "What brought it up", "What was seen, with its number.", "700 of 1,000 new teams had sent nothing by day 7", "long",
          part="Why now"),
    Place("cost", "What waiting costs", "What it costs to leave it alone.", "11 tickets a week, 50 minutes each", "long"),
    Place("segments", "Segments", "Whom it is for, and who is not meant.", "wholesale", "pairs",
          behind=("Who is not meant", "more than 250 people"), part="For whom"),
    Place("positioning", "Positioning", "The product in one sentence: for whom, and what it does for them.",
          "for office managers who have to get paid this month, …", "long", words=MOST_WORDS),
    Place("bets", "Bets", "One to three, as what becomes true.", "customer lists get in faster", "list", most=MOST_BETS,
          over="A quarter has three bets, unless a decision says why there is one more. This one is kept here, and is not in the quarter.", instead="wont_do",
          part="What is done, and what is not"),
    Place("wont_do", "Won’t do", "What you leave out, so that nobody waits for it.", "a custom report builder", "list"),
    Place("capacity", "Capacity", "Who is there, and for how long.", "two engineers for nine weeks", "long"),
    Place("review", "Looked at next", "The day of the next monthly review.", "2026-12-15", "day", part="Monthly review"),
    Place("progress", "Progress", "How far the bets have come; the day in front.", "2026-11-17: the import test can start", "list"),
    Place("learned", "Learned", "What you know now; the day in front.", "2026-11-17: layouts are not what holds them up", "list"),
    Place("changes", "Changes", "What you do otherwise from now on; the day in front.", "2026-11-17: signal waits until January", "list"),
)  # fmt: skip
SLICE = (
    Place("slice", "Thinnest slice", "The least you could build that might prove you wrong.", "CSV files only, for ten teams", "long"),
    Place("risks", "Risks", "Where it meets other systems, dates or limits.", "row numbers in the import log", "pairs",
          behind=("Who sees to it, by when", "Jonas Weir, 2026-12-04")),
    Place("guardrails", "Guardrails", "What must not get worse meanwhile, and how far it may.", "import errors", "pairs",
          behind=("Limit", "at most 2 in 1,000")),
    Place("logging", "Logged first", "What must be counted before anything is built.", "who saw the page, and when", "list"),
    GOAL[0]._replace(part="Success, said before the start"),
    *GOAL[1:],
    Place("decision_rule", "Decide", "What you do on which result.", "Ship if … Stop if … Otherwise …", "long"),
    Place("owner", "Owner", "Who sees to it: one name.", "Jonas Weir"),
    Place("breached", "Broken guardrails", "Which was broken, and what it did: then no result counts as a gain.",
          "import tickets: 19 a week", "list", part="While it runs"),
)  # fmt: skip
DECISION = (
    Place("title", "Question", "One that can be answered with one of the options.", "Start the import test on 11 January?"),
    Place("options", "Options", "At least two; doing nothing is always one.", "do nothing", "list"),
    Place("ask", "Ask", "What you ask of whoever decides.", "two weeks of a second designer"),
    Place("due", "Needed by", shape="day", hint="2026-11-26"),
    Place("owner", "Who decides", "One name.", "Priya Nair, head of product"),
    Place("hypotheses", "Hypotheses", "Those that it rests on.", "H-3fa9c1", "list", part="What it stands on"),
    Place("evidence", "Speaks for it", "What customers said.", shape="notes"),
    Place("against", "Speaks against it", "What customers said.", shape="notes"),
    Place("risks", "Risks", "What may go wrong with what is asked for.", "the test ends after the quarter", "list"),
    Place("bet", "Bet", "The one that it is about.", "B-81c0e2"),
    Place("stances", "Who has seen it", "Before the meeting.", "Ruth Okafor", "pairs", behind=("Stance, day", "for, 2026-11-18"),
          part="Before the meeting"),
    Place("consulted", "Asked", "Who was asked.", "Jonas Weir", "list"),
    Place("informed", "Told", "Who was told.", "support", "list"),
    Place("chosen", "Chosen", "One of the options.", shape="choice", options_of="options", part="What is decided"),
    Place("why", "Because", "The reason, so that somebody can tell when it has become wrong.", "the test ends after the quarter", "long"),
    Place("review", "Looked at again", "The day on which you look whether it still holds.", "2027-01-15", "day"),
)  # fmt: skip


class _WeekForm(RecordForm):
    """A form of one week; others are a key away."""

    kind = KINDS["week"]
    ritual = ("", "")

    def __init__(self, path: str | os.PathLike[str] | None = None, week: str = "", *, today: str | None = None) -> None:
        if week and week_start(week) is None:
            raise InputError(f"{week!r} is no week; write it as year and week, such as 2026-W47")
        self._week = week
        super().__init__(path, today=today)

    def _first_key(self) -> str:
        return _week_file(self._week or week_of(self._today))

    def _still_key(self) -> str:
        day = self._day or newest_today(self._study)
        return _week_file(self._week or week_of(day)) if self._week or day else ""

    def _around(self, key: str) -> dict[str, Any]:
        week = self._of_record(key)
        monday = week_start(week)
        return {
            "week": week,
            "days": f"{monday} to {monday + timedelta(4)}",
            "before": _week_file(week_before(week)),
            "after": _week_file(week_before(week, -1)),
            "now": _week_file(week_of(self._today)),
        }

    def _own(self, key: str) -> str:
        if week_start(self._of_record(key)) is None:
            raise InputError(f"{key} is no week; choose one such as 2026-W47")
        return super()._own(key)

    def _first_text(self, file: str, id_: str) -> str:
        return first_text("week", {})

    def _of_record(self, file: str) -> str:
        return Path(file).stem

    def _moment(self, key: str) -> Moment:
        return self._moment_of(self._of_record(key))

    def _offers(self, moment: Moment) -> list[Offer]:
        return _ask_ritual(self, *self.ritual, moment)


class MondayForm(_WeekForm):
    """Monday: what the week is for, the numbers that matter, whom to talk to, what is taken on and what it waits for.

    Saved in ``discovery/weeks/``. A third outcome is not taken into the week, and not lost.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    week : str, optional
        Such as ``2026-W47``; by default this week.
    today : str, optional
        The day, ``YYYY-MM-DD``; by default that of ``WORKBENCH_TODAY``, else today.

    Raises
    ------
    InputError
        When there is no such workspace, or the week or the day is none.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> "Nothing is written here yet" in MondayForm(folder, "2026-W47").picture()
    True
    """

    title = "Monday"
    places = MONDAY
    ritual = ("focus", "offer_focus")
    pastes = True

    def _different(self, names: Any) -> set[str]:
        spelt = {}
        if self._study is not None:
            for row in self._study.customers.itertuples(index=False):
                spelt |= {fold_name(name): row.customer for name in (row.customer, *row.aliases)}
        return {spelt.get(fold_name(name), fold_name(name)) for name in names}

    def _tallies(self, key: str, fields: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """What an earlier week has taken on for this one too, as nobody would write it a second time."""
        found = super()._tallies(key, fields)
        week = self._of_record(key)
        taken_on = find_commitment(self._study, week) if self._study is not None else None
        if taken_on is not None and taken_on.weeks[0] != week and not fields["cadence"]:
            own = {fold_sentence(text) for text in fields["planned"]}
            n = sum(fold_sentence(text) not in own for text in taken_on.planned)
            found["planned"] = {
                "words": f"{n} taken on in {taken_on.weeks[0]}, until {taken_on.weeks[-1]}",
                "good": n > 0,
            }
        return found

    def _check(self, file: str) -> None:
        super()._check(file)
        if file in self._found:
            unknown = find_touchpoints(self._study, self._moment(file)).unknown
            todo = "Look at the spelling, or leave it so: the first call makes it one."
            self._found[file] += [
                {"rule": "touchpoint", "field": "touchpoints", "what": f"No customer is called “{name}” yet.", "todo": todo,
                 "blocks": False}
                for name in unknown
            ]  # fmt: skip

    def _paste(self, moment: Moment) -> str:
        from workbench.report.plan_text import plan_cell

        return plan_cell(self._study, self._all_themes(), self._all_hypotheses(), moment).text


class ThursdayForm(_WeekForm):
    """Thursday: what sales and customer success can say of what is new, and what they must not promise.

    Saved in ``discovery/weeks/``, in the same file as Monday's.

    Parameters
    ----------
    path, week, today
        As for :class:`MondayForm`.

    Raises
    ------
    InputError
        As for :class:`MondayForm`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> ThursdayForm(folder, "2026-W47").places[0].label
    'What is new'
    """

    title = "Thursday"
    places = THURSDAY
    ritual = ("enablement", "offer_enablement")


class FridayForm(_WeekForm):
    """Friday: what was shipped, changed and learned, what comes next and in which order, what others have to decide.

    Saved in ``discovery/weeks/``, in the same file as Monday's.

    Parameters
    ----------
    path, week, today
        As for :class:`MondayForm`.

    Raises
    ------
    InputError
        As for :class:`MondayForm`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> [place.field for place in FridayForm(folder, "2026-W47").places][:4]
    ['finished', 'shipped', 'changed', 'learned']
    """

    title = "Friday"
    places = FRIDAY
    ritual = ("readout", "offer_readout")


class QuarterForm(RecordForm):
    """The quarter: its outcome, why now and for whom, one to three bets, what is left out; and its monthly reviews.

    Saved in ``discovery/quarter.md``.

    Parameters
    ----------
    path, today
        As for :class:`MondayForm`.

    Raises
    ------
    InputError
        As for :class:`MondayForm`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> "Nothing is written here yet" in QuarterForm(folder).picture()
    True
    """

    title = "The quarter"
    kind = QUARTER
    places = QUARTERLY

    def _first_key(self) -> str:
        return QUARTER_FILE

    def _places(self) -> tuple[Place, ...]:
        """One bet more for each that a decision allows."""
        study = self._study
        more = [bet for bet in study.bets if find_allowing(study.decisions, bet.id, bet.title)] if study else []
        return tuple(
            place._replace(most=MOST_BETS + len(more)) if place.field == "bets" else place for place in self.places
        )

    def _offers(self, moment: Moment) -> list[Offer]:
        return _ask_ritual(self, "strategy", "offer_quarter", moment)


class _ChoiceForm(RecordForm):
    """A form of one record among several of its kind."""

    begins = False

    def __init__(self, path: str | os.PathLike[str] | None, chosen: str, today: str | None) -> None:
        self._chosen = ""
        super().__init__(path, today=today)
        if chosen:
            self._chosen = self._own(find_record(self._root, chosen))

    def _parsed(self) -> list[Any]:
        return [self.kind.parse(read_text(self._root / file), file)[0] for file in self._files(self.kind)]

    def _of_record(self, file: str) -> str:
        text = read_text(self._root / file) if file not in ("", NEW) else ""
        return self.kind.parse(text, file)[0].id if text else ""

    def _choice(self, record: Any, name: str) -> dict[str, str]:
        words, sign = _STATES.get(record.status, (record.status, ""))
        return {"key": record.file, "id": record.id, "name": name, "state": words, "sign": sign}


class SliceForm(_ChoiceForm):
    """Wednesday: the thinnest slice of a hypothesis, its risks and guardrails, what is logged first, and success before the start.

    Saved in the hypothesis, in ``discovery/hypotheses/``.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    hypothesis : str, optional
        Its id; by default the one that is next: ready, else running, else the draft with most parts.
    today : str, optional
        As for :class:`MondayForm`.

    Raises
    ------
    InputError
        When there is no such workspace or hypothesis.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> "Nothing is written here yet" in SliceForm(folder).picture()
    True
    """

    title = "Wednesday"
    kind = KINDS["hypothesis"]
    places = SLICE

    def __init__(
        self, path: str | os.PathLike[str] | None = None, hypothesis: str = "", *, today: str | None = None
    ) -> None:
        super().__init__(path, hypothesis, today)

    def _in_order(self) -> list[Hypothesis]:
        return next_first(self._parsed())

    def _first_key(self) -> str:
        return self._chosen or next((one.file for one in self._in_order()), "")

    def _around(self, key: str) -> dict[str, Any]:
        return {"choices": [self._choice(one, one.change or one.metric or "") for one in self._in_order()]}

    def _locked(self, text: str, file: str) -> dict[str, str]:
        words = hint_lock(parse_hypothesis(text, file)[0])
        return dict.fromkeys(LOCKED, words) if words else {}

    def _beside(self, text: str, file: str) -> list[dict[str, Any]]:
        """What keeps it from being tested, though it is a draft still; the linter speaks up only once it is called ready."""
        hypothesis = parse_hypothesis(text, file)[0]
        fields = {place.field for place in self.places}
        found = check_hypothesis(hypothesis) if hypothesis.status not in CLOSED else []
        return [
            {"rule": one.rule, "field": field, "what": one.what, "todo": one.todo, "blocks": one.blocks}
            for one in found
            for field in [one.field.partition(".")[0]]
            if field in fields
        ]

    def _is_of_form(self, violation: Violation) -> bool:
        return super()._is_of_form(violation) and not violation.rule.startswith("hypothesis-")

    def _offers(self, moment: Moment) -> list[Offer]:
        return _ask_ritual(self, "readiness", "offer_slice", moment)


class DecisionForm(_ChoiceForm):
    """A decision: the question, its options, what it stands on and who has seen it; decided once, and superseded instead of changed.

    Saved in ``discovery/decisions/``.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    decision : str, optional
        Its id; by default the open one that is needed first, else a new one.
    today : str, optional
        As for :class:`MondayForm`; a decision is written down with it.

    Raises
    ------
    InputError
        When there is no such workspace or decision.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> "Nothing is written here yet" in DecisionForm(folder).picture()
    True
    """

    title = "Decisions"
    kind = KINDS["decision"]
    places = DECISION

    def __init__(
        self, path: str | os.PathLike[str] | None = None, decision: str = "", *, today: str | None = None
    ) -> None:
        super().__init__(path, decision, today)

    def _first_key(self) -> str:
        upcoming = find_upcoming(self._study) if self._study is not None else None
        return self._chosen or (upcoming.file if upcoming is not None else NEW)

    def _around(self, key: str) -> dict[str, Any]:
        choices = [self._choice(one, one.title or one.ask) for one in newest_first(self._parsed())]
        return {"choices": choices, "new": "New decision"}

    def _new_file(self, id_: str, fields: dict[str, Any]) -> str:
        if not _DECISION_ID.fullmatch(id_):
            raise InputError(f"id {id_!r} is none of a decision; write D- and six hex digits")
        # Its file may be there already, when an answer was lost.
        there = [file for file in self._files(self.kind) if Path(file).name.startswith(id_)]
        return there[0] if there else f"{self.kind.folder}/{id_}.md"

    def _first_text(self, file: str, id_: str) -> str:
        return first_text("decision", {"id": id_ or Path(file).stem[:8], "made": self._today})

    def _locked(self, text: str, file: str) -> dict[str, str]:
        one = parse_decision(text, file)[0]
        if one.status == "proposed":
            return {}
        words = f"{say_made(one)}; it stays as it is, and what you think now is another decision."
        open_still = AFTERWARDS if one.status == "decided" else ()
        return {place.field: words for place in self.places if place.field not in open_still}

    def _acts(self, text: str, file: str) -> list[dict[str, str]]:
        one = parse_decision(text, file)[0]
        if one.status == "proposed":
            missing = _missing(one)
            before = f"Before it can be decided: {', '.join(missing)}." if missing else ""
            sure = "Once it is decided it stays as it is, with how many customers stood behind it today."
            return [
                {"act": "decide", "label": "Decide", "missing": before, "sure": sure},
                {"act": "drop", "label": "Give it up", "missing": "", "sure": "It stays in the log as given up."},
            ]
        if one.status == "decided":
            return [{"act": "supersede", "label": "Decide it anew", "missing": "", "sure": ""}]
        return []

    def _act(self, file: str, act: str) -> str:
        one = parse_decision(read_text(self._root / self._own(file)), file)[0]
        if act == "decide":
            if missing := _missing(one):
                raise InputError(f"before it can be decided: {', '.join(missing)}")
            saved = decide(self._root, one.id, chosen=one.chosen, date=self._today)
        elif act == "drop":
            saved = decide(self._root, one.id, drop=True, date=self._today)
        elif act == "supersede":
            saved = decide(self._root, supersedes=one.id, made=self._today)
        elif act == "name":
            return self._name(file, one)
        else:
            return super()._act(file, act)
        return saved.relative_to(self._root).as_posix()

    def _name(self, file: str, one: Decision) -> str:
        """Call the file of a new decision after its question, once that is written to its end."""
        named = f"{self.kind.folder}/{one.id}-{slug(one.title)}.md"
        if Path(file).stem != one.id or not slug(one.title) or (self._root / named).exists():
            return file
        (self._root / file).rename(self._root / named)
        return named

    def _offers(self, moment: Moment) -> list[Offer]:
        return _ask_ritual(self, "decisions", "offer_decision", moment)


def _week_file(week: str) -> str:
    return f"{KINDS['week'].folder}/{week}.md"


def _missing(one: Decision) -> list[str]:
    """What has to stand there before it can be decided, in words."""
    options = {fold_text(option) for option in one.options}
    return [
        words
        for there, words in (
            (one.title, "the question"),
            (len(options) > 1, "a second option" if options else "two options"),
            (one.chosen and fold_text(one.chosen) in options, "what is chosen"),
            (one.why, "the reason"),
            (one.owner, "who decides"),
            (one.review, "the day to look at it again"),
        )
        if not there
    ]


def _ask_ritual(form: RecordForm, module: str, function: str, moment: Moment) -> list[Offer]:
    """Ask a ritual, which is imported only once a form is shown; nothing where there is none for this moment yet."""
    try:
        ritual = import_module(f"workbench.rituals.{module}")
    except ModuleNotFoundError:
        return []
    ask = getattr(ritual, function, None)
    return ask(form._study, form._all_themes(), form._all_hypotheses(), moment) if ask else []
