"""The commands on themes: ``workbench themes`` and ``workbench correct``."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from workbench.cli.output import count, print_json, print_lines, say, say_if_none, say_problems
from workbench.cli.workspace import find_in, named_workspace, workspace_option
from workbench.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.study import Study
    from workbench.themes import Themes
    from workbench.themes.ledger import Record

__all__ = ["add_commands", "theme_named"]

SUMMARY_FIELDS = (
    "theme", "name", "claim", "terms", "n_notes", "n_customers", "n_customers_total", "segments", "notes",
)  # fmt: skip
# So many of the notes that came to a theme are shown, and then what lists all of them.
N_SHOWN = 5
NOTHING = "Nothing to keep: the themes are kept as they are."
SHOWN = ".workbench/shown.json"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add both to the program.

    Parameters
    ----------
    command : callable
        Makes a command from its name, what runs it, and what it does.
    """
    sub = command("themes", _themes, "list the themes, most customers first; or what became of them")
    sub.add_argument("theme", metavar="THEME", nargs="?", help="list the notes of this one, most typical first")
    sub.add_argument("--format", choices=["table", "json"], default="table", help="default: table")
    sub.add_argument(
        "--since", metavar="DAY|REV", help="what became of themes since a day (2026-11-17) or a git revision"
    )
    sub.add_argument(
        "--suggest", action="store_true", help="look for themes anew among all notes, and show the difference"
    )
    sub.add_argument("--accept", action="store_true", help="with --suggest: keep what it shows")
    _who(sub)

    sub = command("correct", _no_act, "correct the themes; each correction lasts, and can be taken back")
    sub.epilog = (
        "A THEME is named by its id, the beginning of it (T-3fa9), or its name; a NOTE by its id, or by file and line "
        "(interviews/2026-11-17-acme.md:12), as workbench notes lists it."
    )
    _who(sub)
    acts = sub.add_subparsers(dest="act", metavar="ACT", title="acts")

    def act(name: str, text: str, *words: tuple[str, str]) -> argparse.ArgumentParser:
        one = acts.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", parents=[workspace_option()]
        )
        for word, many in words:
            one.add_argument(word, metavar=word.upper(), **({"nargs": many} if many else {}))
        one.set_defaults(run=_correct, wrong=one.error)
        _who(one)
        return one

    act("rename", "give a theme a name", ("theme", ""), ("name", ""))
    act("merge", "put one theme into another", ("theme", ""), ("into", ""))
    one = act("split", "make a new theme of some notes of one", ("theme", ""), ("notes", "+"))
    one.add_argument("--name", default="", help="the new theme's name")
    act("new", "make a new theme of any notes: of several themes, or of none", ("name", ""), ("notes", "+"))
    act("move", "move notes into a theme", ("theme", ""), ("notes", "+"))
    act("aside", "set notes aside: they are in no theme", ("notes", "+"))
    act("pin", "keep a note in the theme of another note, wherever that goes", ("note", ""), ("partner", ""))
    act("apart", "keep two notes in different themes", ("note", ""), ("other", ""))
    act("keep", "keep themes as they are now (default: all)", ("themes", "*"))
    act("undo", "take the last correction back, or those with these ids (or beginnings of them)", ("records", "*"))
    act("redo", "take the last undo back")
    act("log", "list the corrections, newest first")


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--by", metavar="NAME", default=argparse.SUPPRESS, help="who decides (default: your name on this computer)"
    )
    parser.add_argument(
        "--today", metavar="DAY", default=argparse.SUPPRESS, help="the day to write down (default: today)"
    )
    parser.add_argument(
        "--semantic", action="store_true", default=argparse.SUPPRESS,
        help="use the model of the extra [semantic] beside the words",
    )  # fmt: skip


def _no_act(options: argparse.Namespace) -> None:
    options.wrong("name an act, such as  workbench correct rename T1 NAME;  workbench correct --help lists them")


def _today(options: argparse.Namespace) -> str:
    day = getattr(options, "today", None) or date.today().isoformat()
    try:
        date.fromisoformat(day)
    except ValueError:
        raise InputError(f"day {day!r} is not a day such as 2026-11-17") from None
    return day


def _signed(options: argparse.Namespace) -> dict[str, str]:
    """Who decides, and when."""
    from workbench.store import who_decides

    return {"by": getattr(options, "by", None) or who_decides(), "date": _today(options)}


