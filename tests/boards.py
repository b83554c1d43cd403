"""What the tests of the theme board share: workspaces to show, and what is looked at on a board and on disk."""

import functools
import re

from lab import eventually, pictures, serious_violations

from workbench.store import read_ledger
from workbench.study import read_notes
from workbench.themes import find_themes
from workbench.themes.ledger import LEDGER_FILE, act_of

CELLS = [
    "from workbench.widgets import ThemeBoard",
    'board = ThemeBoard("..", by="ana", today="2026-11-26")\nboard',
    "1 + 1",
]
MANY, CUSTOMERS, TOPICS = 2000, 40, 60


def make_many(folder, many=MANY):
    """2,000 notes of 60 topics, some frequent and some rare; each topic has words of its own."""
    (folder / "interviews").mkdir(parents=True)
    syllables = [
        a + b for a in "b d f g k l m n p r s t v z".split() for b in ("a", "e", "i", "o", "u", "ar", "en", "il")
    ]
    n = len(syllables)
    for call in range(many // 20):
        lines = []
        for k in range(call * 20, call * 20 + 20):
            topic = min(k % TOPICS, k * 7 % TOPICS)
            words = [syllables[(topic * 5 + w) % n] + syllables[(topic * 11 + w * 3 + 1) % n] for w in range(7)]
            chosen = [words[(k // TOPICS + w) % 7] for w in range(5)]
            lines.append(f"- {['', '! ', '~ ', '? '][k % 4]}{' '.join(chosen)} {k}")
        day = f"2026-{8 + call // 28:02d}-{1 + call % 28:02d}"
        head = f"---\ndate: {day}\ncustomer: Customer {call % CUSTOMERS}\nsegment: {('field', 'wholesale')[call % 2]}\n---\n"
        (folder / "interviews" / f"{day}-c{call}.md").write_text(head + "\n".join(lines) + "\n", "utf-8")


@functools.lru_cache
def themes_without_ledger(folder, calls):
    return find_themes(read_notes(folder))


def themes_of(folder):
    """The themes that follow from what is on disk."""
    calls = tuple((call.name, call.read_text("utf-8")) for call in sorted((folder / "interviews").glob("*.md")))
    return themes_without_ledger(folder, calls).regroup(read_ledger(folder))


def acts(folder):
    return len({act_of(record) for record in read_ledger(folder).records})


def saved(page, folder, n):
    """Wait until so many acts are on disk, and the board says so and has shown what follows."""
    eventually(page, lambda: acts(folder), n)
    page.locator(".tb-status", has_text=re.compile(rf"Saved to {LEDGER_FILE}\s*(Undo|Redo)")).wait_for()


def on_board(page):
    """Customers and title of each theme, in columns and tiles."""
    columns = page.locator(".tb-column").evaluate_all(
        "all => all.map((one) => [one.querySelector('.tb-count b').innerText, one.querySelector('.tb-title').innerText])"
    )
    tiles = page.locator(".tb-tile").evaluate_all(
        "all => all.map((one) => [one.querySelector('.tb-n b').innerText, one.querySelector('.tb-label').innerText])"
    )
    return sorted((int(n), title) for n, title in [*columns, *tiles])


def agree(page, folder):
    """What the board comes to show is what follows from the notes and the ledger."""
    summary = themes_of(folder).summary
    titles = summary["name"].where(summary["name"] != "", summary["claim"])
    eventually(page, lambda: on_board(page), sorted(zip(summary["n_customers"], titles, strict=True)))


def focused(page):
    return page.evaluate("document.activeElement.innerText")


def card(page, text):
    return page.locator(".tb-card", has_text=text)


def column(page, text):
    return page.locator(".tb-column", has=page.locator(".tb-title", has_text=text))


def shoot(page, name):
    page.screenshot(path=pictures() / f"board-{name}.png")


def check(page, name):
    """A picture of the state, and nothing serious that axe finds in it."""
    shoot(page, name)
    assert serious_violations(page, ".wb-board") == []
