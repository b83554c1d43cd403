"""From decisions to themes: corrected themes are the model, notes like the corrected ones come along, new notes join.

Four rules, the first that says something holds:

1. A card that the PM placed, set aside or pinned is where the PM put it; two that are kept apart are apart.
2. A note that is like corrected cards comes along with them, away from the theme that they were taken out of. How far is
   learned by ridge regression (Hoerl and Kennard 1970) from the corrected themes' own notes.
3. A note that was in a theme when it was last kept stays there.
4. Any other note is free. Where free notes are most of a group that is found among all notes, the group stands as a
   theme that is not lasting; else the note joins the lasting theme whose middle is nearest.

Rules 1 to 3 look at no free note, so that a new call moves no old note of a corrected theme.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from workbench.themes.replay import Decisions

__all__ = ["Corrected", "Layout", "correct_labels", "suggest_anew"]

# A free group needs so many free notes, and half of it free, to stand beside lasting themes.
MIN_FREE = 3
# A corrected card tells more of its theme than a note that merely lies there.
CARD_WEIGHT = 5
# Foretelling: from so many cards moved from one theme to another on, and when so many of them would have been foretold
# by the others, their likes follow.
MIN_CARDS, MIN_FORETOLD, ROUNDS, MARGIN = 2, 0.75, 3, 0.3
STAYED_WEIGHT = 3
# How much the regression doubts a corrected card and any other note.
CARD_NOISE, NOTE_NOISE = 0.1, 2.5
# A note comes along only if a corrected card is among its so many nearest, or it among the card's.
N_NEAR = 15
# The regression takes the cube of its notes; more than so many are thinned out.
MAX_TAUGHT = 2000


class Layout(Protocol):
    """Where texts lie; a fitted :class:`~workbench.themes.model.ThemeModel` is one."""

    latent_: np.ndarray

    def compare(self, positions: Sequence[int]) -> np.ndarray:
        """How alike some texts are."""


class Corrected(NamedTuple):
    """What each note is in, and why.

    Parameters
    ----------
    themes : list of str
        For each note the id of a lasting theme, "#3" for the group 3 that was found, or "" for none.
    reasons : list of str
        "placed", "set aside", "pinned", "kept apart" (the PM's own word on the card), "came along" (learned from
        corrected cards), "joined" (a new note in a lasting theme), or "".
    teachers : dict of int to tuple of int
        For each note that came along the corrected cards that it is like, nearest first.
    """

    themes: list[str]
    reasons: list[str]
    teachers: dict[int, tuple[int, ...]]


def correct_labels(
    groups: np.ndarray,
    latent: np.ndarray,
    notes: Sequence[str],
    decisions: Decisions,
    lay_out: Callable[[list[int]], Layout],
) -> Corrected:
    """The themes of notes, after the PM's decisions.

    Parameters
    ----------
    groups : ndarray of shape (n_notes,), int
        The groups found among all notes, -1 for none.
    latent : ndarray of shape (n_notes, n_dimensions)
        Where all notes lie, see :attr:`ThemeModel.latent_ <workbench.themes.model.ThemeModel>`.
    notes : sequence of str
        The notes' ids.
    decisions : Decisions
        From :func:`~workbench.themes.replay.replay_ledger`.
    lay_out : callable
        Takes positions among the notes, gives how those lie when there are no others. Called only where cards were
        moved.

    Returns
    -------
    Corrected
        The same whatever the order of the notes.

    Examples
    --------
    >>> correct_labels(np.array([0, 0, 1]), np.eye(3), ["a", "b", "c"],
    ...                Decisions(placed={"c": ""}), lambda old: None).themes
    ['#0', '#0', '']
    """
    board = _Board(notes, decisions)
    board.settle()
    if board.moves:
        board.teach(lay_out)
    board.seat_free(np.asarray(groups), latent)
    board.follow()
    board.part(latent)
    return Corrected(board.themes, board.reasons, board.teachers)


def suggest_anew(groups: np.ndarray, notes: Sequence[str], decisions: Decisions) -> Decisions:
    """Lasting themes with the notes that they would have if they were found among all notes now.

    Each lasting theme takes the group that shares most notes with it (Kuhn 1955), one group a theme, if half of the
    smaller of the two is shared; a theme without such a group keeps its notes. Names, and what was decided on single
    cards, stay.

    Parameters
    ----------
    groups : ndarray of shape (n_notes,), int
        The groups found among all notes, -1 for none.
    notes : sequence of str
        The notes' ids.
    decisions : Decisions
        What holds now.

    Returns
    -------
    Decisions
        The same but for the anchors. A note that is in no group stays where it is.

    Examples
    --------
    >>> from workbench.themes.replay import KeptTheme
    >>> now = Decisions(themes={"T-1": KeptTheme("T-1", "", "", "")}, anchors={"a": "T-1", "b": "T-1"})
    >>> suggest_anew(np.array([0, 0, 0, 1]), ["a", "b", "c", "d"], now).anchors
    {'a': 'T-1', 'b': 'T-1', 'c': 'T-1'}
    """
    lasting = sorted(set(decisions.anchors.values()))
    number = {theme: k for k, theme in enumerate(lasting)}
    shared = np.zeros((len(lasting), int(np.max(groups, initial=-1)) + 1))
    sizes = np.bincount(groups[groups >= 0], minlength=shared.shape[1])
    n_anchored = Counter(decisions.anchors.values())
    for note, group in zip(notes, groups.tolist(), strict=True):
        if group >= 0 and note in decisions.anchors:
            shared[number[decisions.anchors[note]], group] += 1
    theme_of: dict[int, str] = {}
    for k, group in zip(*linear_sum_assignment(-shared), strict=True):
        if 2 * shared[k, group] >= min(n_anchored[lasting[k]], sizes[group]) > 0:
            theme_of[int(group)] = lasting[k]
    matched = set(theme_of.values())
    anchors = {}
    for note, group in zip(notes, groups.tolist(), strict=True):
        before = decisions.anchors.get(note, "")
        if before and (group < 0 or before not in matched):
            anchors[note] = before
        elif group in theme_of:
            anchors[note] = theme_of[group]
    return replace(decisions, anchors=anchors)


class _Board:
    """The themes while they are worked out, by position of the note."""

    def __init__(self, notes: Sequence[str], decisions: Decisions) -> None:
        self.position = {note: i for i, note in enumerate(notes)}
        self.decisions = decisions
        self.themes = [""] * len(notes)
        self.reasons = [""] * len(notes)
        self.teachers: dict[int, tuple[int, ...]] = {}
        self.anchors = self._by_position(decisions.anchors)
        self.follows = {
            self.position[a]: self.position[b]
            for a, b in decisions.follows.items()
            if a in self.position and b in self.position
        }
        self.placed = self._by_position(decisions.placed)
        self.lasting = sorted(decisions.themes)

    def _by_position(self, of_note: dict[str, str]) -> dict[int, str]:
        return {self.position[note]: theme for note, theme in of_note.items() if note in self.position}

    def settle(self) -> None:
        """What stands in the ledger: where notes were, where cards were put, and from where to where they moved."""
        for i, theme in (self.anchors | self.placed).items():
            self.themes[i] = theme
        for i, theme in self.placed.items():
            self.reasons[i] = "placed" if theme else "set aside"
        for i, leader in self.follows.items():
            self.themes[i], self.reasons[i] = self.themes[leader], "pinned"
        self.cards = sorted({i for i in self.placed if self.placed[i]} | {i for i in self.follows if self.themes[i]})
        self.moves = [
            (card, source, self.themes[card])
            for card in self.cards
            if (source := self.anchors.get(card, "")) and source != self.themes[card]
        ]

    def teach(self, lay_out: Callable[[list[int]], Layout]) -> None:
        """Let the notes that are like moved cards come along (rule 2)."""
        old = sorted(i for i in {*self.anchors, *self.cards} if self.themes[i])
        old.sort(key=list(self.position).__getitem__)
        layout = lay_out(old)
        row_of = {i: row for row, i in enumerate(old)}
        moves = [(row_of[card], source, target) for card, source, target in self.moves]
        fixed = {row_of[card] for card in self.cards} | {
            row_of[i] for pair in self.decisions.apart for note in pair if (i := self.position.get(note)) in row_of
        }
        fixed |= {row_of[i] for i in self.follows.values() if i in row_of}
        at = [self.themes[i] for i in old]
        for row, (theme, teachers) in _learn(layout, at, moves, fixed).items():
            self.themes[old[row]], self.reasons[old[row]] = theme, "came along"
            self.teachers[old[row]] = tuple(old[card] for card in teachers)

    def seat_free(self, groups: np.ndarray, latent: np.ndarray) -> None:
        """Free notes stand as a theme of their own or join the nearest lasting one (rule 4)."""
        settled = {*self.anchors, *self.placed, *self.follows}
        free = np.array([i not in settled for i in range(len(groups))], dtype=bool)
        n_free = Counter(groups[free].tolist())
        size = Counter(groups.tolist())
        stands = {
            label
            for label, n in n_free.items()
            if label >= 0 and (n == size[label] or (n >= MIN_FREE and 2 * n >= size[label]))
        }
        joining = []
        for i in np.flatnonzero(free).tolist():
            if groups[i] in stands:
                self.themes[i] = f"#{groups[i]}"
            elif groups[i] >= 0:
                joining.append(i)
        themes, middles = self._middles(latent, self.lasting)
        if joining and themes:
            nearest = np.round(latent[joining] @ middles.T, 9).argmax(axis=1)
            for i, best in zip(joining, nearest.tolist(), strict=True):
                self.themes[i], self.reasons[i] = themes[best], "joined"

    def _middles(self, latent: np.ndarray, among: Sequence[str]) -> tuple[list[str], np.ndarray]:
        """The themes that have notes, and the middle of each, corrected cards counting more."""
        number = {theme: k for k, theme in enumerate(among)}
        inside = [i for i, theme in enumerate(self.themes) if theme in number]
        weights = np.ones(len(self.themes))
        weights[self.cards] = CARD_WEIGHT
        columns = [number[self.themes[i]] for i in inside]
        member = sparse.csr_matrix((weights[inside], (columns, inside)), shape=(len(among), len(self.themes)))
        sums = np.asarray(member @ latent)
        length = np.linalg.norm(sums, axis=1)
        kept = np.flatnonzero(length > 0)
        return [among[k] for k in kept.tolist()], sums[kept] / length[kept, None]

    def follow(self) -> None:
        """A pinned card is in its partner's theme, wherever that has come to be."""
        for i, leader in self.follows.items():
            self.themes[i] = self.themes[leader]

    def part(self, latent: np.ndarray) -> None:
        """Of two that are to be apart and are not, the first named goes to the next best theme, its group with it."""
        groups = self._groups()
        apart: dict[int, set[int]] = defaultdict(set)
        pairs = []
        for a, b in self.decisions.apart:
            if a in self.position and b in self.position:
                one, other = self.position[a], self.position[b]
                pairs.append((one, other))
                for i in groups.get(one, {one}):
                    apart[i].add(other)
                for i in groups.get(other, {other}):
                    apart[i].add(one)
        for one, other in pairs:
            if not self.themes[one] or self.themes[one] != self.themes[other]:
                continue
            goes = one if not self._is_placed(one, groups) else other
            together = groups.get(goes, {goes})
            barred = {self.themes[i] for member in together for i in apart[member]}
            themes, middles = self._middles(latent, sorted({theme for theme in self.themes if theme} - barred))
            near = np.round(middles @ latent[goes], 9) if themes else []
            theme = themes[int(np.argmax(near))] if themes else ""
            for i in together:
                self.themes[i] = theme
            self.reasons[goes] = "kept apart"

    def _groups(self) -> dict[int, set[int]]:
        """The cards that are together with each pinned one."""
        found: dict[int, set[int]] = {}
        for a, b in self.decisions.together:
            if a in self.position and b in self.position:
                one, other = self.position[a], self.position[b]
                both = found.get(one, {one}) | found.get(other, {other})
                for i in both:
                    found[i] = both
        return found

    def _is_placed(self, i: int, groups: dict[int, set[int]]) -> bool:
        return any(member in self.placed for member in groups.get(i, {i}))


