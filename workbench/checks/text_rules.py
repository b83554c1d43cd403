"""What should stand in no text that others read: what a template left, and personal data; in readouts and records alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.checks.case import Case
from workbench.checks.rule import At, rule
from workbench.frontmatter import prose_start
from workbench.readouts.quoted import REFERENCE
from workbench.redact import Redactor

__all__: list[str] = []

# "Customer 3" is whom one may not name, "Group A" half of a test.
_KIND = "area|finding|group|hypothesis|insight|item|objective|persona|quote|recommendation|section|theme|topic"
# Nothing but a number: "Finding one" is a template's, "Finding 1: Filters reset" is not.
_NUMBERED = re.compile(
    rf"(?:[-*•#]+\s*)?(?!group [a-z]\b)(?:{_KIND}) (?:one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,2}}|[a-z]|[xn#]{{1,2}})\s*[:.]?",
    re.IGNORECASE,
)
MOST_LETTERS = 30
_SHOUTED = re.compile(r"(?<![\w/-])(?:TODO|TBD|TBC|FIXME|XXX+|TK TK)(?![\w/-])")
_FILLER = re.compile(
    r"\blorem ipsum\b|\bdolor sit amet\b|\binsert (?:your |the )?\w+ here\b|\btype something\b", re.IGNORECASE
)
_ASKED = (
    r"(?:add|choose|describe|enter|fill|insert|list|name|write|your|date|day|link|title|team|product|project|quote|participant|number|"
    r"customer|feature|finding|method|role|segment|metric|owner|who|what|when|why|how)"
)
_BRACKETED = re.compile(
    rf"\[(?P<a>{_ASKED}\b[^\[\]\n]{{0,60}})\](?![(\[:\w])|(?<![\w<])<(?P<b>[A-Za-z][A-Za-z ,'’-]{{1,60}})>|\{{\{{(?P<c>[^{{}}\n]{{1,60}})\}}\}}",
    re.IGNORECASE,
)
# "[LIST-12]" is a ticket.
_TICKET = re.compile(r"[A-Z][A-Z0-9]*-\d+")
# In the fields of a record "[Write the guide, Ask support]" is a list, as the program itself writes it.
_OPENS_LIST = re.compile(r"^\s*(?:-\s+)*[\w-]+:\s*$|^\s*(?:-\s+)+$")
# What our own report puts in the place of what must not leave.
_REDACTED = ("account number", "e-mail", "handle", "link", "name", "number", "telephone")
_TAGS = set(
    "a abbr b big blockquote body br button caption center cite code col dd del details div dl dt em figure font footer form h head "
    "header hr html i iframe img input ins kbd label li link main mark meta nav ol option p pre q s samp script section select small "
    "source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video".split()
)
# Ids and files are for the program, and leave in another form: a hash of nothing but digits is no telephone number.
_ID = re.compile(rf"{REFERENCE}|\b[A-Z]-[0-9a-f]{{4,8}}\b|[\w./-]+\.(?:md|ya?ml|json|html?|txt|vtt|srt|csv)\b")
# Every address has the one, every number of a person the other.
_MAY_HOLD = re.compile(r"@|\d(?:\D{0,5}\d){5}")
_PERSONAL = {
    "[e-mail]": "an e-mail address",
    "[telephone]": "a telephone number",
    "[account number]": "an account number",
}


@rule(
    "template-left",
    "warning",
    why="What a template left shows that nobody has read the text to its end.",
    fix="write what belongs there, or take it out",
)
def _template_left(case: Case) -> Iterator[At]:
    """Headings without a name, places to fill in, and filler."""
    for readout in case.readouts:
        for passage in readout.passages:
            if passage.kind == "quote":
                continue
            own = readout.file.lower().endswith((".html", ".htm"))
            for at, words in _left(passage.text, own=own):
                yield At(readout.file, passage.line_at(at), f"“{words}” is left from a template")
    for file, text in sorted(case.study.texts.items()):
        fields = prose_start(text)
        for at, words in _left(text, own=False):
            if at < fields and words[0] == "[" and _OPENS_LIST.match(text[text.rfind("\n", 0, at) + 1 : at]):
                continue
            yield At(file, text.count("\n", 0, at) + 1, f"“{words}” is left from a template")


@rule(
    "personal-data",
    "error",
    why="A person's name, address or number in a text that is passed on cannot be taken back.",
    fix="write the role in its place",
)
def _personal_data(case: Case) -> Iterator[At]:
    """E-mail addresses, telephone, account and card numbers, and the listed names of people."""
    customers = case.study.customers
    rows = zip(customers["customer"], customers["people"], strict=True)
    # What customers are called is for consent to say; here it is about people.
    people = {
        name: {"pseudonym": name, "consent": "named", "names": [], "people": list(listed)} for name, listed in rows
    }
    redact = Redactor(people)
    colleagues = _colleagues(case)
    texts = [(readout.file, [(p.text, p.line) for p in readout.passages]) for readout in case.readouts]
    texts += [(file, [(text, 1)]) for file, text in sorted(case.study.texts.items())]
    whole = "\n".join(text for _, passages in texts for text, _ in passages)
    for file, passages in texts:
        for text, first in passages:
            masked = _ID.sub(lambda found: "_" * len(found[0]), text)
            named = redact.names_in(masked)
            for number, line in enumerate(masked.split("\n"), first):
                if named or _MAY_HOLD.search(line):
                    for stand_in, words, at in redact.find(line):
                        what = _what_it_is(stand_in, words, line, at, whole)
                        if what and not (stand_in == "[name]" and words.casefold() in colleagues):
                            yield At(file, number, f"“{' '.join(words.split())}” is {what}")


def _colleagues(case: Case) -> set[str]:
    """What those who see to something are called: a customer's Ben is not the Ben who owns a bet."""
    study = case.study
    named = [record.owner or "" for record in (study.quarter, *study.bets, *study.decisions, *study.hypotheses)]
    named += [name for decision in study.decisions for name in (*decision.consulted, *decision.informed)]
    named += [behind for bet in study.bets for _, behind in bet.needs]
    named += [behind for week in study.weeks for _, behind in week.blockers]
    return {word.casefold() for name in named for word in re.findall(r"[^\W\d_]+", name)}


