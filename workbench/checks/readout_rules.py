"""What is wrong with what others were told: words nobody said, numbers that nothing stands behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

from workbench.checks.backing import Backing
from workbench.checks.case import Case
from workbench.checks.figures import find_figures, two_values
from workbench.checks.rule import At, rule
from workbench.errors import shorten
from workbench.quotes import Match, Source
from workbench.readouts import Count, Finding, Quote, Readout
from workbench.redact import Leaks
from workbench.unspaced import count_words

__all__: list[str] = []

# Fewer words, credited to nobody, are everybody's.
FEW_WORDS = 4
MAY_QUOTE = ("quote", "named")
# In text that quotes nobody, fewer words in a row are how anybody would put it. On the ONRR study rows of six find six
# places, most of them phrases such as "wanted to be able to download"; rows of eight find two, both copied from notes.
ROW_OF_WORDS = 8
# A quarter of the customers should not have more than half of the quotes; with fewer quotes that is no pattern.
LOUD, HALF, FEW_QUOTES = 0.25, 0.5, 5
# A finding is another one over again when no more than letters and small words differ.
SAME_WORD = 0.75
FEWEST_WORDS = 4
_AT_LEAST = ("at least", "no fewer than", "more than", "over")
_AT_MOST = ("at most", "no more than", "up to", "fewer than", "less than", "under")
_MANY_PEOPLE = re.compile(
    r"\b(?:everybody|everyone|nobody|no one|(?:participants|customers|users|people|interviewees|respondents|testers|clients|"
    r"teams|companies|visitors|attendees)(?!['’]))\b",
    re.IGNORECASE,
)
_SMALL = set(
    "a an and are as at be by for from had has have in is it its of on or that the their they this to was were with".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@rule(
    "readout-unreadable",
    "warning",
    why="What cannot be read is not checked.",
    fix="mend the file",
)
def _readout_unreadable(case: Case) -> Iterator[At]:
    """What could not be read of a readout."""
    for readout in case.readouts:
        for problem in readout.problems:
            yield At(problem.file, problem.line, problem.what, problem.todo)


# Quotes


@rule(
    "quote-not-verbatim",
    "error",
    why="Words between quotation marks are taken for what somebody said, and are passed on as that.",
    fix="write the words as they stand in the call, an ellipsis for what is left out, or take the quotation marks away",
)
def _quote_not_verbatim(case: Case) -> Iterator[At]:
    """Quotes that nobody said so."""
    for readout, quote, match in _looked_up(case):
        credit = f" (credited to {quote.by})" if quote.by else ""
        if match.kind == "none":
            take = case.backing.takes.find_verbatim(quote.words)
            # A record speaks of the product too: what nobody is said to have said may stand on a button.
            own = readout.file in case.study.texts and not (quote.by or quote.ref)
            if own and take.kind != "exact":
                continue
            if take.kind == "exact":
                whose = "what one of you said" if take.sources[0].id in case.backing.said_by_us else "the PM's own take"
                what = f"“{shorten(quote.words, 80)}”{credit} is {whose}, {_places(take.sources)}"
                yield At(readout.file, quote.line, what, "take the quotation marks away: no customer said it")
            else:
                where = "no note or transcript" if case.recorded else "no note"
                yield At(readout.file, quote.line, f"“{shorten(quote.words, 80)}”{credit} stands in {where}")
        elif match.kind == "altered":
            said = _nearly(match, quote, case.backing)
            yield At(readout.file, quote.line, f"“{shorten(quote.words, 80)}”{credit} is not what was said: {said}")
        elif match.kind == "joined":
            where = _places(match.sources)
            n = len(match.sources)
            joined = f"joins words from {n} notes" if n > 1 else "puts words of one note in another order"
            what = f"“{shorten(quote.words, 80)}”{credit} {joined}, {where}"
            yield At(readout.file, quote.line, what, "quote each by itself, with its own customer")


@rule(
    "quote-misattributed",
    "error",
    why="Words credited to somebody else count for the wrong customer.",
    fix="name the customer who said it",
)
def _quote_misattributed(case: Case) -> Iterator[At]:
    """Quotes that somebody else said, or that stand in another note than the one cited."""
    for readout, quote, match in _looked_up(case):
        where = _places(match.sources)
        if match.kind == "other":
            others = _names(sorted({source.customer for source in match.sources}))
            yield At(
                readout.file,
                quote.line,
                f"“{shorten(quote.words, 80)}” was said by {others}, not by {quote.by}: {where}",
            )
        elif match.kind == "exact" and quote.ref and (cited := case.backing.note(quote.ref)):
            if cited not in [source.id for source in match.sources]:
                what = f"“{shorten(quote.words, 80)}” does not stand in {quote.ref} but in {where}"
                yield At(readout.file, quote.line, what, "cite the note that it stands in")


@rule(
    "quoted-beyond-consent",
    "error",
    why="A customer who has not agreed to be quoted trusts that their words stay here.",
    fix="say it in your own words, or ask the customer and write  consent: quote  in their call",
)
def _quoted_beyond_consent(case: Case) -> Iterator[At]:
    """Words of customers who have not agreed to be quoted, as quotes or in other text."""
    if not case.readouts:
        return
    backing = case.backing
    told: set[tuple[str, int]] = set()
    for readout, quote, match in _looked_up(case):
        withheld = [source for source in match.sources if backing.consent[source.customer] not in MAY_QUOTE]
        whole = any(count_words(source.text) <= count_words(quote.words) + 1 for source in withheld)
        told_of = quote.by or whole or count_words(quote.words) >= FEW_WORDS
        if withheld and len(withheld) == len(match.sources) and match.kind != "altered" and told_of:
            told.add((readout.file, quote.line))
            yield At(
                readout.file, quote.line, f"“{shorten(quote.words, 80)}” is quoted; {_consents(withheld, backing)}"
            )
    withheld_notes = _withheld(case)
    leaks = _leaks(withheld_notes, [passage.text for readout in case.readouts for passage in readout.passages])
    for readout in case.readouts:
        for passage in readout.passages:
            where = leaks.find(passage.text)
            lines = range(passage.line, passage.line_at(len(passage.text)) + 1)
            if where and not any((readout.file, line) in told for line in lines):
                source = withheld_notes[where]
                shared, at = _shared_words(passage.text, source.text)
                what = f"“{shorten(shared, 80)}” stands so in {where}; {_consents([source], backing)}"
                yield At(readout.file, passage.line_at(at), what)


@rule(
    "quote-concentration",
    "note",
    why="Quotes from the same few make a readout sound as if all had said it.",
    fix="quote others too, or say whose words these are",
)
def _quote_concentration(case: Case) -> Iterator[At]:
    """Readouts where few customers have most of the quotes."""
    for readout in case.readouts:
        credited = [(quote, _speaker(quote, case.backing)) for quote in readout.quotes]
        speakers = Counter(speaker for _, speaker in credited if speaker)
        n_loud = int(LOUD * case.n_customers)
        loudest = sorted(speakers, key=lambda name: (-speakers[name], name))[:n_loud]
        n_theirs, n_all = sum(speakers[name] for name in loudest), speakers.total()
        if n_all >= FEW_QUOTES and n_theirs > HALF * n_all:
            line = min(quote.line for quote, speaker in credited if speaker in loudest)
            what = f"{n_theirs} of {n_all} quotes are from {len(loudest)} of {case.n_customers} customers, {_names(loudest)}"
            yield At(readout.file, line, what)


# Numbers


@rule(
    "count-mismatch",
    "error",
    why="A number that its own list contradicts makes readers doubt all others.",
    fix="count again, and write the number that the list has",
)
def _count_mismatch(case: Case) -> Iterator[At]:
    """Numbers of people that differ from the customers listed or cited."""
    n_known = len(case.study.customers)
    for readout, finding in _findings(case):
        named = False
        for i, count in enumerate(finding.counts):
            if count.customers and not _agrees(count.customers, _sums(finding.counts, i), count):
                named = named or count in finding.headline
                yield At(readout.file, count.line, _wrong_count(finding, count, count.customers, "listed"))
            # A record speaks of those who were counted in the product too, or are to be.
            asked = readout.file not in case.study.texts
            if asked and count.of and count.what == "people" and count.of > n_known and not count.bound:
                what = f"“{count.words}”: there are calls with {n_known} customers"
                yield At(readout.file, count.line, what, "write how many customers were talked to")
        if not finding.headline or named or any(count.customers for count in finding.headline):
            continue
        first = finding.headline[0]
        if first.what != "people":
            continue
        sums = {n for i in range(len(finding.headline)) for n in _sums(finding.headline, i)}
        cited = {case.backing.customer_of.get(case.backing.note(note), "") for note in finding.notes} - {""}
        if finding.customers:
            if not _agrees(finding.customers, sums, first):
                yield At(readout.file, first.line, _wrong_count(finding, first, finding.customers, "listed"))
        elif cited and (finding.cites_all or len(cited) > max(sums)) and not _agrees(sorted(cited), sums, first):
            yield At(readout.file, first.line, _wrong_count(finding, first, sorted(cited), "behind the notes it cites"))


@rule(
    "customers-mismatch",
    "error",
    why="A finding is worth who stands behind it; a list that differs from the notes claims some and forgets others.",
    fix="list the customers whose notes say it, or mend where the notes stand",
)
def _customers_mismatch(case: Case) -> Iterator[At]:
    """Lists of customers that differ from the notes behind the finding."""
    for readout in case.readouts:
        backing = case.backing
        for finding in readout.findings:
            cited = {backing.customer_of.get(backing.note(note), "") for note in finding.notes} - {""}
            if finding.customers and cited:
                missing = sorted(cited - set(finding.customers))
                idle = sorted(set(finding.customers) - cited) if finding.cites_all else []
                if missing or idle:
                    parts = [f"notes of {_names(missing)} are cited"] * bool(missing)
                    parts += [f"none of {_names(idle)}"] * bool(idle)
                    yield _wrong_list(readout, finding, parts)
        for customers, findings in backing.by_heading(readout):
            listed = [finding for finding in findings if finding.customers]
            forgotten = sorted(customers - {name for finding in listed for name in finding.customers})
            for finding in listed:
                idle = sorted(set(finding.customers) - customers)
                heading = " / ".join(finding.heading[-2:])
                parts = []
                if forgotten and finding is listed[0]:
                    both = " in none of the findings there" if len(listed) > 1 else ""
                    parts.append(f"under {heading!r} there are notes of {_names(forgotten)}, not listed{both}")
                if idle:
                    where = "and" if parts else f"under {heading!r} there is"
                    parts.append(f"{where} no note of {_names(idle)}{_why_not(idle, backing)}")
                if parts:
                    yield _wrong_list(readout, finding, parts)


@rule(
    "citation-unknown",
    "error",
    why="A finding that cites a note that is not there cannot be checked by anybody.",
    fix="cite the note by its present id or place, or take the citation out",
)
def _citation_unknown(case: Case) -> Iterator[At]:
    """Citations of notes that are not there."""
    for readout, finding in _findings(case):
        cited = [(note, finding.line) for note in finding.notes] + [(q.ref, q.line) for q in finding.quotes if q.ref]
        for note, line in dict(cited).items():
            if not case.backing.note(note):
                yield At(readout.file, line, f"there is no note {note}")


@rule(
    "one-number-two-values",
    "warning",
    why="When one number has two values, readers trust neither.",
    fix="find out which is right, and write it in both places",
)
def _one_number_two_values(case: Case) -> Iterator[At]:
    """The same thing counted twice in one readout, with different results."""
    for readout in case.readouts:
        for first, second in two_values(find_figures(readout.passages)):
            what = f"“{shorten(second.words, 80)}” here, and “{shorten(first.words, 80)}” in line {first.line}"
            yield At(readout.file, second.line, what)


# Findings


@rule(
    "duplicate-finding",
    "warning",
    why="The same finding twice looks like twice the evidence.",
    fix="keep one of the two",
)
def _duplicate_finding(case: Case) -> Iterator[At]:
    """Findings that say the same as one before."""
    for readout in case.readouts:
        before: list[tuple[Finding, list[str]]] = []
        for finding in readout.findings:
            words = [word.casefold() for word in _WORD.findall(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", finding.text))]
            if len(words) >= FEWEST_WORDS:
                twin = next((other for other, theirs in before if _says_the_same(words, theirs)), None)
                head = next((other for other, _ in before if _is_headed_the_same(finding, other)), None)
                if twin is not None:
                    what = f"finding {finding.id} says the same as {twin.id}, line {twin.line}"
                    yield At(readout.file, finding.line, what)
                elif head is not None:
                    what = f"“{shorten(finding.heading[-1], 80)}” is the heading of line {head.line} too"
                    yield At(readout.file, finding.line, what)
                before.append((finding, words))


@rule(
    "finding-rests-on-one",
    "warning",
    why="What one customer said is not yet what customers say.",
    fix="say that it was one customer, or look for it in other calls",
)
def _finding_rests_on_one(case: Case) -> Iterator[At]:
    """Findings about people in the plural that one customer stands behind."""
    for readout, finding in _findings(case):
        behind = finding.customers or tuple(
            {case.backing.customer_of.get(case.backing.note(note), "") for note in finding.notes if finding.cites_all}
            - {""}
        )
        claim = finding.text.split("\n")[0]
        if len(behind) == 1 and not finding.headline and (plural := _MANY_PEOPLE.search(claim)):
            what = f"“{shorten(claim, 80)}” speaks of {plural[0].lower()}, and {behind[0]} alone stands behind it"
            yield At(readout.file, finding.line, what)


# What the rules share


def _findings(case: Case) -> Iterator[tuple[Readout, Finding]]:
    for readout in case.readouts:
        for finding in readout.findings:
            yield readout, finding


def _looked_up(case: Case) -> Iterator[tuple[Readout, Quote, Match]]:
    """Every quote with what was found of it."""
    for readout in case.readouts:
        for quote in readout.quotes:
            yield readout, quote, case.backing.look_up(quote.words, _speaker(quote, case.backing))


def _speaker(quote: Quote, backing: Backing) -> str:
    return quote.by or backing.customer_of.get(backing.note(quote.ref), "")


def _nearly(match: Match, quote: Quote, backing: Backing) -> str:
    """What was said instead, where, and by whom if by somebody else."""
    source = match.sources[0]
    speaker = _speaker(quote, backing)
    whose = f" of {source.customer}" if speaker and source.customer != speaker else ""
    changes = [
        f"“{theirs}”, not “{ours}”" if ours and theirs else f"no “{ours}”" if ours else f"“{theirs}” is left out"
        for ours, theirs in match.differs
    ]
    if len(changes) > 3 or match.similarity < 0.8 or not changes:
        return f"“{shorten(match.nearest, 160)}”{whose}; {source.file}:{source.line}"
    return f"{'; '.join(shorten(change, 120) for change in changes)}; {source.file}:{source.line}{whose}"


def _sums(counts: tuple[Count, ...], last: int) -> set[int]:
    """What a count may stand for: itself, or itself with those before it that it goes on from, and all that go on from it."""
    first = last
    while counts[first].joined and first > 0:
        first -= 1
    sums, total = {counts[last].n}, 0
    for i in range(first, len(counts)):
        if i > first and not counts[i].joined:
            break
        total += counts[i].n
        if i >= last:
            sums.add(total)
    return sums


def _agrees(customers: Iterable[str], sums: set[int], count: Count) -> bool:
    """Whether so many customers are as many as is said."""
    n = len(set(customers))
    if count.bound in _AT_LEAST:
        return n >= count.n
    if count.bound in _AT_MOST:
        return n <= count.n
    return bool(count.bound) or n in sums


def _wrong_count(finding: Finding, count: Count, customers: Iterable[str], where: str) -> str:
    named = sorted(set(customers), key=_numbered)
    return f"finding {finding.id}: “{count.words}”, and {len(named)} {'is' if len(named) == 1 else 'are'} {where}: {_names(named)}"


def _wrong_list(readout: Readout, finding: Finding, parts: list[str]) -> At:
    listed = _names(sorted(finding.customers, key=_numbered))
    return At(
        readout.file, finding.customers_line or finding.line, f"finding {finding.id} lists {listed}; {', '.join(parts)}"
    )


def _why_not(customers: list[str], backing: Backing) -> str:
    """Why listed customers do not count, where that is so."""
    excluded = [f"{name}: {backing.excluded[name]}" for name in customers if backing.excluded.get(name)]
    return f" that counts ({'; '.join(excluded)})" if excluded else ""


def _withheld(case: Case) -> dict[str, Source]:
    """Every note that must not be quoted, by its place."""
    backing = case.backing
    notes = [source for source in backing.said.sources if backing.consent[source.customer] not in MAY_QUOTE]
    return {f"{source.file}:{source.line}": source for source in notes}


class _Rows(Leaks):
    """Finds longer rows of words than an export withholds: what is withheld there in doubt is accused here."""

    N_WORDS = ROW_OF_WORDS


def _leaks(withheld: dict[str, Source], texts: Iterable[str]) -> Leaks:
    notes = {place: {"text": note.text, "customer": note.customer, "where": place} for place, note in withheld.items()}
    return _Rows([{"customers": {note.customer: {"consent": ""} for note in withheld.values()}, "notes": notes}], texts)


def _shared_words(text: str, note: str) -> tuple[str, int]:
    """The longest row of words that a text has in common with a note, and where in the text it begins."""
    ours = list(_WORD.finditer(text))
    left = [word[0].casefold().replace("’", "'") for word in ours]
    right = [word.casefold().replace("’", "'") for word in _WORD.findall(note)]
    block = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    if not block.size:
        return note, 0
    start, end = ours[block.a].start(), ours[block.a + block.size - 1].end()
    return text[start:end], start


def _consents(sources: Iterable[Source], backing: Backing) -> str:
    customers = sorted({source.customer for source in sources})
    return ", ".join(
        f"{name} has agreed to {backing.consent[name]} only"
        if backing.stated[name]
        else f"no consent of {name} is stated"
        for name in customers
    )


def _says_the_same(words: list[str], others: list[str]) -> bool:
    """Whether nothing differs but letters within words, and small words."""
    if abs(len(words) - len(others)) > max(2, len(words) // 5):
        return False
    for edit in Indel.opcodes(words, others):
        if edit.tag == "equal":
            continue
        ours = [word for word in words[edit.src_start : edit.src_end] if word not in _SMALL]
        theirs = [word for word in others[edit.dest_start : edit.dest_end] if word not in _SMALL]
        if ours or theirs:
            return _differ_in_letters(words, others)
    return True


def _is_headed_the_same(finding: Finding, other: Finding) -> bool:
    """Whether two parts of a page have the same heading, of some words, below the same headings."""
    own = bool(finding.heading) and finding.text.startswith(finding.heading[-1])
    return own and finding.heading == other.heading and count_words(finding.heading[-1]) >= FEWEST_WORDS


def _differ_in_letters(words: list[str], others: list[str]) -> bool:
    """Whether two texts have the same words but for slips of the pen; a number or a "not" more is no slip."""
    ours = [word for word in words if word not in _SMALL]
    theirs = [word for word in others if word not in _SMALL]
    return len(ours) == len(theirs) and all(
        a == b
        or (a.isalpha() and b.isalpha() and min(len(a), len(b)) > 3 and Indel.normalized_similarity(a, b) > SAME_WORD)
        for a, b in zip(ours, theirs, strict=True)
    )


def _places(sources: Iterable[Source]) -> str:
    where = list(dict.fromkeys(f"{source.file}:{source.line}" for source in sources))
    return ", ".join(where[:3]) + (f" and {len(where) - 3} more" if len(where) > 3 else "")


def _names(customers: Iterable[str]) -> str:
    return ", ".join(customers) or "nobody"


def _numbered(name: str) -> tuple[str, int, str]:
    """P2 before P10."""
    number = re.search(r"\d+$", name)
    return (name[: number.start()], int(number[0]), name) if number else (name, 0, name)
