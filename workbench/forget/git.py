"""What of a customer stands in git's history, and the lines that take it out with git-filter-repo."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.customers import fold_name, split_people
from workbench.forget.plan import Forgetting, place_of, walk
from workbench.forget.search import look_into
from workbench.forget.traces import FORGOTTEN, Traces
from workbench.frontmatter import split_front_matter, split_lines
from workbench.notes import Call, parse_call

__all__ = ["InGit", "find_in_git"]

# Stands in the name of a file, a branch or a tag.
_IN_NAMES = FORGOTTEN.strip("()")
# What git writes anew by itself, or what the lines have it write anew.
_REWRITTEN = ("objects/", "logs/", "refs/", "packed-refs", "index", "filter-repo/", "worktrees/")
# Somebody's settings: to be looked at, not to be deleted.
_SETTINGS = ("config", "hooks/", "info/", "description")


class InGit(NamedTuple):
    """A customer in a repository.

    Parameters
    ----------
    folder : pathlib.Path
        The repository's top.
    n_files : int
        How many files, of all that it ever held, give the customer away.
    commands : tuple of str
        What takes it out, one after the other; none where it is not in there.
    settings : tuple of str
        Git's own files that name it and are for a person to mend.
    unread : tuple of str
        Files of the history that cannot be looked into, and stay.
    remotes : tuple of str
        Where the history was sent.
    """

    folder: Path
    n_files: int
    commands: tuple[str, ...]
    settings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()


class _Object(NamedTuple):
    id: str
    kind: str
    path: str
    data: bytes


def find_in_git(plan: Forgetting) -> InGit | None:
    r"""Look through all that git keeps: branches, tags, stashes, what is staged, and what was left behind.

    Parameters
    ----------
    plan : Forgetting
        What is forgotten.

    Returns
    -------
    InGit or None
        What was found and what takes it out; None where the workspace is in no repository.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from workbench.forget import plan_forgetting
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "interviews").mkdir()
    >>> _ = (folder / "interviews" / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\n---\n- one")
    >>> find_in_git(plan_forgetting(folder, "Acme")) is None
    True
    """
    top = _ask(plan.root, "rev-parse", "--show-toplevel")
    if top is None:
        return None
    folder = Path(top.strip())
    prefix = (_ask(plan.root, "rev-parse", "--show-prefix") or "").strip()
    listed = _list(folder)
    # Calls as they were: their words and people may have been edited since.
    own = {fold_name(name) for name in plan.names}
    written = {id_: path for id_, path in listed.items() if path.lower().endswith(".md")}
    calls = {one.id: call for one in _read(folder, written) if (call := _call_of(one, own))}
    removed = {prefix + step.file for step in plan.steps if step.what == "remove"}
    there = {prefix + file for file in walk(plan.root)} - removed
    traces = plan.traces.more(
        people=_nobody_elses(
            {one for call in calls.values() for one, _ in split_people(call.who)} - {"", *plan.people}, folder, there
        ),
        calls=[call.id for call in calls.values()],
        texts=[line for call in calls.values() for line in _said(call.source)],
    )
    changed = {prefix + step.file for step in plan.steps}
    # What stays in the workspace as it is must not be taken out of it by way of its history.
    in_head = (line.partition("\t") for line in (_ask(folder, "ls-tree", "-rz", "HEAD") or "").split("\0") if line)
    staying = {what.split()[2] for what, _, path in in_head if path in there - changed}

    def tells(text: str) -> bool:
        return any(trace.sure or plan.unsure for trace in traces.find(text))

    paths = {path for path in (_ask(folder, *_EVERY_PATH) or "").split("\0") if path.strip()} | {*listed.values()} - {
        ""
    }
    gone, renamed = {path for path in paths if path in removed}, {}
    gone |= {listed[id_] for id_ in calls if listed[id_] not in there}
    for path in sorted(paths - gone):
        if tells(path):
            if place_of(path.removeprefix(prefix)) in ("interviews", "made") and path not in there:
                gone.add(path)
            else:
                renamed[path] = _free(traces.replace(path, unsure=plan.unsure, stand_in=_IN_NAMES), renamed.values())

    words: set[str] = set()
    holding: set[str] = set()
    blobs: set[str] = set()
    unread: set[str] = set()

    def look_at(one: _Object, data: bytes) -> None:
        """What happens to a file whose words the lines have replaced."""
        seen = look_into(data)
        if one.id in calls or any(map(tells, seen.texts)) or (seen.closed and one.path.startswith(f"{prefix}reports/")):
            (unread if one.id in staying else holding).add(one.path)
            blobs.update({one.id} - staying)
        elif seen.closed:
            unread.add(one.path)

    worded = {}  # files that the lines change, to be looked at once all of them are known
    for one in _read(folder, listed):
        found = []
        if one.id not in calls and b"\0" not in one.data[:8192]:  # filter-repo does not write anew what has one there
            text = one.data.decode("utf-8", "surrogateescape")
            found = [trace.words for trace in traces.find(text) if trace.sure or plan.unsure]
            words.update(found)
        if one.kind == "blob":
            if found:
                holding.add(one.path)
            if one.path in gone:
                continue
            if found:
                worded[one.id] = one.path
            else:
                look_at(one, one.data)
    rules = [_rule(one, traces.others) for one in sorted(words, key=lambda one: (-len(one), one))]
    for one in _read(folder, worded):
        data = one.data
        for word, pattern, _ in rules:
            if word in data:  # which is told much sooner
                data = pattern.sub(FORGOTTEN.encode(), data)
        look_at(one, data)

    lines = _branches_and_tags(folder, traces, tells)
    stashes = [line.split(" ", 1) for line in (_ask(folder, "stash", "list", "--format=%H %gs") or "").splitlines()]
    if any(tells(message) for _, message in stashes):
        stored = [f"git stash store -m {_IN_NAMES} {id_}" for id_, _ in reversed(stashes)]
        lines.local.append(" && ".join(["git stash clear", *stored]))
    kept = _left_in_git(folder, tells)
    remotes = tuple((_ask(folder, "remote") or "").split())
    reflog = tells(_ask(folder, "log", "--all", "--reflog", "-g", "--format=%gs") or "")
    if not (rules or gone or renamed or blobs or lines.any or kept or reflog):
        return InGit(folder, 0, (), unread=tuple(sorted(unread)))
    git_dir = (_ask(folder, "rev-parse", "--git-common-dir") or ".git").strip()
    lists = {
        "words": [line for *_, line in rules],
        "paths": [f"literal:{path}" for path in sorted(gone)] + [f"literal:{a}==>{b}" for a, b in renamed.items()],
        "blobs": sorted(blobs),
    }
    return InGit(
        folder,
        len(holding | gone | renamed.keys()),
        tuple(_commands(folder, prefix, git_dir, lists, lines, remotes, [f for f in kept if not f.startswith(_SETTINGS)])),
        tuple(f"{git_dir}/{file}" for file in kept if file.startswith(_SETTINGS)),
        tuple(sorted(unread)),
        remotes,
    )  # fmt: skip


_EVERY_PATH = ("log", "--all", "--reflog", "-m", "--format=", "--name-only", "-z")


class _Refs(NamedTuple):
    """Lines on branches and tags whose names tell: what is typed here, tags by their new names, what goes elsewhere."""

    local: list[str]
    tags: dict[str, str]
    elsewhere: list[tuple[str, str]]

    @property
    def any(self) -> bool:
        return bool(self.local or self.tags or self.elsewhere)


def _branches_and_tags(folder: Path, traces: Traces, tells: Callable[[str], bool]) -> _Refs:
    names = (_ask(folder, "for-each-ref", "--format=%(refname)") or "").split()
    refs, taken = _Refs([], {}, []), set(names)

    def anew(ref: str) -> str:
        new = _free(traces.replace(ref, unsure=True, stand_in=_IN_NAMES), taken)
        taken.add(new)
        return new

    remotes = (_ask(folder, "remote") or "").split()
    for ref in filter(tells, names):
        kind, _, name = ref.removeprefix("refs/").partition("/")
        if kind == "heads":
            refs.local.append(f"git branch -m {shlex.quote(name)} {shlex.quote(anew(ref).removeprefix('refs/heads/'))}")
        elif kind == "tags":
            refs.tags[ref] = anew(ref)
            refs.elsewhere.extend((remote, ref) for remote in remotes)
        elif kind == "remotes":
            remote, _, branch = name.partition("/")
            if f"refs/heads/{branch}" not in names:
                new = anew(f"refs/heads/{branch}").removeprefix("refs/heads/")
                refs.local.append(f"git branch --no-track {shlex.quote(new)} {shlex.quote(ref)}")
            refs.local.append(f"git update-ref -d {shlex.quote(ref)}")
            refs.elsewhere.append((remote, f"refs/heads/{branch}"))
    return refs


def _commands(
    folder: Path, prefix: str, git_dir: str, lists: dict[str, list[str]], refs: _Refs, remotes: Iterable[str],
    kept: list[str],
) -> Iterator[str]:  # fmt: skip
    """The lines, each safe to type after the one before has failed: history is written anew only on top of a commit."""
    here = f"{git_dir}/forget"
    yield f"cd {shlex.quote(str(folder))}"
    yield f"mkdir -p {shlex.quote(here)} && rm -rf {shlex.quote(f'{git_dir}/filter-repo')}"
    filter_repo = ["git filter-repo", "--force"]
    for name, what in (
        ("words", "--replace-text {0} --replace-message {0}"),
        ("paths", "--invert-paths --paths-from-file {0}"),
        ("blobs", "--strip-blobs-with-ids {0}"),
    ):
        if lists[name]:
            file = shlex.quote(f"{here}/{name}")
            yield f"printf '%s\\n' {' '.join(map(shlex.quote, lists[name]))} > {file}"
            filter_repo.append(what.format(file))
    if refs.tags:
        names = ", ".join(f"{old.encode()!r}: {new.encode()!r}" for old, new in refs.tags.items())
        filter_repo.append("--refname-callback " + shlex.quote(f"return {{{names}}}.get(refname, refname)"))
    yield from (f"git worktree remove {shlex.quote(path)}" for path in _worktrees(folder))
    yield from refs.local
    urls = {remote: (_ask(folder, "remote", "get-url", remote) or "").strip() for remote in remotes}
    commit = f"git add -A -- {shlex.quote(prefix or '.')} && git commit -q --allow-empty -m 'A customer is forgotten'"
    yield f"{commit} && {' '.join(filter_repo)}"
    yield "rm -rf " + " ".join(shlex.quote(f"{git_dir}/{name}") for name in ("forget", "filter-repo", *kept))
    if "origin" in urls:  # filter-repo takes it out, so that nothing is sent by mistake
        yield f"git remote add origin {shlex.quote(urls['origin'])}"
    for remote in map(shlex.quote, urls):
        yield f"git push --force --all {remote}"
        yield f"git push --force --tags {remote}"
    yield from (f"git push {shlex.quote(remote)} --delete {shlex.quote(ref)}" for remote, ref in refs.elsewhere)


def _worktrees(folder: Path) -> list[str]:
    """Other folders that show a branch of the same history."""
    lines = (_ask(folder, "worktree", "list", "--porcelain") or "").splitlines()
    paths = [line.removeprefix("worktree ") for line in lines if line.startswith("worktree ")]
    return [path for path in paths[1:] if Path(path).resolve() != folder.resolve()]


def _left_in_git(folder: Path, tells: Callable[[str], bool]) -> list[str]:
    """Git's own files that name the customer and stay when history is written anew, such as the last message typed."""
    root = folder / (_ask(folder, "rev-parse", "--git-common-dir") or ".git").strip()
    found = []
    for path in sorted(root.rglob("*")):
        file = path.relative_to(root).as_posix()
        if file.startswith(_REWRITTEN) or path.is_symlink() or not path.is_file():
            continue
        if any(map(tells, (file, *look_into(path.read_bytes()).texts))):
            found.append(file)
    return found


def _rule(words: str, others: Iterable[str]) -> tuple[bytes, re.Pattern[bytes], str]:
    """Words, what finds them where they stand alone and are no part of another customer's name, and its line for filter-repo."""
    form = _escaped(words)
    keep = ""
    for other in others:
        for found in re.finditer(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])", other, re.IGNORECASE):
            before, after = other[: found.start()], other[found.end() :]
            keep += f"(?!{f'(?<={_escaped(before)})' if before else ''}{form}{_escaped(after)})"
    start = "(?<![0-9A-Za-z])" if re.match(r"[0-9A-Za-z]", words) else ""
    end = "(?![0-9A-Za-z])" if re.search(r"[0-9A-Za-z]\Z", words) else ""
    whole = f"{start}{keep}{form}{end}"
    return words.encode("utf-8", "surrogateescape"), re.compile(whole.encode()), f"regex:{whole}==>{FORGOTTEN}"


