"""A PM who corrects themes, played by the labels that people gave.

The PM looks at the ten cards nearest the middle of each theme (20, 40, all only when nothing shown is wrong) and does
the first of these that applies:

1. merge two themes with the same majority class, when half or more of what is shown of both is of it
2. split off 2 to 6 shown cards of a class that no theme stands for
3. the highest-ranked wrong card: set it aside if it is off topic; else move it to the theme of its class, or (15 %) pin
   it to a right card there, or (5 %) keep it apart from a right card here

5 % of the acts are slips: another theme or card than the right one. A merge that was a slip is undone next, other slips
stay. A card is corrected once. :class:`Patched` is the plainest way to take corrections; what learns from them has the
same methods.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from labelled import OFF_TOPIC
from peers import Encoder, tf_idf
from scipy import sparse
from sklearn.preprocessing import normalize

DEPTHS = (10, 20, 40, 1_000_000)
SLIP, PIN, APART = 0.05, 0.15, 0.05
MOST_SPLIT = 6


@dataclass(frozen=True)
class Act:
    """One act of the PM.

    Parameters
    ----------
    kind : str
        merge, split, move, set_aside, pin, apart or undo (of the act before).
    cards : tuple of int
        The notes; for a link the first is the wrong one, the second the right one.
    theme, into : int
        The theme that cards go to or that is merged away; what it is merged into. A split names a new one.
    """

    kind: str
    cards: tuple[int, ...] = ()
    theme: int = -1
    into: int = -1


class Corrected(Protocol):
    """Themes that take corrections. The themes of the start are numbered 0, 1 and so on, -1 is none."""

    def do(self, act: Act) -> None:
        """Take an act."""

    def labels(self) -> np.ndarray:
        """The theme of each note, after all acts."""

    def arrive(self, texts: Sequence[str]) -> np.ndarray:
        """The theme of each note and, after them, of each new text."""


class Patched:
    """Nothing is learnt: a corrected card stays where it was put, every other where it was."""

    def __init__(self, texts: Sequence[str], base: np.ndarray, encoder: Encoder | None) -> None:
        self.texts, self.base, self.encoder = list(texts), np.asarray(base), encoder
        self.view = look_at(self.texts, encoder)
        self.acts: list[Act] = []

    def do(self, act: Act) -> None:
        """Take an act."""
        if act.kind == "undo":
            self.acts.pop()
        else:
            self.acts.append(act)

    def labels(self) -> np.ndarray:
        """The theme of each note, after all acts."""
        home = self.base.copy()
        partner: dict[int, int] = {}
        for act in self.acts:
            if act.kind == "merge":
                home[home == act.theme] = act.into
            elif act.kind in ("split", "move", "set_aside"):
                home[list(act.cards)] = act.theme
                for card in act.cards:
                    partner.pop(card, None)
            elif act.kind == "pin":
                partner[act.cards[0]] = act.cards[1]
            elif home[act.cards[0]] == home[act.cards[1]] >= 0:
                home[act.cards[0]] = self._next_best(home, act.cards[0], avoid=home[act.cards[1]])
        for card in partner:
            end, seen = card, set()
            while end in partner and end not in seen:
                seen.add(end)
                end = partner[end]
            home[card] = home[end]
        return home

    def arrive(self, texts: Sequence[str]) -> np.ndarray:
        """New notes go to the theme whose middle is nearest, corrected cards counting five times."""
        labels = self.labels()
        weights = np.ones(len(labels))
        weights[[card for act in self.acts for card in act.cards]] = 5
        view = look_at([*self.texts, *texts], self.encoder)
        themes, middles = find_middles(view[: len(labels)], labels, weights)
        return np.concatenate([labels, themes[(view[len(labels) :] @ middles.T).argmax(axis=1)]])

    def _next_best(self, labels: np.ndarray, card: int, avoid: int) -> int:
        themes, middles = find_middles(self.view, labels)
        ranked = themes[np.argsort(-(middles @ self.view[card]), kind="stable")]
        return next((int(theme) for theme in ranked if theme != avoid), -1)


def look_at(texts: Sequence[str], encoder: Encoder | None) -> np.ndarray:
    """How the PM sees notes: as plain TF-IDF rows, joined with an encoder's where there is one."""
    words = normalize(tf_idf(texts))
    if encoder is not None:
        words = sparse.hstack([0.7**0.5 * sparse.csr_matrix(normalize(encoder(texts))), 0.3**0.5 * words])
    return words.toarray()