def _themes(options: argparse.Namespace) -> None:
    if options.accept and not options.suggest:
        options.wrong("--accept goes with --suggest: first see what is suggested, then accept it")
    if options.theme and (options.suggest or options.since is not None):
        options.wrong("THEME lists the notes of one theme; --suggest and --since show all themes")
    if options.suggest and options.since is not None:
        options.wrong("--suggest and --since show two different things; ask for one at a time")
    signed = _signed(options) if options.accept else {}
    from workbench.study import read_study

    study = read_study(named_workspace(options))
    how = _how(options)
    themes = find_in(study, **how)
    if options.suggest or options.since is not None:
        from workbench.themes.changes import theme_changes

        if options.suggest:
            before, after = themes, themes.regroup(study.ledger, again=True)
        else:
            before, after = _earlier(study, options.since, _today(options), how), themes
        changes = theme_changes(before, after)
        if options.format == "json":
            print_json(changes)
        else:
            _print_changes(
                changes,
                before,
                after,
                lambda theme: "--format json names all of them",
                "then " if options.since else "",
            )
        if options.accept:
            _accept(study, after, signed)
        elif options.suggest and len(changes) and options.format == "table":
            more = " --semantic" if how else ""
            print(f"Nothing was changed. To keep this:  workbench themes --suggest{more} --accept")
    elif options.theme:
        _print_notes_of(study, themes, options.theme, as_json=options.format == "json")
    elif options.format == "json":
        _remember(study, themes)
        print_json(themes.summary[list(SUMMARY_FIELDS)])
    elif len(study.notes):
        _remember(study, themes)
        _print_themes(themes)
    say_if_none(study.notes)
    say_problems(study.problems, brief=True)
    say_problems(themes.problems)


def _how(options: argparse.Namespace) -> dict[str, Any]:
    return {"encoder": _semantic_encoder()} if getattr(options, "semantic", False) else {}


def _remember(study: Study, themes: Themes) -> None:
    """Write down what T1, T2 and so on are in the list that somebody reads now, so that `correct` means the same."""
    shown = {
        theme: _print_of(notes) for theme, notes in zip(themes.summary["theme"], themes.summary["notes"], strict=True)
    }
    with suppress(OSError):  # a folder that cannot be written to is no reason not to list
        (study.root / SHOWN).parent.mkdir(exist_ok=True)
        (study.root / SHOWN).write_text(json.dumps(shown), "utf-8")


def _print_of(notes: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(notes)).encode()).hexdigest()[:16]


def _as_shown(study: Study, themes: Themes, number: str) -> str:
    """The theme that was T1, T2 and so on when they were listed last, if it is still there."""
    try:
        shown = json.loads((study.root / SHOWN).read_text("utf-8"))
        listed = shown.get(number, "")
    except (OSError, ValueError, AttributeError):
        return number
    now = {
        _print_of(notes): theme for theme, notes in zip(themes.summary["theme"], themes.summary["notes"], strict=True)
    }
    if not listed or listed in now:
        return now.get(listed, number)
    raise InputError(
        f"{number} is no longer the theme that it was when you listed the themes: a call, a correction or --semantic "
        "made a difference; list them again (workbench themes), then correct"
    )


def _semantic_encoder() -> Any:
    """The encoder of the extra; where it is not installed, one line says so, and there is none."""
    import warnings

    from workbench.themes.encoders import find_encoder, remember

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        encoder = find_encoder("semantic")
    for warning in said:
        say(str(warning.message))
    return encoder and remember(encoder)  # after a correction the same notes are looked at again


def _short(*looks: Themes) -> dict[str, str]:
    """What the themes are called in print: the beginnings of lasting ids."""
    from workbench.themes.ledger import shorten_themes

    return shorten_themes(
        theme
        for themes in looks
        for theme in (*themes.summary["theme"], *themes.decisions.themes, *themes.decisions.merged)
    )


def _place(row: Any) -> str:
    """A note as one line: where it stands, and its words."""
    return f"{row.file}:{row.line}: {row.text}"


