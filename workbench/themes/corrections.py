"""From decisions to themes: corrected themes are the model, notes like the corrected ones come along, new notes join.

Four rules, the first that says something holds:

1. A card that the PM placed, set aside or pinned is where the PM put it; two that are kept apart are apart.
2. A note that is like corrected cards comes along with them, away from the theme that they were taken out of. How far is
   learned by ridge regression (Hoerl and Kennard 1970) from the corrected themes' own notes.
3. A note that was in a theme when it was last kept stays there.
4. Any other note is free. Where free notes are most of a group that is found among all notes, they stand as a theme that
   is not lasting; else each joins the lasting theme whose middle is nearest.

Rules 1 to 3 look at settled notes only, those that decisions name, so that a new call moves none of them. Rule 4 looks at
the notes that the PM could see at the last act. Notes of calls that came later have arrived: each joins the lasting theme
that is nearest to it, by its own words alone, if it is about as near as that theme's own notes are; what is left is
grouped anew with every new call. So no new call moves a note out of a lasting theme, nor one into it that was seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from workbench.themes.replay import Decisions

__all__ = ["Corrected", "Layout", "correct_labels", "suggest_anew"]

# A group needs so many free notes, and half of it free, to stand beside lasting themes.
MIN_FREE = 3
# A note that has arrived joins a theme if it is so near to it, beside the middling one of its own notes.
NEAR_SHARE = 0.5
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
# Of a theme's notes that the PM left in it at most this share comes along with fewer cards than so many.
MOST_GO, MANY_CARDS = 0.5, 3
# Of two kept apart the one that goes joins another theme only if it is this near to that, beside the theme it leaves.
NEXT_BEST = 0.5
# The regression takes the cube of its notes; more than so many are thinned out.
MAX_TAUGHT = 2000


class Layout(Protocol):
    """Where texts lie; a fitted :class:`~workbench.themes.model.ThemeModel` is one."""

    latent_: np.ndarray
    labels_: np.ndarray

    def weigh(self, positions: Sequence[int]) -> sparse.csr_matrix:
        """The rows of some texts."""

    def weigh_new(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """The rows of other texts."""

    def compare(self, positions: Sequence[int]) -> np.ndarray:
        """How alike some texts are."""


class Corrected(NamedTuple):
    """What each note is in, and why.

    Parameters
    ----------
    themes : sequence of str
        For each note the id of a lasting theme, "#3" for the group 3 that was found, or "" for none.
    reasons : sequence of str
        "placed", "set aside", "pinned", "kept apart" (the PM's own word on the card), "came along" (learned from
        corrected cards), "joined" (a new note in a lasting theme), or "".
    teachers : dict of int to tuple of int
        For each note that came along the corrected cards that it is like, nearest first.
    """

    themes: Sequence[str]
    reasons: Sequence[str]
    teachers: dict[int, tuple[int, ...]]


def correct_labels(
    groups: np.ndarray,
    notes: Sequence[str],
    texts: Sequence[str],
    decisions: Decisions,
    lay_out: Callable[[list[str], bool], Layout],
    arrived: Collection[str] = (),
) -> Corrected:
    """The themes of notes, after the PM's decisions.

    Parameters
    ----------
    groups : ndarray of shape (n_notes,), int
        The groups found among all notes, -1 for none.
    notes, texts : sequence of str
        The notes' ids and texts.
    decisions : Decisions
        From :func:`~workbench.themes.replay.replay_ledger`.
    lay_out : callable
        Takes texts, and whether groups among them are asked for, and gives how they lie when there are no others, such as
        a fitted :class:`~workbench.themes.model.ThemeModel`. Called only where there are lasting themes.
    arrived : collection of str
        Ids of the notes that came after the last act.

    Returns
    -------
    Corrected
        The same for notes in any order, as long as `lay_out` gets them in one.

    Examples
    --------
    >>> correct_labels(np.array([0, 0, 1]), ["a", "b", "c"], ["x", "y", "z"],
    ...                Decisions(placed={"c": ""}), lambda texts, grouped: None).themes
    ['#0', '#0', '']
    """
    board = _Board(notes, texts, decisions)
    board.settle()
    if board.old:
        board.lay_out(lay_out)
        board.teach()
    if board.old and arrived:
        board.seat_arrived(np.asarray(groups), set(arrived), lay_out)
    else:
        board.seat_free(np.asarray(groups), range(len(notes)))
    board.follow()
    board.part()
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
    # Only what may be matched takes part, so that a match that would be refused is not made at another's cost.
    smaller = np.minimum.outer([n_anchored[theme] for theme in lasting], sizes)
    shared[2 * shared < smaller] = 0
    theme_of: dict[int, str] = {}
    for k, group in zip(*linear_sum_assignment(-shared), strict=True):
        if shared[k, group] > 0:
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

    def __init__(self, notes: Sequence[str], texts: Sequence[str], decisions: Decisions) -> None:
        self.position = {note: i for i, note in enumerate(notes)}
        self.texts, self.decisions = texts, decisions
        self.themes = [""] * len(notes)
        self.reasons = [""] * len(notes)
        self.teachers: dict[int, tuple[int, ...]] = {}
        self.anchors = self._by_position(decisions.anchors)
        self.placed = self._by_position(decisions.placed)
        self.follows = {
            self.position[a]: self.position[b]
            for a, b in decisions.follows.items()
            if a in self.position and b in self.position
        }

    def _by_position(self, of_note: dict[str, str]) -> dict[int, str]:
        return {self.position[note]: theme for note, theme in of_note.items() if note in self.position}

    def settle(self) -> None:
        """What stands in the ledger: where notes were, and where cards were put."""
        for i, theme in (self.anchors | self.placed).items():
            self.themes[i] = theme
        for i, theme in self.placed.items():
            self.reasons[i] = "placed" if theme else "set aside"
        for i, leader in self.follows.items():
            self.themes[i], self.reasons[i] = self.themes[leader], "pinned"
        self.cards = {i for i in {*self.placed, *self.follows} if self.themes[i]}
        self.old = sorted(i for i in {*self.anchors, *self.cards} if self.themes[i])

    def lay_out(self, lay_out: Callable[[list[str], bool], Layout]) -> None:
        """How the settled notes lie, without any other; and from which theme to which the cards among them went."""
        self.layout = lay_out([self.texts[i] for i in self.old], False)
        self.rows = self.layout.weigh(range(len(self.old)))
        homes = _Middles(self.rows, [self.anchors.get(i, "") for i in self.old], np.ones(len(self.old)))
        strays = [row for row, i in enumerate(self.old) if i not in self.anchors]
        joined = dict(zip(strays, homes.nearest(self.rows[strays]), strict=True))
        self.moves = [
            (row, source, self.themes[i])
            for row, i in enumerate(self.old)
            if i in self.cards and (source := self.anchors.get(i) or joined.get(row, "")) and source != self.themes[i]
        ]

    def teach(self) -> None:
        """Let the notes that are like moved cards come along (rule 2); then find the middles of what came of it."""
        row_of = {i: row for row, i in enumerate(self.old)}
        apart = {self.position[note] for pair in self.decisions.apart for note in pair if note in self.position}
        fixed = {row_of[i] for i in {*self.cards, *apart, *self.follows.values()} if i in row_of}
        at = [self.themes[i] for i in self.old]
        for row, (theme, teachers) in _learn(self.layout, at, self.moves, fixed).items():
            i = self.old[row]
            self.themes[i], self.reasons[i] = theme, "came along"
            self.teachers[i] = tuple(self.old[card] for card in teachers)
        weights = np.where([i in self.cards for i in self.old], CARD_WEIGHT, 1.0)
        self.middles = _Middles(self.rows, [self.themes[i] for i in self.old], weights)

    def seat_free(self, groups: np.ndarray, seen: Iterable[int]) -> None:
        """Free notes stand as a theme of their own or join the nearest lasting one (rule 4)."""
        free = self._free(seen)
        standing = _standing(groups, free, free)
        joining = []
        for i in free:
            if groups[i] in standing:
                self.themes[i] = f"#{groups[i]}"
            elif groups[i] >= 0:
                joining.append(i)
        if self.old and joining:
            for i, theme in zip(joining, self.middles.nearest(self._rows_of(joining)), strict=True):
                self._join(i, theme)

    def seat_arrived(self, groups: np.ndarray, arrived: set[str], lay_out: Callable[[list[str], bool], Layout]) -> None:
        """Seat the notes that were seen as if there were no others, then those that have arrived, then what is left."""
        late = {self.position[note] for note in arrived}
        seen = [i for i in range(len(self.themes)) if i not in late]
        layout = lay_out([self.texts[i] for i in seen], True)
        earlier = np.full(len(self.themes), -1)
        earlier[seen] = layout.labels_
        self.seat_free(earlier, seen)

        came = self._free(sorted(late))
        weights = np.where([i in self.cards for i in seen], CARD_WEIGHT, 1.0)
        middles = _Middles(layout.weigh(range(len(seen))), [self.themes[i] for i in seen], weights)
        near = middles.compare(layout.weigh_new([self.texts[i] for i in came]))
        enough = middles.far_ends()
        fits = {}
        for i, row in zip(came, near, strict=True):
            best = int(row.argmax())
            if row[best] > 0 and row[best] >= enough[best]:
                fits[i] = middles.themes[best]
                if not fits[i].startswith("#"):
                    self._join(i, fits[i])

        # What is in no lasting theme follows the groups among all notes, where it is most of one; else it stays together.
        left = [i for i in self._free(range(len(groups))) if not self.reasons[i]]
        standing = _standing(groups, left, {*left, *came})
        before = {i: self.themes[i] or fits.get(i, "") for i in left if groups[i] not in standing}
        still = Counter(before.values())
        first_free = int(groups.max(initial=-1)) + 1
        for i in left:
            if groups[i] in standing:
                self.themes[i] = f"#{groups[i]}"
            else:
                stays = before[i] and still[before[i]] >= MIN_FREE
                self.themes[i] = f"#{first_free + int(before[i][1:])}" if stays else ""

    def _free(self, among: Iterable[int]) -> list[int]:
        return [i for i in among if i not in self.anchors and i not in self.placed and i not in self.follows]

    def _join(self, i: int, theme: str) -> None:
        self.themes[i], self.reasons[i] = theme, "joined" if theme else ""

    def _rows_of(self, notes: list[int]) -> sparse.csr_matrix:
        return self.layout.weigh_new([self.texts[i] for i in notes])

    def follow(self) -> None:
        """A pinned card is in its partner's theme, wherever that has come to be."""
        for i, leader in self.follows.items():
            self.themes[i] = self.themes[leader]

    def part(self) -> None:
        """Of two that are to be apart and are not, one goes to the next best lasting theme, its group with it."""
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
            # A free note goes rather than a settled one, a placed one never, else the one that the PM named first.
            goes = min((one, other), key=lambda i: (self._is_placed(i, groups), i in self.anchors, i != one))
            together = groups.get(goes, {goes})
            barred = {self.themes[i] for member in together for i in apart[member]}
            theme = self._next_best(goes, barred)
            for i in together:
                self.themes[i] = theme
            self.reasons[goes] = "kept apart"

    def _next_best(self, note: int, barred: set[str]) -> str:
        """The nearest lasting theme but for some; none where the note has much less in common with it."""
        if not self.old:
            return ""
        near = self.middles.compare(self._rows_of([note]))[0]
        allowed = [k for k, theme in enumerate(self.middles.themes) if theme not in barred]
        best = max(allowed, key=lambda k: (near[k], -k), default=-1)
        return self.middles.themes[best] if best >= 0 and near[best] > NEXT_BEST * near.max() else ""

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


