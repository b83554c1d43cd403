"""Making a decision, or deciding one that is proposed: once, with what stood behind it on that day, and never changed after."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date as Day
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.frontmatter import set_fields
from workbench.record_files import SavedRecord, create_record, refuse_odd
from workbench.records import Decision, find_successors, first_text, parse_decision, seal_decision
from workbench.records.typed import fold_sentence
from workbench.rituals.decisions import count_behind
from workbench.save import SaveError
from workbench.store import change_record, workspace
from workbench.study import read_study

if TYPE_CHECKING:
    from workbench.study import Study

__all__ = ["AFTERWARDS", "decide", "find_decision", "say_made"]

# What may still be written into a decision that is made: none of it is what was decided.
AFTERWARDS = ("review", "reviewed", "consulted", "informed")
_LISTS = ("options", "evidence", "against", "hypotheses", "consulted", "informed", "risks", "stances")
_ASKED = {"title": "the question", "why": "why", "owner": "who decided", "review": "when it is looked at again"}


def decide(
    path: str | os.PathLike[str] | None = None,
    id: str = "",
    *,
    supersedes: str = "",
    drop: bool = False,
    **values: str | Sequence[str],
) -> SavedRecord:
    r"""Propose a decision, decide it, or let one take the place of another.

    Without `chosen` it is a proposal, which may be added to until it is decided. With `chosen` it is decided: how many
    customers stood behind it on that day is counted and written down with it, and what was decided stays as it is.

    Parameters
    ----------
    path : path-like, optional
        The workspace, see :func:`workbench.workspace`.
    id : str
        A proposed decision, by its id or the beginning of it; a new one by default.
    supersedes : str
        The id of the decision that this one takes the place of: that one stays, marked as superseded once this is decided.
    drop : bool
        Whether a proposed one is given up instead.
    **values : str or sequence of str
        Fields of a decision, such as `title`, `options`, `chosen` (one of the options, or its number), `why`, `owner`,
        `review`, `ask`, `due`, `stances`; `date` is the day on which it is decided or given up, `made` the one on which it is
        first written down, both by default today. The items of a list are added to those that stand there;
        :func:`workbench.update_record` sets another list.

    Returns
    -------
    SavedRecord
        The file's path; at the end of a cell it says what was done.

    Raises
    ------
    InputError
        When something is missing, what was chosen is none of the options, or the decision is made already; nothing is written.
    SaveError
        When nothing was saved (disk full, no access).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = decide(folder, title="Reader or template?", options=["Reader", "Do nothing"], ask="Two weeks of Omar")
    >>> made = decide(folder, "D-", chosen="2", why="Nobody asked", owner="Ines", date="2026-11-20", review="2027-01-15")
    >>> parse_decision(made.read_text(), made.name)[0].chosen
    'Do nothing'
    """
    root = workspace(path)
    study = read_study(root)
    given: dict[str, Any] = {name: value for name, value in values.items() if value}
    old = find_decision(study, id) if id else None
    if old is not None and old.status != "proposed":
        return _afterwards(study, old, given, supersedes)
    if drop:
        if old is None:
            raise InputError("name the decision to give up, such as  workbench decide D-81c0e2 --drop")
        given.setdefault("date", study.today or Day.today().isoformat())
        return _change(root, old, given | {"status": "dropped"}, "Given up:")
    replaced = _find_replaced(study, supersedes or (old.supersedes if old and "chosen" in given else ""))
    if replaced is not None:
        given["supersedes"] = replaced.id
        if old is None:
            given.setdefault("title", replaced.title)
    if old is None:
        given.setdefault("made", given.get("date") or study.today or Day.today().isoformat())
    if old is None and not given.get("title"):
        raise InputError("a decision needs its question: give a title, such as  --title “Reader or template?”")
    if "chosen" not in given:
        if old is not None:
            return _change(root, old, given, "Changed")
        return _make(root, given, "Proposed:")
    given |= {"status": "decided"}
    given.setdefault("date", study.today or Day.today().isoformat())
    if old is None:
        saved = _make(root, _seal(study, given, None), "Decided:")
    else:
        saved = _change(root, old, given, "Decided:", lambda given, now: _seal(study, given, now))
    if replaced is not None:
        _supersede(root, replaced, saved)
    return saved


def find_decision(study: Study, id: str) -> Decision:
    """A decision by its id.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    id : str
        The id, or as many of its first letters as tell it from the others.

    Returns
    -------
    Decision
        The record.

    Raises
    ------
    InputError
        When there is none, or several, or two files have the same id; names those that there are.
    """
    known = study.decisions
    found = [one for one in known if one.id == id] or [
        one for one in known if one.id.casefold().startswith(id.casefold())
    ]
    if len(found) == 1:
        return found[0]
    if len({one.id for one in found}) == 1:
        files = ", ".join(one.file for one in found)
        raise InputError(f"{len(found)} files have the id {found[0].id}: {files}; give all but one of them another id")
    listed = ", ".join(dict.fromkeys(one.id for one in (found or known)[:12]))
    if found:
        raise InputError(f"{len(found)} decisions begin with “{id}”: {listed}; name one")
    raise InputError(f"no decision “{id}”; there {f'are {listed}' if listed else 'is none yet'}")


def _find_replaced(study: Study, id: str) -> Decision | None:
    """The decision that another takes the place of, which must be in force."""
    if not id:
        return None
    one = find_decision(study, id)
    if one.status != "decided":
        newer = find_successors(study.decisions).get(one.id, "")
        named = f"name {newer}, which took its place" if newer else "name one that is in force"
        todo = "decide that one" if one.status == "proposed" else named
        raise InputError(f"{one.id} is {one.status}, so that there is nothing to take the place of; {todo}")
    return one


def _afterwards(study: Study, old: Decision, given: dict[str, Any], supersedes: str) -> SavedRecord:
    """What may be written into a decision that is made; anything else is another decision."""
    wrong = [name for name in given if name not in AFTERWARDS]
    if wrong or supersedes or not given or old.status != "decided":
        newer = find_successors(study.decisions).get(old.id, "")
        in_force = old.id if old.status == "decided" else newer
        instead = f"workbench decide --supersedes {in_force}" if in_force else "workbench decide --title …"
        raise InputError(
            f"{say_made(old, newer)}; it stays as it is, and what you think now is another decision:  {instead}"
        )
    return _change(study.root, old, given, "Changed")


def say_made(decision: Decision, successor: str = "") -> str:
    """What became of a question, in words.

    Parameters
    ----------
    decision : Decision
        One that is not proposed any more.
    successor : str
        The id of the decision that took its place, if one has.

    Returns
    -------
    str
        A sentence without its stop.

    Examples
    --------
    >>> say_made(Decision("D-81c0e2", status="superseded", date="2026-11-05"), "D-b167d0")
    'D-81c0e2 was decided on 2026-11-05, and D-b167d0 has taken its place since'
    """
    when = f" on {decision.date}" if decision.date else ""
    if decision.status == "superseded":
        return f"{decision.id} was decided{when}, and {successor or 'another'} has taken its place since"
    return f"{decision.id} was {'given up' if decision.status == 'dropped' else 'decided'}{when}"


def _seal(study: Study, given: dict[str, Any], old: Decision | None) -> dict[str, Any]:
    """What is written when it is decided: with what was chosen, who stood behind it, and what stands for all of it."""
    decision = _as_decision(given, old)
    given = given | {"chosen": _one_of(decision)}
    _refuse_unfinished(decision)
    behind = count_behind(study, decision, until=decision.date or "")
    if behind.of:
        given["customers"] = f"{behind.n} of {behind.of}"
    return given | {"agreed": seal_decision(_as_decision(given, old))}


def _one_of(decision: Decision) -> str:
    """What was chosen, as it stands among the options."""
    options, wanted = decision.options, decision.chosen
    if len({fold_sentence(option) for option in options}) < 2:
        raise InputError(
            "with one option there is nothing to decide; give at least two, doing nothing among them: --option …"
        )
    # Words before numbers: an option may be a number itself.
    for option in sorted(options, key=lambda option: option != wanted):
        if fold_sentence(option) == fold_sentence(wanted):
            return option
    if wanted.isdecimal() and 1 <= int(wanted) <= len(options):
        return options[int(wanted) - 1]
    listed = "; ".join(f"{i} {option}" for i, option in enumerate(options, 1))
    raise InputError(f"“{wanted}” is none of the options; choose one by its number or its words: {listed}")


def _refuse_unfinished(decision: Decision) -> None:
    """Refuse what could not be added once it is decided."""
    missing = [f"{what} ({name})" for name, what in _ASKED.items() if not getattr(decision, name)]
    if missing:
        raise InputError(
            f"not decided: still to be said is {', '.join(missing)}; once it is decided, it stays as it is"
        )
    if decision.review <= (decision.date or ""):
        raise InputError(f"it is decided on {decision.date} and looked at again on {decision.review}; give a later day")


def _as_decision(given: dict[str, Any], old: Decision | None) -> Decision:
    """The record as it will be read back."""
    read, problems = parse_decision(first_text("decision", {"id": "D-0", **given}), "D-0.md")
    if problems:
        raise InputError(f"{problems[0].what}; {problems[0].todo}")
    return read if old is None else replace(old, **{name: getattr(read, name) for name in given})


def _make(root: Path, given: dict[str, Any], done: str) -> SavedRecord:
    saved = create_record(root, "decision", **given)
    saved.said = f"{done} {saved.relative_to(root).as_posix()}"
    return saved


def _change(
    root: Path,
    old: Decision,
    given: dict[str, Any],
    done: str,
    complete: Callable[[dict[str, Any], Decision], dict[str, Any]] = lambda given, now: given,
) -> SavedRecord:
    """Set fields of a record that is still of the status that it was read with.

    What follows from other fields is worked out from the text that is changed: somebody else may have saved meanwhile.
    """

    def change(text: str) -> str:
        now = parse_decision(text, old.file)[0]
        if now.status != old.status:
            raise InputError(f"{old.id} is {now.status} since a moment ago; look at it before you go on")
        fields = complete(_add_items(given, now), now)
        new = set_fields(text, fields)
        refuse_odd(new, old.file, list(fields))
        return new

    change_record(root, old.file, change)
    saved = SavedRecord(root / old.file)
    saved.said = f"{done} {old.file}"
    return saved


def _add_items(given: dict[str, Any], now: Decision) -> dict[str, Any]:
    """The items that are given, behind those that stand there."""
    read = _as_decision(given, None)
    items = {name: dict.fromkeys((*getattr(now, name), *getattr(read, name))) for name in _LISTS if name in given}
    return given | {
        name: [": ".join(filter(None, one)) if isinstance(one, tuple) else one for one in all_]
        for name, all_ in items.items()
    }


def _supersede(root: Path, replaced: Decision, saved: SavedRecord) -> None:
    """The old one last: were this to fail, the new one says already which it takes the place of, and the check says the rest."""
    try:
        _change(root, replaced, {"status": "superseded"}, "")
    except (InputError, SaveError) as error:
        raise InputError(
            f"{saved.name} is decided, and {replaced.file} could not be marked: {error}; set its  status: superseded"
        ) from error
    saved.said += f"; {replaced.id} is superseded"