def _print_themes(themes: Themes) -> None:
    from workbench.evidence import count_firm
    from workbench.themes.new_notes import measure_drift

    short = _short(themes)
    firm = count_firm(themes).summary.set_index("theme")["n_customers"]
    for row in themes.summary.itertuples(index=False):
        where = ", ".join(f"{segment} {n}" for segment, n in row.segments.items())
        print(f"{short[row.theme]:<9}{row.n_customers:>4} of {row.n_customers_total}  {row.name or row.claim}")
        # What a report counts: a note that shares little with its theme is none of its evidence.
        sure = f"firmly {firm[row.theme]} of {row.n_customers_total}" if firm[row.theme] < row.n_customers else ""
        more = [count(row.n_notes, "note"), sure, where, ", ".join(row.terms), f"“{row.claim}”" if row.name else ""]
        print(f"{'':21}{'; '.join(part for part in more if part)}")
    left = themes.left_out
    n_aside = int((left["reason"] == "set aside").sum())
    aside = f", {n_aside} of them set aside" if n_aside else ""
    if not len(themes.summary):
        print(f"Not yet a theme: {count(len(left), 'note')}, no two alike{aside}.")
        return
    lasting = sum(theme.startswith("T-") for theme in themes.summary["theme"])
    print(f"{count(len(left), 'note')} in no theme{aside}.", end=" ")
    if not lasting:
        print("T1, T2 and so on are not lasting: a theme keeps its number only once you have touched it.")
    elif lasting < len(themes.summary):
        print(f"{count(lasting, 'theme lasts', 'themes last')}; T1, T2 and so on do not until you touch them.")
    else:
        print("All themes last: new notes join them.")
    came = int((themes.notes["reason"] == "came along").sum())
    if came:
        print(f"{count(came, 'note')} came along with notes that you moved; workbench correct log lists them.")
    if lasting and (drift := measure_drift(themes)).is_more:
        print(f"{drift}  workbench themes --suggest shows what would change.")


def _print_notes_of(study: Study, themes: Themes, word: str, *, as_json: bool) -> None:
    """The notes of one theme, most typical first, and why one is there when it is not by the words alone."""
    theme = theme_named(study, themes, word)
    found = themes.summary[themes.summary["theme"] == theme]
    if found.empty:
        raise InputError(f"no theme {word!r}; workbench themes lists them")
    rows = themes.notes.set_index("note").loc[list(found["notes"].iloc[0])].reset_index()
    if as_json:
        print_json(rows[["note", "file", "line", "customer", "text", "reason"]])
        return
    lines = (
        f"{row.file}:{row.line}: {row.customer}: {row.text}" + (f"  ({row.reason})" if row.reason else "")
        for row in rows.itertuples(index=False)
    )
    print_lines(lines, f"themes {shlex.quote(word)}")


def _earlier(study: Study, since: str, today: str, how: dict[str, Any]) -> Themes:
    """The themes as they were before a day, or at a revision."""
    from dataclasses import replace

    import pandas as pd

    if _DAY.fullmatch(since):
        try:
            day = pd.Timestamp(date.fromisoformat(since))
        except ValueError:
            raise InputError(f"--since {since!r} is not a day such as 2026-11-17") from None
        last = _last_day(study)
        if since > max(last, today):
            instead = f"the day of the last call or correction, {last}, or an earlier one" if last else "an earlier day"
            raise InputError(f"--since {since} lies ahead, and nothing can have changed since then; give {instead}")
        records = tuple(record for record in study.ledger.records if record.date < since)
        notes = study.notes[~(study.notes["date"] >= day)]
        return find_in(replace(study, notes=notes, ledger=replace(study.ledger, records=records)), **how)
    from workbench.history import workspace_at
    from workbench.study import read_study

    with workspace_at(study.root, since) as then:
        return find_in(read_study(then), **how)


def _last_day(study: Study) -> str:
    """The day of the last call or correction; empty when none has one."""
    last = study.calls["date"].max()
    calls = [f"{last:%Y-%m-%d}"] if last == last and last is not None else []
    return max([*calls, *(record.date for record in study.ledger.records)], default="")