class _Middles:
    """The middles of themes among settled notes.

    Parameters
    ----------
    rows : csr_matrix of shape (n_notes, n_features)
        The settled notes.
    themes : sequence of str
        The theme of each; "" for none.
    weights : ndarray of shape (n_notes,)
        How much each counts.
    """

    def __init__(self, rows: sparse.csr_matrix, themes: Sequence[str], weights: np.ndarray) -> None:
        self.themes = sorted(set(themes) - {""})
        number = {theme: k for k, theme in enumerate(self.themes)}
        inside = np.array([i for i, theme in enumerate(themes) if theme], dtype=int)
        of = [number[themes[i]] for i in inside]
        member = sparse.csr_matrix((weights[inside], (of, inside)), shape=(len(self.themes), rows.shape[0]))
        sums = sparse.csr_matrix(member @ rows)
        lengths = np.sqrt(np.maximum(np.asarray(sums.multiply(sums).sum(axis=1)).ravel(), 1e-300))
        self.middles = sparse.csr_matrix(sparse.diags(1 / lengths) @ sums).T.tocsc()
        self._members = rows[inside], np.array(of), weights[inside], lengths

    def compare(self, rows: sparse.csr_matrix) -> np.ndarray:
        """How near each row is to each theme, cosines."""
        return np.round((rows @ self.middles).toarray(), 9)

    def far_ends(self) -> np.ndarray:
        """How near to each theme its far notes are, each to the others' middle; a theme of one is like the middling one."""
        rows, of, weights, lengths = self._members
        square = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
        along = np.asarray(rows.multiply(self.middles.T.tocsr()[of]).sum(axis=1)).ravel() * lengths[of]
        rest = lengths[of] ** 2 - 2 * weights * along + weights**2 * square
        near = (along - weights * square) / np.sqrt(np.maximum(rest, 1e-300))
        several = np.bincount(of, minlength=len(self.themes))[of] > 1
        middling = pd.Series(near[several]).groupby(of[several]).median()
        least = middling.reindex(range(len(self.themes))).fillna(middling.median() if len(middling) else 1.0)
        return np.round(NEAR_SHARE * least, 9).to_numpy()

    def nearest(self, rows: sparse.csr_matrix) -> list[str]:
        """The nearest theme of each row; "" for a row that has nothing in common with any."""
        if not self.themes:
            return [""] * rows.shape[0]
        found: list[str] = []
        for start in range(0, rows.shape[0], 4096):
            near = self.compare(rows[start : start + 4096])
            found += [self.themes[k] if row[k] > 0 else "" for row, k in zip(near, near.argmax(axis=1), strict=True)]
        return found


