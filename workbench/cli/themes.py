"""The commands on themes: ``workbench themes`` and ``workbench correct``."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from workbench.cli.output import count, print_json, say_if_none, say_problems
from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from workbench.study import Study
    from workbench.themes import Themes
    from workbench.themes.ledger import Record

__all__ = ["add_commands"]

# From so many notes on, finding themes takes longer than a person waits without a word.
SLOW_FROM = 2000
SUMMARY_FIELDS = (
    "theme", "name", "claim", "terms", "n_notes", "n_customers", "n_customers_total", "segments", "notes",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add both to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("themes", _themes, "list the themes, most customers first; or what became of them")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub.add_argument(
        "--since", metavar="DAY|REV", help="what became of themes since a day (2026-11-17) or a git revision"
    )
    sub.add_argument(
        "--suggest", action="store_true", help="look for themes anew among all notes, and show the difference"
    )
    sub.add_argument("--accept", action="store_true", help="with --suggest: keep what it shows")
    sub.add_argument("--semantic", action="store_true", help="use the model of the extra [semantic] beside the words")
    _who(sub)

    sub = command("correct", _no_act, "correct the themes; each correction lasts, and can be taken back")
    _who(sub)
    acts = sub.add_subparsers(dest="act", metavar="ACT", title="acts")

    def act(name: str, text: str, *words: tuple[str, str]) -> argparse.ArgumentParser:
        one = acts.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", parents=[_anywhere()])
        for word, many in words:
            one.add_argument(word, metavar=word.upper(), **({"nargs": many} if many else {}))
        one.set_defaults(run=_correct)
        _who(one)
        return one

    act("rename", "give a theme a name", ("theme", ""), ("name", ""))
    act("merge", "put one theme into another", ("theme", ""), ("into", ""))
    one = act("split", "make a new theme of some notes of one", ("theme", ""), ("notes", "+"))
    one.add_argument("--name", default="", help="the new theme's name")
    act("move", "move notes into a theme", ("theme", ""), ("notes", "+"))
    act("aside", "set notes aside: they are in no theme", ("notes", "+"))
    act("pin", "keep a note in the theme of another one, wherever that goes", ("note", ""), ("partner", ""))
    act("apart", "keep two notes in different themes", ("note", ""), ("other", ""))
    act("keep", "keep themes as they are now (default: all)", ("themes", "*"))
    act("undo", "take the last correction back, or those of the records named", ("records", "*"))
    act("redo", "take the last undo back")
    act("log", "list the corrections, newest first")


def _anywhere() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-w", "--workspace", metavar="DIR", default=argparse.SUPPRESS, help="the workspace (default: the current folder)")  # fmt: skip
    return parser


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default=argparse.SUPPRESS, help="who decides (default: your name on this computer)")
    parser.add_argument(
        "--today", metavar="DAY", default=argparse.SUPPRESS, help="the day to write down (default: today)"
    )


def _no_act(options: argparse.Namespace) -> None:
    raise InputError("say what to correct: workbench correct --help lists the acts")


def _signed(options: argparse.Namespace) -> dict[str, str]:
    """Who decides, and when."""
    day = getattr(options, "today", None) or date.today().isoformat()
    try:
        date.fromisoformat(day)
    except ValueError:
        raise InputError(f"day {day!r} is not a day such as 2026-11-17") from None
    by = getattr(options, "by", None) or os.environ.get("WORKBENCH_BY")
    if not by:
        try:
            by = getpass.getuser()
        except (KeyError, OSError):  # a container without a name for its user
            by = "somebody"
    return {"by": by, "date": day}


def _workspace(options: argparse.Namespace) -> str | None:
    return getattr(options, "workspace", None)


@contextmanager
def _progress(n_notes: int) -> Iterator[Callable[[float], None] | None]:
    if n_notes < SLOW_FROM:
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=100, desc=f"Finding themes in {n_notes} notes", file=sys.stderr, bar_format="{desc}: {bar:20} {n:.0f} %") as bar:  # fmt: skip
        yield lambda share: bar.update(round(100 * share) - bar.n)


def _find(study: Study, **options: Any) -> Themes:
    from workbench.themes import find_themes

    with _progress(len(study.notes)) as progress:
        return find_themes(study.notes, study.ledger, progress=progress, **options)


def _themes(options: argparse.Namespace) -> None:
    from workbench.study import read_study

    if options.accept and not options.suggest:
        raise InputError("--accept goes with --suggest: first see what is suggested, then accept it")
    study = read_study(_workspace(options))
    how = {"encoder": "semantic"} if options.semantic else {}
    themes = _find(study, **how)
    if options.suggest or options.since:
        from workbench.themes.changes import theme_changes

        if options.suggest:
            before, after = themes, _find(study, again=True, **how)
        else:
            before, after = _earlier(study, options.since, how), themes
        changes = theme_changes(before, after)
        if options.format == "json":
            print_json(changes)
        else:
            _print_changes(changes, after)
        if options.accept:
            _accept(study, after, _signed(options))
        elif options.suggest and len(changes) and options.format == "table":
            print("Nothing was changed. To keep this:  workbench themes --suggest --accept")
    elif options.format == "json":
        print_json(themes.summary[list(SUMMARY_FIELDS)])
    elif len(study.notes):
        _print_themes(themes)
    say_if_none(study.notes)
    say_problems([*study.problems, *themes.problems], brief=True)


def _print_themes(themes: Themes) -> None:
    for row in themes.summary.itertuples(index=False):
        where = ", ".join(f"{segment} {n}" for segment, n in row.segments.items())
        print(f"{row.theme:<11}{row.n_customers:>4} of {row.n_customers_total}  {row.name or row.claim}")
        more = [count(row.n_notes, "note"), where, ", ".join(row.terms), f"“{row.claim}”" if row.name else ""]
        print(f"{'':23}{'; '.join(part for part in more if part)}")
    n_left = len(themes.left_out)
    if not len(themes.summary):
        print(f"Not yet a theme: {count(n_left, 'note')}, no two alike.")
        return
    lasting = sum(theme.startswith("T-") for theme in themes.summary["theme"])
    print(f"{count(n_left, 'note')} in no theme.", end=" ")
    if lasting < len(themes.summary):
        print("T1, T2 and so on are not lasting: a theme keeps its number only once you have touched it.")
    else:
        print("All themes last: new notes join them.")
    came = int((themes.notes["reason"] == "came along").sum())
    if came:
        print(f"{count(came, 'note')} came along with cards that you moved; workbench correct log lists them.")


def _earlier(study: Study, since: str, how: dict[str, Any]) -> Themes:
    """The themes as they were before a day, or at a revision."""
    from dataclasses import replace

    import pandas as pd

    if _DAY.fullmatch(since):
        try:
            day = pd.Timestamp(date.fromisoformat(since))
        except ValueError:
            raise InputError(f"--since {since!r} is not a day such as 2026-11-17") from None
        records = tuple(record for record in study.ledger.records if record.date < since)
        notes = study.notes[~(study.notes["date"] >= day)]
        return _find(replace(study, notes=notes, ledger=replace(study.ledger, records=records)), **how)
    from workbench.history import workspace_at
    from workbench.study import read_study

    with workspace_at(study.root, since) as then:
        return _find(read_study(then), **how)


def _print_changes(changes: pd.DataFrame, after: Themes) -> None:
    said = changes[changes["change"] != "same"]
    for row in said.to_dict("records"):
        where = {
            "split": f" from {row['with']}",
            "merged": f" into {row['with']}",
        }.get(row["change"], "")
        if row["change"] in ("born", "split"):
            n = f"{row['n_customers_after']} of {after.n_customers} customers"
        elif row["change"] in ("merged", "faded"):
            n = f"{count(row['n_customers_before'], 'customer')} before"
        else:
            n = f"{row['n_customers_before']} → {row['n_customers_after']} of {after.n_customers} customers"
        print(f"{row['change']}{where}: {row['after'] or row['before']}  {row['title']}  ({n})")
        moves = [("came", "came from other themes or none"), ("went", "left it"), ("new_notes", "new")]
        parts = [f"{count(len(row[name]), 'note')} {text}" for name, text in moves if row[name]]
        if parts:
            print(f"    {'; '.join(parts)}")
    n_same = len(changes) - len(said)
    print(f"{count(n_same, 'theme')} as before." if n_same or len(said) else "No themes, now or then.")


def _accept(study: Study, suggested: Themes, signed: dict[str, str]) -> None:
    from workbench.store import append_records
    from workbench.themes.acts import keep_themes

    records = keep_themes(suggested, **signed)
    append_records(study.root, records)
    print(f"Kept: {count(len(suggested.summary), 'theme')}. To take it back:  workbench correct undo")


def _correct(options: argparse.Namespace) -> None:
    from workbench.store import append_records
    from workbench.study import read_study

    study = read_study(_workspace(options))
    if options.act == "log":
        _print_log(study, _find(study))
        return
    themes = _find(study)
    records = _records(options, study, themes)
    append_records(study.root, records)
    from dataclasses import replace

    from workbench.store import read_ledger
    from workbench.themes.changes import theme_changes

    after = _find(replace(study, ledger=read_ledger(study.root)))
    _print_changes(theme_changes(themes, after), after)
    came = set(after.came_along) - set(themes.came_along)
    for note in sorted(came):
        row = after.notes[after.notes["note"] == note].iloc[0]
        print(f"    {note} came along into {row['theme']}: {row['text']}")
    if came:
        print("To put one back:  workbench correct move THEME NOTE")
    if options.act != "undo":
        print("To take it back:  workbench correct undo")
    say_problems(after.problems, brief=True)


def _records(options: argparse.Namespace, study: Study, themes: Themes) -> list[Record]:
    from workbench.themes import acts

    signed = _signed(options)

    def theme(word: str) -> str:
        return _theme_named(themes, word)

    def notes(words: list[str]) -> list[str]:
        return [_note_named(study, word) for word in words]

    if options.act == "rename":
        return acts.rename_theme(themes, theme(options.theme), options.name, **signed)
    if options.act == "merge":
        return acts.merge_themes(themes, theme(options.theme), theme(options.into), **signed)
    if options.act == "split":
        return acts.split_theme(themes, theme(options.theme), notes(options.notes), options.name, **signed)
    if options.act == "move":
        return acts.move_notes(themes, notes(options.notes), theme(options.theme), **signed)
    if options.act == "aside":
        return acts.set_aside(themes, notes(options.notes), **signed)
    if options.act == "pin":
        return acts.pin_together(themes, *notes([options.note, options.partner]), **signed)
    if options.act == "apart":
        return acts.keep_apart(themes, *notes([options.note, options.other]), **signed)
    if options.act == "keep":
        return acts.keep_themes(themes, [theme(word) for word in options.themes] or None, **signed)
    if options.act == "undo":
        return acts.undo(study.ledger, options.records or None, **signed)
    return acts.redo(study.ledger, **signed)


def _theme_named(themes: Themes, word: str) -> str:
    """A theme by its id, the beginning of a lasting one's, or its name."""
    ids = themes.summary["theme"].tolist()
    if word in ids:
        return word
    found = [id for id in ids if len(word) > 3 and id.startswith(word)] or [
        row.theme
        for row in themes.summary.itertuples(index=False)
        if row.name and row.name.casefold() == word.casefold()
    ]
    return found[0] if len(found) == 1 else word  # the act says what there is