def _print_changes(
    changes: pd.DataFrame, before: Themes, after: Themes, where_all: Callable[[str], str], mark: str = ""
) -> None:
    """What became of each theme, with the first notes that moved; `where_all` says what lists all those of a theme."""
    short = _short(before, after)
    old, new = (dict(zip(look.notes["note"], look.notes["theme"], strict=True)) for look in (before, after))
    titles = {row.theme: row.name or row.claim for look in (after, before) for row in look.summary.itertuples()}

    def then(theme: str) -> str:
        """As it was called; of long ago marked, since a theme of now may have the number, unless it lasts."""
        return short[theme] if theme.startswith("T-") else f"{mark}{short[theme]}"

    n_same = 0
    for row in changes.to_dict("records"):
        change, was, now = row["change"], row["before"], row["after"]
        if change == "same":
            if was == now or not (was + now).count("T-"):
                n_same += 1
                continue
            change = "kept" if now.startswith("T-") else "let go"
        if row["with"]:
            change += f" from {then(row['with'])}" if change == "split" else f" into {short[row['with']]}"
        if row["with"] and not row["with"].startswith(
            "T-"
        ):  # a number that may not be the one in the list one has read
            change += f" (“{titles[row['with']]}”)"
        called = short[now] if now else then(was)
        if was and now and was != now and "T-" in was + now:
            called = f"{short[was]} → {called}"
        print(f"{change}: {called}  {row['title']}  ({_customers(row, after.n_customers)})")
        came = [(then(old[note]) if old[note] else "no theme", note) for note in row["came"]]
        _print_moves([(f"from {origin}", note) for origin, note in came], after, where_all(short.get(now, "")))
        _print_moves([("to no theme", note) for note in row["went"] if not new[note]], after, where_all(""))
        elsewhere = sum(bool(new[note]) for note in row["went"])
        counts = [(elsewhere, "to other themes"), (len(row["new_notes"]), "new")]
        if said := "; ".join(f"{count(n, 'note')} {text}" for n, text in counts if n):
            print(f"    {said}")
    if n_same:
        print(f"{count(n_same, 'theme')} as before.")
    if not len(changes):
        print("No themes, now or then.")


def _customers(row: dict[str, Any], total: int) -> str:
    """How many customers raised a theme, before and after."""
    n_before, n_after = row["n_customers_before"], row["n_customers_after"]
    if not row["after"]:
        return f"{count(n_before, 'customer')} before"
    arrow = "" if row["change"] in ("born", "split") or n_before == n_after else f"{n_before} → "
    return f"{arrow}{n_after} of {count(total, 'customer')}"


def _print_moves(moves: list[tuple[str, str]], after: Themes, where_all: str) -> None:
    """Notes that moved: the first few, and where all of them are listed; all of them where that is nowhere."""
    rows = {row.note: row for row in after.notes.itertuples(index=False)} if moves else {}
    shown = moves[:N_SHOWN] if where_all else moves
    for where, note in shown:
        print(f"    {where}: {_place(rows[note])}")
    if len(moves) > len(shown):
        print(f"    and {len(moves) - len(shown)} more; {where_all}")


def _accept(study: Study, suggested: Themes, signed: dict[str, str]) -> None:
    from workbench.store import append_records
    from workbench.themes.acts import keep_themes

    records = keep_themes(suggested, **signed)
    if not records:
        say(NOTHING)
        return
    append_records(study.root, records)
    say(f"Kept: {count(len(suggested.summary), 'theme')}. To take it back:  workbench correct undo")


def _correct(options: argparse.Namespace) -> None:
    from workbench.store import append_records
    from workbench.study import read_study
    from workbench.themes.changes import theme_changes

    study = read_study(named_workspace(options))
    how = _how(options)
    themes = find_in(study, **how)
    if options.act == "log":
        _print_log(themes)
        say_problems(themes.problems)
        return
    records = _records(options, study, themes)
    if not records:
        say(NOTHING)
        return
    after = themes.regroup(append_records(study.root, records))
    semantic = " --semantic" if how else ""

    def where_all(theme: str) -> str:
        # A number means what it does in the list that was read last, and this theme is in none yet.
        first = "" if theme.startswith("T-") else f"workbench themes{semantic}, then  "
        return theme and f"to see all:  {first}workbench themes {theme}{semantic}"

    _print_changes(theme_changes(themes, after), themes, after, where_all)
    _print_came_along(themes, after)
    _print_same_names(records, after)
    if options.act == "undo":
        print("To bring it back:  workbench correct redo")
    else:
        print("To take it back:  workbench correct undo")
    known = set(themes.problems)
    say_problems(problem for problem in after.problems if problem not in known)