def _standing(groups: np.ndarray, left: list[int], free: Collection[int]) -> set[int]:
    """The groups that are free notes for the most part, and of which enough are left to stand as a theme."""
    sizes, n_free = Counter(groups.tolist()), Counter(groups[list(free)].tolist())
    n_left = Counter(groups[left].tolist())
    return {
        group
        for group, n in n_left.items()
        if group >= 0 and (n == sizes[group] or (n >= MIN_FREE and 2 * n_free[group] >= sizes[group]))
    }


def _learn(
    layout: Layout, at: list[str], moves: list[tuple[int, str, str]], fixed: set[int]
) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Which notes come along: row -> its theme and the cards that it is like."""
    if not moves:
        return {}
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
    # A card or two do not show that most of a theme is to go: where that would follow, none goes.
    cards, stays, goes = Counter(source for _, source, _ in moves), Counter(at), Counter(at[row] for row in found)
    return {
        row: taught
        for row, taught in found.items()
        if cards[at[row]] >= MANY_CARDS or MOST_GO * stays[at[row]] >= goes[at[row]]
    }


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
    least = np.concatenate(
        [
            np.partition(np.round(latent[rows[start : start + 128]] @ latent.T, 9), -n_near - 1, axis=1)[:, -n_near - 1]
            for start in range(0, len(rows), 128)
        ]
    )
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