def _note_named(study: Study, word: str) -> str:
    """A note by its id, or by its file or call and its line."""
    place, _, line = word.rpartition(":")
    if line.isdigit():
        rows = study.notes[
            (study.notes["line"] == int(line))
            & ((study.notes["file"].astype(str) == place) | (study.notes["call"].astype(str) == place))
        ]
        if len(rows) == 1:
            return rows["note"].iloc[0]
    return word


def _print_log(study: Study, themes: Themes) -> None:
    """Each act once, newest first, with its records' ids."""
    from workbench.themes.replay import live_records

    live = {record.id for record in live_records(study.ledger)}
    acts: dict[tuple[int, str], list[Record]] = {}
    for record in study.ledger.records:
        acts.setdefault((record.at, record.by), []).append(record)
    for records in reversed(acts.values()):
        last = records[-1]
        gone = "" if any(record.id in live for record in records) else "  (taken back)"
        what = "; ".join(
            dict.fromkeys(_describe(record) for record in records if record.kind != "theme" or record.name)
        )
        print(f"{last.id}  {last.date or 'no date':10}  {last.by}: {what or _describe(last)}{gone}")
    for note, cards in sorted(themes.came_along.items()):
        row = themes.notes[themes.notes["note"] == note].iloc[0]
        print(f"came along into {row['theme']} with {', '.join(cards)}: {note}: {row['text']}")
    if not acts:
        print("No corrections yet.")


def _describe(record: Record) -> str:
    words = ", ".join(f"“{ref.text[:40]}”" for ref in record.notes[:2]) + (" …" if len(record.notes) > 2 else "")
    if record.kind == "theme":
        return f"named {record.theme} “{record.name}”" if record.name else f"kept {record.theme}"
    if record.kind == "place":
        return f"moved {words} to {record.theme}" if record.theme else f"set aside {words}"
    if record.kind == "merge":
        return f"merged {record.theme} into {record.into}"
    if record.kind == "link":
        return f"{'pinned together' if record.how == 'together' else 'kept apart'} {words}"
    return f"took back {', '.join(record.of[:3])}{' …' if len(record.of) > 3 else ''}"
