"""Section of ``benchmarks/themes.py`` on what corrections are worth, with the PM of ``simulated_pm.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time

import numpy as np
from labelled import SETS, Bench, Task, broken_pairs, interval, points, score, table
from peers import Encoder, Method, ours, quietly
from simulated_pm import Act, Corrected, Patched, SimulatedPM, count_held, look_at
from sklearn.metrics import adjusted_mutual_info_score
from taught import Taught

POINTS = (0, 5, 10, 20, 40)
PLAYS = 2  # of the simulated PM on each task
N_REPLAYED = 600  # notes, to measure what a replay costs
REFIT = "a fit of all notes, corrections lost"
ARRIVALS = {"merely patched, new notes to the nearest theme": Patched, "**workbench**": Taught}
Start = Callable[[list[str], np.ndarray, Encoder | None], Corrected]


@dataclass
class Play:
    """What one simulated PM did on one task, and what came of it.

    ami is by number of acts, never that of notes that no act named, held how many corrections hold of how many.
    """

    acts: list[Act] = field(default_factory=list)
    ami: dict[int, float] = field(default_factory=dict)
    broken: list[float] = field(default_factory=list)
    held: tuple[int, int] = (0, 0)
    seconds: float = 0.0
    never: float = 0.0
    themes: Corrected | None = None
    labels: np.ndarray | None = None


def corrections(bench: Bench, seeds: int, say: Callable[[str], None]) -> None:
    """AMI after so many acts, what they break, whether they hold, and what new notes make of them."""
    tasks = list(bench.small(seeds))
    say(
        f"{len(SETS)} x {seeds} small tasks, {PLAYS} plays of the simulated PM on each. broken: share of the same-theme "
        "pairs of notes never named in an act that an act breaks, on average; held: live corrections that hold after "
        f"{POINTS[-1]} acts; replay: CPU to work all labels out anew then.\n"
    )
    for encoder in (None, bench.minilm):
        method = ours(encoder)
        if method:
            say(f"### {method.name.strip('*').removeprefix('workbench, ')}\n")
            _curves(tasks, method, encoder, say)
            say(_carry_over(tasks, method, encoder))
            say(_replay_cost(next(bench.mid()).take(np.arange(N_REPLAYED)), method, encoder))


def _curves(tasks: list[Task], method: Method, encoder: Encoder | None, say: Callable[[str], None]) -> None:
    patched: list[Play] = []
    taught: list[Play] = []
    same_acts: list[Play] = []
    units, problem = [], ""
    for task in tasks:
        base = quietly(method, task.texts, task.n_classes)
        for seed in range(PLAYS):
            units.append((task.name.replace("banking77", "bank_notes"), task.seed))
            patched.append(play(task, base, Patched, encoder, seed))
            if not problem:
                try:
                    taught.append(play(task, base, Taught, encoder, seed))
                    same_acts.append(replay(task, base, taught[-1].acts, encoder))
                except NotImplementedError as error:
                    problem = str(error)
    rows = [_row("merely patched, acts of its own", patched)]
    if problem:
        say(f"What corrections teach was not measured: {problem}.\n")
    else:
        rows += [_row("**workbench**", taught), _row("the workbench's acts, merely patched", same_acts)]
    head = ["AMI after", *map(str, POINTS), "never-touched notes", "broken", "held", "replay ms"]
    say(table(head, rows))
    kinds = [act.kind for one in taught or patched for act in one.acts]
    say("Acts: " + ", ".join(f"{kinds.count(kind) / len(kinds):.0%} {kind}" for kind in sorted(set(kinds))) + ".\n")
    if problem:
        return
    rows = []
    for name, others in (("merely patched, acts of its own", patched), ("its acts, merely patched", same_acts)):
        cells = []
        for n in POINTS[1:]:
            gaps = np.array([a.ami[n] - b.ami[n] for a, b in zip(taught, others, strict=True)])
            low, high = interval(gaps, units)
            cells.append(f"{gaps.mean():+.3f} ({low:+.3f} to {high:+.3f})")
        rows.append([f"**workbench** minus {name}", *cells])
    say(table(["AMI, 95 % interval, after", *map(str, POINTS[1:])], rows))


def play(task: Task, base: np.ndarray, start: Start, encoder: Encoder | None, seed: int) -> Play:
    """Let the PM correct until the last of `POINTS`, or until nothing is wrong."""
    pm = SimulatedPM(task.truth, look_at(task.texts, encoder), seed)
    themes = start(task.texts, base, encoder)
    labels, done = np.asarray(base), Play()
    for n in range(POINTS[-1] + 1):
        if n in POINTS:
            done.ami[n] = score(task, labels)["ami"]
        act = pm.next_act(labels) if n < POINTS[-1] else None
        if act is None:
            break
        themes.do(act)
        done.acts.append(act)
        before, labels = labels, themes.labels()
        untouched = np.setdiff1d(np.arange(len(labels)), list(pm.touched))
        done.broken.append(broken_pairs(before[untouched], labels[untouched]))
    return _finish(task, done, themes, labels)


def replay(task: Task, base: np.ndarray, acts: list[Act], encoder: Encoder | None) -> Play:
    """The same acts, whatever they lead to, merely patched."""
    themes = Patched(task.texts, base, encoder)
    labels, done, touched = np.asarray(base), Play(acts=acts), set()
    for n in range(len(acts) + 1):
        if n in POINTS:
            done.ami[n] = score(task, labels)["ami"]
        if n < len(acts):
            themes.do(acts[n])
            touched |= set(acts[n].cards)
            before, labels = labels, themes.labels()
            untouched = np.setdiff1d(np.arange(len(labels)), list(touched))
            done.broken.append(broken_pairs(before[untouched], labels[untouched]))
    return _finish(task, done, themes, labels)


def _finish(task: Task, done: Play, themes: Corrected, labels: np.ndarray) -> Play:
    last = score(task, labels)["ami"]
    done.ami = {n: done.ami.get(n, last) for n in POINTS}  # nothing was wrong any more
    start = process_time()
    done.themes, done.labels = themes, themes.labels()
    done.seconds = process_time() - start
    done.held = count_held(done.acts, done.labels)
    named = [card for act in done.acts for card in act.cards]
    never = np.setdiff1d(np.flatnonzero(task.on_topic), named)
    done.never = adjusted_mutual_info_score(task.truth[never], done.labels[never])
    return done


def _row(name: str, plays: list[Play]) -> list[str]:
    held, live = np.sum([one.held for one in plays], axis=0)
    return [
        name,
        *(points(np.mean([one.ami[n] for one in plays])) for n in POINTS),
        points(np.mean([one.never for one in plays])),
        f"{np.mean([share for one in plays for share in one.broken]):.2%}",
        f"{held / live:.1%} of {live:,}",
        f"{np.median([one.seconds for one in plays]) * 1000:.1f}",
    ]


def _carry_over(tasks: list[Task], method: Method, encoder: Encoder | None) -> str:
    """Acts on 70 % of the notes, then the others come."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for task in tasks:
        order = np.random.default_rng(task.seed).permutation(len(task.texts))
        n_old = round(0.7 * len(order))
        old, new, whole = task.take(order[:n_old]), task.take(order[n_old:]), task.take(order)
        base = quietly(method, old.texts, old.n_classes)
        for name, start in ARRIVALS.items():
            try:
                done = play(old, base, start, encoder, seed=0)
                after = done.themes.arrive(new.texts)
            except NotImplementedError:
                continue
            found.setdefault(name, []).append(_carried(whole, n_old, done.labels, after))
            if start is Patched:
                refit = quietly(method, whole.texts, whole.n_classes)
                found.setdefault(REFIT, []).append(_carried(whole, n_old, done.labels, refit))
    rows = []
    for name, figures in found.items():
        new_ami, all_ami, broken = np.mean(figures, axis=0)
        rows.append([name, points(new_ami), points(all_ami), f"{broken:.1%}"])
    head = [f"{POINTS[-1]} acts on 70 % of the notes, then 30 % come", "AMI new notes", "AMI all", "old pairs broken"]
    return table(head, rows)


def _replay_cost(task: Task, method: Method, encoder: Encoder | None) -> str:
    """CPU to work out the labels of many notes from the start, the ledger's replay included."""
    base = quietly(method, task.texts, task.n_classes)
    found = []
    for name, start in {"merely patched": Patched, "**workbench**": Taught}.items():
        try:
            done = play(task, base, start, encoder, seed=0)
        except NotImplementedError:
            continue
        seconds = []
        for _ in range(5):
            begin = process_time()
            done.themes.labels()
            seconds.append(process_time() - begin)
        found.append(f"{name} {np.median(seconds) * 1000:.1f} ms after {len(done.acts)} acts")
    return f"Replay over {len(task.texts)} notes, median of five, CPU: {', '.join(found)}.\n"


def _carried(whole: Task, n_old: int, before: np.ndarray, after: np.ndarray) -> tuple[float, float, float]:
    new = score(whole.take(np.arange(n_old, len(whole.texts))), after[n_old:])
    return new["ami"], score(whole, after)["ami"], broken_pairs(before, after[:n_old])