def _print_same_names(records: list[Record], after: Themes) -> None:
    """Which other lasting themes have a name that was given now, and what to do."""
    short, kept = _short(after), after.decisions.themes
    for record in records:
        others = [id for id in kept if id != record.theme and record.name and _same_name(kept[id].name, record.name)]
        for other in others:
            print(f"{short[other]} is called “{kept[other].name}”, too.", end=" ")
            print(f"To make the two one:  workbench correct merge {short[record.theme]} {short[other]}")
        if others:
            print(f"To tell them apart:  workbench correct rename {short[record.theme]} NAME")


def _print_came_along(before: Themes, after: Themes) -> None:
    """What came along with this correction, and how one is put back."""
    came = sorted(set(after.came_along) - set(before.came_along))
    if not came:
        return
    short = _short(after)
    rows = {row.note: row for row in after.notes.itertuples(index=False)}
    print(f"{count(len(came), 'note')} came along, being like what you moved:")
    for note in came:
        print(f"    to {short[rows[note].theme]}: {_place(rows[note])}")
    first = rows[came[0]]
    print(
        f"To put one back:  workbench correct move {short[after.decisions.anchors[came[0]]]} {first.file}:{first.line}"
    )


def _records(options: argparse.Namespace, study: Study, themes: Themes) -> list[Record]:
    from workbench.themes import acts

    signed = _signed(options)

    def theme(word: str) -> str:
        return theme_named(study, themes, word)

    def notes(words: list[str]) -> list[str]:
        return [_note_named(study, word) for word in words]

    if options.act == "rename":
        return acts.rename_theme(themes, theme(options.theme), options.name, **signed)
    if options.act == "merge":
        return acts.merge_themes(themes, theme(options.theme), theme(options.into), **signed)
    if options.act == "split":
        return acts.split_theme(themes, theme(options.theme), notes(options.notes), options.name, **signed)
    if options.act == "new":
        name = _name_given(study, options.name)
        return acts.new_theme(themes, notes(options.notes), name, **signed)
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
        return acts.undo(study.ledger, [_act_named(themes, word) for word in options.records] or None, **signed)
    return acts.redo(study.ledger, **signed)


def theme_named(study: Study, themes: Themes, word: str) -> str:
    """A theme by its id, the beginning of a lasting one's, or its name.

    Parameters
    ----------
    study : Study
        The workspace, which remembers what T1, T2 and so on were when the themes were listed last.
    themes : Themes
        Its themes.
    word : str
        What was typed.

    Returns
    -------
    str
        The theme's id; the word as it is where nothing fits.

    Raises
    ------
    InputError
        When it could be several, or a number is no longer the theme that was listed.
    """
    if re.fullmatch(r"T[0-9]+", word):
        return _as_shown(study, themes, word)
    names = {theme: kept.name for theme, kept in themes.decisions.themes.items()}
    names |= dict(zip(themes.summary["theme"], themes.summary["name"], strict=True))
    if word in names:
        return word
    found = [theme for theme, name in names.items() if name and _same_name(name, word)]
    if not found and re.fullmatch(r"T-[\w-]{2,}", word):
        found = [theme for theme in names if theme.startswith(word)]
    if len(found) > 1:
        listed = ", ".join(f"{theme} “{names[theme]}”" if names[theme] else theme for theme in found)
        raise InputError(f"{word!r} could be {listed}; name one by its whole id")
    return found[0] if found else word  # the act says what there is


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _note_named(study: Study, word: str) -> str:
    """A note by its id, or by its file or call and its line."""
    place, _, line = word.replace("\\", "/").rpartition(":")
    if not (place and line.isdecimal()):
        return word  # the act says what there is
    file = study.notes["file"].astype(str)
    # From elsewhere, a file is named by more than its place in the workspace.
    known = [name for name in file.unique() if place.endswith(f"/{name}")]
    inside = study.notes[
        (file == (known[0] if known else place.removeprefix("./"))) | (study.notes["call"].astype(str) == place)
    ]
    if inside.empty:
        return word
    rows = inside[inside["line"] == int(line)]
    if rows.empty:
        near = sorted(inside.itertuples(index=False), key=lambda row: abs(row.line - int(line)))[:3]
        listed = "; ".join(f"{row.line}: {row.text:.60}" for row in sorted(near, key=lambda row: row.line))
        raise InputError(f"no note begins at {word}; the nearest lines are {listed}")
    row = next(rows.itertuples(index=False))
    if str(row.kind) == "take" or str(row.consent) == "none" or row.excluded:
        own = f"what one of you said ({row.ours})" if row.ours else "your own take"
        why = own if str(row.kind) == "take" else "of a customer who does not count"
        raise InputError(f"{word} is {why}, and in no theme; name another note")
    return str(row.note)