def _escaped(words: str) -> str:
    """Words as a pattern on one line, bytes that are no text as such."""

    def one(char: str) -> str:
        if "\udc80" <= char <= "\udcff":
            return f"\\x{ord(char) - 0xDC00:02x}"
        return f"\\x{ord(char):02x}" if ord(char) < 32 else re.escape(char)

    return "".join(map(one, words))


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that no other has got."""
    stem, dot, end = name.rpartition(".") if "." in name.rpartition("/")[2] else (name, "", "")
    n, new = 1, name
    while new in taken:
        n += 1
        new = f"{stem}-{n}{dot}{end}"
    return new


def _call_of(one: _Object, own: set[str]) -> Call | None:
    """A call of the customer's, as it once was."""
    if one.kind != "blob" or not one.path.lower().endswith(".md") or b"customer:" not in one.data:
        return None
    call = parse_call(one.data.decode("utf-8", "surrogateescape"), one.path)
    return call if fold_name(call.customer) in own else None


def _nobody_elses(people: set[str], folder: Path, files: Iterable[str]) -> set[str]:
    """People of older calls whom no call or registry that stays has."""
    for file in sorted(files):
        if people and re.search(r"interviews/.*\.md$|customers\.yaml$", file) and not (folder / file).is_symlink():
            text = (folder / file).read_bytes().decode("utf-8", "replace")
            people = {person for person in people if person not in text}
    return people