def _left(text: str, *, own: bool) -> Iterator[tuple[int, str]]:
    """What a template left in a text: where, and the words."""
    at = 0
    for line in text.split("\n"):
        for cell in line.split(" | "):
            words = cell.strip(" |*_#\t\r")
            if len(words) <= MOST_LETTERS and _NUMBERED.fullmatch(words):
                yield at, words
            at += len(cell) + len(" | ")
        at += 1 - len(" | ")
    for pattern in (_SHOUTED, _FILLER):
        for found in pattern.finditer(text):
            yield found.start(), found[0]
    for found in _BRACKETED.finditer(text):
        inner = (found["a"] or found["b"] or found["c"]).strip().lower()
        tag = found["b"] and inner.split()[0] in _TAGS
        if not tag and not (own and inner in _REDACTED) and not _TICKET.fullmatch(found["a"] or ""):
            yield found.start(), found[0]


def _what_it_is(stand_in: str, words: str, text: str, at: int, whole: str) -> str:
    """What kind of personal data some words are; empty where they are none after all."""
    if stand_in == "[name]":
        # "Will" at the head of a sentence may be a word, where it is used as one elsewhere.
        begins = not re.search(r"\w[\s,]*$", text[:at])
        word = " " not in words and begins and re.search(rf"\b{re.escape(words.lower())}\b", whole)
        return "" if word else "the name of a listed person"
    if stand_in == "[account number]":
        return "an account number" if _is_iban(words) else ""
    if stand_in == "[number]":
        return "a card number" if _is_card(words) else ""
    return _PERSONAL.get(stand_in, "")


def _is_iban(words: str) -> bool:
    """Whether the check digits are right (ISO 13616, modulus 97)."""
    letters = words.replace(" ", "").upper()
    return (
        15 <= len(letters) <= 34
        and int("".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])) % 97 == 1
    )


def _is_card(words: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812, Luhn)."""
    digits = [int(letter) for letter in words if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
