"""The week's plan as text to paste into a chat: short, and with no more in it than a report may have."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.redact import Leaks, everyone_in, redactors, share
from workbench.report.cite import first_few
from workbench.report.claims import make_payload
from workbench.report.guard import refuse_names, refuse_withheld
from workbench.report.view import _spell_all, show
from workbench.rituals.touchpoints import FEWEST, MOST

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["PlanText", "plan_cell", "plan_text"]

N_LINES = 25
_OF = ("focus", "touchpoints", "due", "capacity")


class PlanText:
    r"""The week's plan in a notebook's cell, for the PM to copy; it stays out of the report.

    Parameters
    ----------
    text : str
        The plan, or what keeps it from being made.

    Examples
    --------
    >>> PlanText("*Week 47*\n")
    *Week 47*
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text.rstrip("\n")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        html = f'<pre style="white-space:pre-wrap;user-select:all">{escape(show(self.text))}</pre>'
        # As of our widgets: everybody knows that it is no part of the report.
        return {"text/plain": repr(self), "text/html": html}, {"workbench": "still"}


def plan_text(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> str:
    r"""The week's plan as text to paste into a chat.

    Headings stand between asterisks and items behind bullets, which Slack draws and everybody else can read. Customers
    are called what they are called in a report: by code and segment, unless they agreed to be named.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        The week.

    Returns
    -------
    str
        At most 25 lines, the same for the same files; of a long list the first items, and how many more there are.

    Raises
    ------
    InputError
        When a line repeats words of a customer who has not agreed to be quoted, or would still show a name.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.rituals import Moment
    >>> from workbench.study import read_study
    >>> from workbench.themes import find_themes
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir(); (folder / "discovery" / "weeks").mkdir(parents=True)
    >>> _ = (folder / "discovery" / "weeks" / "2026-W47.md").write_text("---\noutcomes: [The test can start]\n---\n")
    >>> study = read_study(folder)
    >>> print("\n".join(plan_text(study, find_themes(study.notes), [], Moment("2026-W47", "2026-11-16")).split("\n")[:3]))
    *Week 47*, 16 November to 22 November 2026
    *Outcomes*
    • The test can start
    """
    local = {name: make_payload(name, study, themes, hypotheses, moment) for name in _OF}
    names, leaks = redactors(map(everyone_in, local.values())), Leaks(local.values())
    shared = {}
    for (name, payload), its_names in zip(local.items(), names, strict=True):
        refuse_withheld(leaks, payload, 0)
        shared[name] = share(payload, its_names)
        refuse_names(names[0], payload, shared[name], 0)
    focus, talked, due, capacity = (shared[name]["data"] for name in _OF)
    called = {name: customer["label"] for name, customer in shared["touchpoints"]["customers"].items()}
    lines = [
        f"*Week {int(moment.week[6:])}*, {moment.days[0]} to {moment.days[1]}",
        *_list("Outcomes", focus["outcomes"], 2, "not written yet"),
        *_list("Metrics", [_metric(one) for one in focus["metrics"]], 3),
        *_list("Engineering waits for", [_blocker(one) for one in focus["blockers"]], 3, "nothing that is written down"),
        *_list("Risks", [one["risk"] for one in focus["risks"]], 2),
        *_talks(talked, called),
    ]  # fmt: skip
    needed = [*(_ask(one) for one in focus["decisions"]), *(_review(one) for one in due["reviews"])]
    last = _list("Decisions needed", needed, 3)
    # What was taken on has the lines that are left.
    lines += [
        *_list(_planned(capacity, focus["until"]), focus["planned"], min(3, N_LINES - len(lines) - len(last) - 1)),
        *last,
    ]
    return "".join(f"{show(_spell_all(line))}\n" for line in lines)


def plan_cell(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis], moment: Moment) -> PlanText:
    """The same for a notebook's cell, which says what is wrong instead of failing.

    Parameters
    ----------
    study, themes, hypotheses, moment
        As for :func:`plan_text`.

    Returns
    -------
    PlanText
        The plan, or why there is none.
    """
    try:
        return PlanText(plan_text(study, themes, hypotheses, moment))
    except InputError as error:
        return PlanText(f"No plan to paste yet: {error}")


def _list(heading: str, items: Sequence[str], most: int, none: str = "") -> list[str]:
    """A heading with its items; nothing where there is nothing, or one line that says so."""
    if not items:
        return [f"*{heading}*: {none}"] if none else []
    shown = list(items) if len(items) <= most else [*items[: most - 1], f"and {len(items) - most + 1} more"]
    return [f"*{heading}*", *(f"• {item}" for item in shown)]


def _metric(one: dict[str, Any]) -> str:
    now = one["values"][-1] if one["values"] else ""
    target = f" ({one['target']}{' by ' + one['deadline'] if one['deadline'] else ''})" if one["target"] else ""
    return f"{one['metric']}: {now or 'no value yet'}{target}"


def _blocker(one: dict[str, Any]) -> str:
    behind = ", ".join(filter(None, (one["who"] or "nobody yet", f"by {one['day']}" if one["day"] else "")))
    return f"{one['need']}: {behind}{' (overdue)' if one['overdue'] else ''}"


def _talks(talked: dict[str, Any], called: dict[str, str]) -> list[str]:
    def names(rows: list[dict[str, Any]]) -> str:
        shown = [called[one["customer"]] + (f" ({one['segment']})" if one["segment"] else "") for one in rows]
        return first_few(shown, MOST)

    heading = f"*Customers*: {len(talked['met'])} of {FEWEST}–{MOST} talked to"
    rows = [("talked to", talked["met"]), ("still to come", talked["left"])]
    return [heading, *(f"• {name}: {names(some)}" for name, some in rows if some)]


def _planned(capacity: dict[str, Any], until: str) -> str:
    heading = f"Taken on until {until}" if until else "Taken on"
    if not capacity["usual"]:
        return heading
    return f"{heading}: {capacity['counts']['planned']['n']}; finished: {capacity['usual']}"


def _ask(one: dict[str, Any]) -> str:
    by = ", ".join(filter(None, (one["owner"], f"by {one['day']}" if one["day"] else "")))
    return one["question"] + (f" ({by})" if by else "") + (" – overdue" if one["overdue"] else "")


def _review(one: dict[str, Any]) -> str:
    return f"Look again: {one['question']} ({one['day']}{', overdue' if one['overdue'] else ''})"