def _said(source: str) -> list[str]:
    lines = split_lines(source)
    return [line.strip() for line in lines[split_front_matter(lines, "")[1] :] if line.strip()]


def _list(folder: Path) -> dict[str, str]:
    """Every object that a branch, a tag, a stash, a reflog or the index leads to, and a path it has, where it has one."""
    lines = _ask(folder, "rev-list", "--all", "--reflog", "--indexed-objects", "--objects") or ""
    return {id_: path for id_, _, path in (line.partition(" ") for line in lines.split("\n")) if id_}


def _read(folder: Path, listed: dict[str, str]) -> Iterator[_Object]:
    """Files, commits and tags; folders' names stand in the paths."""
    with tempfile.TemporaryFile() as ids:
        ids.write("".join(f"{id_}\n" for id_ in listed).encode())
        ids.seek(0)
        git = ["git", "-C", str(folder), "cat-file", "--batch"]
        with subprocess.Popen(git, stdin=ids, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for line in process.stdout:
                id_, kind, *size = line.decode().split()
                if not size:  # missing, as in a partial clone
                    continue
                data = process.stdout.read(int(size[0]) + 1)[:-1]
                if kind != "tree":
                    yield _Object(id_, kind, listed[id_] if kind == "blob" else "", data)


def _ask(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "-c", "core.quotePath=false", *words], capture_output=True, check=False
        )
    except OSError:
        return None
    return os.fsdecode(done.stdout) if done.returncode == 0 else None