def _name_given(study: Study, word: str) -> str:
    """The name of a new theme, unless it was forgotten, and a note stands in its place."""
    if _note_named(study, word) in set(study.notes["note"].astype(str)):
        raise InputError(f'{word} is a note; the name comes first:  workbench correct new "NAME" {word}')
    return word


def _act_named(themes: Themes, word: str) -> str:
    """A record of an act, by its id or by a beginning that it shares with no other act that holds."""
    from workbench.themes.ledger import act_of
    from workbench.themes.replay import live_records

    ids = [record.id for record in themes.ledger.records if record.id.startswith(word)]
    if len(word) < 2 or word in ids or not ids:
        return word  # the act says what there is
    live = {act_of(record): record.id for record in live_records(themes.ledger) if record.id in ids}
    if len(live) > 1:
        said, names = _acts(themes), _names(themes)
        listed = ", ".join(f"{act} ({said[act][-1].by}: {_describe_act(said[act], names):.60})" for act in live)
        raise InputError(f"{word!r} could be {listed}; name one by more of its id")
    return next(iter(live.values()), ids[0])


def _acts(themes: Themes) -> dict[str, list[Record]]:
    """What there is to tell of each act, oldest first."""
    from workbench.themes.ledger import act_of

    acts: dict[str, list[Record]] = {}
    for record in themes.ledger.records:
        acts.setdefault(act_of(record), []).append(record)
    # Keeping a theme goes without saying where something else was done to it.
    return {
        act: [record for record in records if record.kind != "theme" or record.name] or records
        for act, records in acts.items()
    }


def _names(themes: Themes) -> dict[str, str]:
    """What the themes are called in print, with the names that they have."""
    short = _short(themes)
    kept = themes.decisions.themes
    return short | {theme: f"{short[theme]} “{kept[theme].name}”" for theme in kept if kept[theme].name}


def _print_log(themes: Themes) -> None:
    """Each act once, newest first, with the id that undo takes; then what came along."""
    from workbench.themes.replay import live_records

    live = {record.id for record in live_records(themes.ledger)}
    names, acts = _names(themes), _acts(themes)
    rests = {rest.record.id: rest.reason for rest in themes.decisions.resting}
    for said in reversed(acts.values()):
        gone = "" if any(record.id in live for record in said) else "  (taken back)"
        if not gone and all(record.id in rests for record in said):
            gone = f"  (does not hold now: {rests[said[-1].id]})"
        what = _describe_act(said, names)
        print(f"{said[-1].id}  {said[-1].date or 'no date':10}  {said[-1].by}: {what}{gone}")
    rows = {row.note: row for row in themes.notes.itertuples(index=False)}
    for note, cards in sorted(themes.came_along.items()):
        print(f"came along to {names[rows[note].theme]}: {_place(rows[note])}")
        print(f"    being like {_place(rows[cards[0]])}" + (f", and {len(cards) - 1} more" if cards[1:] else ""))
    if not acts:
        print("No corrections yet.")


def _describe_act(said: list[Record], names: dict[str, str]) -> str:
    return "; ".join(dict.fromkeys(_describe(record, names) for record in said))


def _describe(record: Record, names: dict[str, str]) -> str:
    words = ", ".join(f"“{ref.text[:40]}”" for ref in record.notes[:2]) + (" …" if len(record.notes) > 2 else "")
    words = words or "notes that were forgotten"
    theme, into = (names.get(id or "", id or "") for id in (record.theme, record.into))
    if record.kind == "theme":
        return f"named {theme.partition(' ')[0]} “{record.name}”" if record.name else f"kept {theme}"
    if record.kind == "place":
        return f"moved {words} to {theme}" if record.theme else f"set aside {words}"
    if record.kind == "merge":
        return f"merged {theme} into {into}"
    if record.kind == "link":
        return f"{'pinned together' if record.how == 'together' else 'kept apart'} {words}"
    return f"took back {', '.join(record.of[:3])}{' …' if len(record.of) > 3 else ''}"