def _learn(
    layout: Layout, at: list[str], moves: list[tuple[int, str, str]], fixed: set[int]
) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Which notes come along: row -> its theme and the cards that it is like."""
    latent = np.asarray(layout.latent_, dtype=np.float64)
    movable = _candidates(latent, at, moves, fixed)
    if not movable:
        return {}
    names = sorted(set(at))
    number = {theme: k for k, theme in enumerate(names)}
    before = np.array([number[theme] for theme in at])
    steps = [(card, number[source], number[target]) for card, source, target in moves if source in number]
    foretold = _foretell(latent, before, steps, fixed)
    rows = _thin_out(len(at), {card for card, _, _ in moves} | fixed | set(movable))
    scores = _regress(layout, latent, foretold, rows, fixed)
    row_of = {row: k for k, row in enumerate(rows)}
    targets: dict[int, set[int]] = defaultdict(set)
    for _, source, target in steps:
        targets[source].add(target)
    found = {}
    for row, cards in movable.items():
        allowed = sorted(targets[before[row]] & {number[at[card]] for card in cards})
        here = scores[row_of[row], before[row]]
        best = max(allowed, key=lambda k, row=row: (scores[row_of[row], k], -k), default=before[row])
        if scores[row_of[row], best] > here + 1e-9:
            found[row] = names[best], tuple(card for card in cards if number[at[card]] == best)
    return found


def _candidates(
    latent: np.ndarray, at: list[str], moves: list[tuple[int, str, str]], fixed: set[int]
) -> dict[int, list[int]]:
    """The notes that may come along, and the moved cards that they are near, nearest first."""
    sources = {source for _, source, _ in moves}
    rows = [row for row, theme in enumerate(at) if theme in sources and row not in fixed]
    cards = [card for card, _, _ in moves]
    if not rows:
        return {}
    to_cards = np.round(latent @ latent[cards].T, 9)
    if len(rows) > MAX_TAUGHT:  # those nearest to a card, so that the table below stays small
        rows = sorted(sorted(rows, key=lambda row: (-to_cards[row].max(), row))[:MAX_TAUGHT])
    n_near = min(N_NEAR, len(at) - 1)
    # The least similarity that is among the nearest of a note, and of a card; each is its own nearest.
    least = np.partition(np.round(latent[rows] @ latent.T, 9), -n_near - 1, axis=1)[:, -n_near - 1]
    least_of_card = np.partition(to_cards, -n_near - 1, axis=0)[-n_near - 1]
    found = {}
    for k, row in enumerate(rows):
        of_source = [c for c, (_, source, _) in enumerate(moves) if source == at[row]]
        near = [c for c in of_source if to_cards[row, c] >= min(least[k], least_of_card[c])]
        if near:
            near.sort(key=lambda c, row=row: (-to_cards[row, c], cards[c]))
            found[row] = [cards[c] for c in near]
    return found


def _foretell(latent: np.ndarray, before: np.ndarray, steps: list[tuple[int, int, int]], fixed: set[int]) -> np.ndarray:
    """The themes where several cards went the same way foretell where their likes go."""
    after = before.copy()
    by_step: dict[tuple[int, int], list[int]] = defaultdict(list)
    for card, source, target in steps:
        by_step[source, target].append(card)
    by_step = {step: sorted(cards) for step, cards in sorted(by_step.items()) if len(cards) >= MIN_CARDS}
    for _ in range(ROUNDS):
        best = np.zeros(len(before))
        goes = after.copy()
        for (source, target), cards in by_step.items():
            stays = np.flatnonzero(after == source)
            others = np.setdiff1d(np.flatnonzero(after == target), cards)
            came = np.setdiff1d(others, np.flatnonzero(before == target))
            own = np.setdiff1d(others, came)

            def middles(
                cards: list[int], stays: np.ndarray = stays, came: np.ndarray = came, own: np.ndarray = own
            ) -> tuple[np.ndarray, np.ndarray]:
                of_cards = _unit(STAYED_WEIGHT * latent[cards].sum(axis=0) + latent[came].sum(axis=0))
                of_target = _unit(of_cards + _unit(latent[own].sum(axis=0))) if len(own) else of_cards
                return _unit(latent[stays].sum(axis=0)), of_target

            right = 0
            for card in cards:
                there, here = middles([other for other in cards if other != card])
                right += latent[card] @ here > latent[card] @ there
            if right < MIN_FORETOLD * len(cards):
                continue
            there, here = middles(cards)
            free = np.array([row for row in stays.tolist() if row not in fixed], dtype=int)
            gain = latent[free] @ (here - there) - MARGIN / len(cards)
            better = gain > best[free]
            best[free[better]], goes[free[better]] = gain[better], target
        if (goes == after).all():
            break
        after = goes
    return after


def _unit(vector: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector


def _thin_out(n_rows: int, needed: set[int]) -> list[int]:
    """All rows, or those needed and an even choice of the others."""
    if n_rows <= MAX_TAUGHT:
        return list(range(n_rows))
    others = [row for row in range(n_rows) if row not in needed]
    n_others = min(len(others), max(0, MAX_TAUGHT - len(needed)))
    even = np.linspace(0, len(others) - 1, n_others).astype(int)
    return sorted(needed | {others[k] for k in even.tolist()})


def _regress(layout: Layout, latent: np.ndarray, themes: np.ndarray, rows: list[int], fixed: set[int]) -> np.ndarray:
    """How much each row belongs to each theme: kernel ridge on where they lie and what they say."""
    kernel = latent[rows] @ latent[rows].T + layout.compare(rows) + 1
    targets = np.zeros((len(rows), themes.max() + 1))
    targets[np.arange(len(rows)), themes[rows]] = 1
    noise = np.array([CARD_NOISE if row in fixed else NOTE_NOISE for row in rows])
    return kernel @ np.linalg.solve(kernel + np.diag(noise), targets)