def find_middles(
    view: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The themes there are and the middle of each, of unit length."""
    themes = np.unique(labels[labels >= 0])
    member = (labels == themes[:, None]) * (1.0 if weights is None else weights)
    return themes, normalize(member @ view)


class SimulatedPM:
    """Says what to correct next.

    Parameters
    ----------
    truth : ndarray of str
        The class of each note, as labelled.
    view : ndarray
        How the notes look, one row each.
    seed : int
        Of slips and of the choice between moving and linking.
    """

    def __init__(self, truth: np.ndarray, view: np.ndarray, seed: int) -> None:
        self.truth, self.view = truth, view
        self.rng = np.random.default_rng(seed)
        self.touched: set[int] = set()  # cards that an act named
        self.settled: set[int] = set()  # cards that are not looked at again
        self._next_theme = 0
        self._undo = False

    def next_act(self, labels: np.ndarray) -> Act | None:
        """The next act, None when nothing is wrong."""
        self._next_theme = max(self._next_theme, int(labels.max(initial=-1)) + 1)
        if self._undo:
            self._undo = False
            return Act("undo")
        for depth in DEPTHS:
            act = self._look(labels, depth)
            if act:
                self.touched |= set(act.cards)
                # A card kept apart from here may have come to another wrong place; it is looked at again.
                self.settled |= set(act.cards[1:] if act.kind == "apart" else act.cards)
                return act
        return None

    def _look(self, labels: np.ndarray, depth: int) -> Act | None:
        themes, middles = find_middles(self.view, labels)
        near = middles @ self.view.T
        shown: dict[int, list[int]] = {}
        for row, theme in enumerate(themes.tolist()):
            members = np.flatnonzero(labels == theme)
            shown[theme] = members[np.argsort(-near[row, members], kind="stable")][:depth].tolist()
        counts = {theme: Counter(self.truth[cards].tolist()) for theme, cards in shown.items()}
        stands_for = {
            theme: min(count, key=lambda name, count=count: (-count[name], name)) for theme, count in counts.items()
        }
        homes: dict[str, int] = {}  # the theme of each class: the one that shows most of it
        for theme, name in stands_for.items():
            if name != OFF_TOPIC and (name not in homes or counts[theme][name] > counts[homes[name]][name]):
                homes[name] = theme
        slip = self.rng.random() < SLIP
        return (
            self._merge(labels, shown, counts, stands_for, slip)
            or self._split(shown, homes, slip)
            or self._correct_card(labels, shown, stands_for, homes, depth, slip)
        )

    def _merge(self, labels: np.ndarray, shown: dict, counts: dict, stands_for: dict, slip: bool) -> Act | None:
        pure = [t for t in shown if stands_for[t] != OFF_TOPIC and 2 * counts[t][stands_for[t]] >= len(shown[t])]
        pure.sort(key=lambda theme: (-np.sum(labels == theme), theme))
        for i, into in enumerate(pure):
            for theme in pure[i + 1 :]:
                if stands_for[theme] == stands_for[into]:
                    others = [other for other in shown if other not in (theme, into)]
                    if slip and others:
                        self._undo = True
                        into = int(self.rng.choice(others))
                    return Act("merge", theme=theme, into=into)
        return None

    def _split(self, shown: dict, homes: dict, slip: bool) -> Act | None:
        groups: dict[tuple[int, str], list[int]] = {}
        for theme, cards in shown.items():
            for card in cards:
                name = self.truth[card]
                if card not in self.settled and name != OFF_TOPIC and name not in homes:
                    groups.setdefault((theme, name), []).append(card)
        theme, name = min(groups, key=lambda key: (-len(groups[key]), key), default=(-1, ""))
        if theme < 0 or len(groups[theme, name]) < 2:
            return None
        cards = groups[theme, name][:MOST_SPLIT]
        if slip:
            free = [card for card in shown[theme] if card not in self.settled]
            cards = self.rng.choice(free, len(cards), replace=False).tolist()
        self._next_theme += 1
        return Act("split", tuple(cards), theme=self._next_theme - 1)

    def _correct_card(
        self, labels: np.ndarray, shown: dict, stands_for: dict, homes: dict, depth: int, slip: bool
    ) -> Act | None:
        wrong = [
            (rank, theme, card)
            for theme, cards in shown.items()
            for rank, card in enumerate(cards)
            if card not in self.settled
            and self.truth[card] != stands_for[theme]
            and (self.truth[card] == OFF_TOPIC or self.truth[card] in homes)
        ]
        # In a theme where off-topic cards are most, they are wrong as well.
        wrong += [
            (rank, theme, card)
            for theme, cards in shown.items()
            if stands_for[theme] == OFF_TOPIC
            for rank, card in enumerate(cards)
            if card not in self.settled and self.truth[card] == OFF_TOPIC
        ]
        if depth > DEPTHS[0]:  # what no theme took is read once the themes look right
            left = [c for c in np.flatnonzero(labels < 0).tolist() if self.truth[c] in homes and c not in self.settled]
            wrong += [(DEPTHS[0] + rank, -1, card) for rank, card in enumerate(left)]
        if not wrong:
            return None
        _, here, card = min(wrong)
        name = self.truth[card]
        if slip:
            others = [theme for theme in shown if theme not in (here, homes.get(name))]
            return Act("move", (card,), theme=int(self.rng.choice(others))) if others else None
        if name == OFF_TOPIC:
            return Act("set_aside", (card,))
        there = [other for other in shown[homes[name]] if self.truth[other] == name]
        here_right = [other for other in shown.get(here, []) if self.truth[other] == stands_for[here]]
        way = self.rng.random()
        if way < PIN and there:
            return Act("pin", (card, there[0]))
        if way > 1 - APART and here_right and stands_for[here] != OFF_TOPIC:
            return Act("apart", (card, here_right[0]))
        return Act("move", (card,), theme=homes[name])


def count_held(acts: Sequence[Act], labels: np.ndarray) -> tuple[int, int]:
    """How many of the live corrections hold, and how many there are.

    A correction of a card is live until a later one is about the same card; a merge until it is undone.
    """
    live: list[Act] = []
    for act in acts:
        if act.kind == "undo":
            live.pop()
        else:
            live.append(act)
    held: list[bool] = []
    ends: dict[int, int] = {}  # read from the newest: where a theme has gone that was merged away later
    decided: set[int] = set()
    for act in reversed(live):
        if act.kind == "merge":
            ends[act.theme] = ends.get(act.into, act.into)
            held.append(not np.any(labels == act.theme))
        elif act.kind in ("pin", "apart"):
            a, b = act.cards
            if a not in decided:
                held.append((labels[a] == labels[b]) == (act.kind == "pin"))
                decided.add(a)
        else:
            for card in act.cards:
                if card not in decided:
                    held.append(labels[card] == ends.get(act.theme, act.theme))
                    decided.add(card)
    return sum(held), len(held)
