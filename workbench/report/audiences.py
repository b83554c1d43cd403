"""One report for different readers: which of its claims, in which order, under which headings.

A variant is drawn from the same claims as the whole report, after the same consent. It picks, orders and words the
headings; it counts nothing itself, so that a number cannot differ between two readers. What it leaves out is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from workbench.report.telling import OPEN, sort_hypotheses
from workbench.report.view import HEADINGS, _environment, render_section, show

__all__ = [
    "AUDIENCES",
    "Audience",
    "Drawn",
    "Part",
    "arrange",
    "audience_of",
    "cite",
    "draw_part",
    "draw_parts",
    "draw_title",
    "explain",
]

# A Markdown cell with the tag "audience-exec" is for that reader; the whole report has it as well.
TAG = "audience-"
# What a card shows of one kind, and of one theme.
N_OF_A_KIND = 2
N_TO_PITCH = 3
# A section that is a page by itself, for every reader, where a notebook has nothing else.
BY_ITSELF = "one_pager"
# Words of a note, or a link to where they stand.
_CITED = re.compile(r' data-ref="([^"]+)"|<a class="src" [^>]*>([^<]+)</a>')


class Part(NamedTuple):
    """A part of a variant.

    Parameters
    ----------
    name : str
        The macro that draws it, which is also its anchor: a section, or one of ``readers.html.j2``.
    heading : str
        As this reader is told.
    of : tuple of str
        The sections whose claims it is drawn from; the first must be there.
    lead : str
        What stands below the heading.

    Examples
    --------
    >>> Part("learned", "Three findings", ("learned",)).is_whole()
    True
    """

    name: str
    heading: str
    of: tuple[str, ...]
    lead: str = ""

    def is_whole(self) -> bool:
        """Whether it is a section as it stands in the whole report.

        Returns
        -------
        bool
            False where only a part of a section's claims is drawn, or several sections together.
        """
        return self.of == (self.name,)


@dataclass(frozen=True, slots=True)
class Audience:
    """A reader.

    Parameters
    ----------
    who : str
        As the page says it.
    parts : tuple of Part
        What that reader gets, in order.

    Examples
    --------
    >>> AUDIENCES["exec"].parts[0].heading
    'The ask'
    """

    who: str
    parts: tuple[Part, ...]


class Drawn(NamedTuple):
    """A part with its claims, ready to be drawn.

    Parameters
    ----------
    part : Part
        What it is.
    payload : dict
        Claims as others may see them; of a part that is no section, ``data`` has that part's own keys.

    Examples
    --------
    >>> arrange("exec", {})
    []
    """

    part: Part
    payload: dict[str, Any]


def _whole(section: str, heading: str = "", lead: str = "") -> Part:
    return Part(section, heading or HEADINGS.get(section, ""), (section,), lead)


AUDIENCES = {
    "exec": Audience(
        "executives",
        (
            Part("ask", "The ask", ("decisions", "bets", "one_pager")),
            _whole("one_pager", "The decision that is needed"),
            Part("stake", "Outcome and risk", ("bets", "themes", "hypotheses")),
            _whole("quarter"),
            _whole("progress"),
            _whole("pricing"),
            _whole("slice", "The test that is next"),
            _whole("readout"),
            _whole("focus"),
            _whole("due"),
            _whole("learned", "Three findings"),
            Part("decisions_left", "Other decisions", ("decisions", "one_pager")),
            Part("decisions_made", "What was decided", ("decision_log",)),
            _whole("backlog"),
            _whole("calibration"),
            _whole("delta"),
            _whole("limits"),
        ),
    ),
    "engineering": Audience(
        "engineers",
        (
            _whole("slice"),
            _whole("quarter"),
            _whole("progress"),
            _whole("readout"),
            _whole("backlog"),
            _whole("focus"),
            _whole("capacity"),
            _whole("themes", "The problem"),
            Part("constraints", "Constraints", ("bets", "hypotheses", "who_we_talked_to")),
            _whole("hypotheses"),
            Part(
                "measures", "What to measure and log", ("hypotheses",),
                "Log these from the first day, for everybody in the test and for those who are not: a guardrail without a number from before cannot stop anything.",
            ),
            _whole("who_raised_what", "Evidence: who raised what"),
            _whole("week_by_week", "Evidence: week by week"),
            _whole("heard_enough", "Evidence: did we hear enough"),
            _whole("one_pager", "The decision that is needed"),
            _whole("decision_log"),
            _whole("delta"),
            _whole("limits"),
            _whole("quotes"),
        ),
    ),
    "design": Audience(
        "designers",
        (
            _whole("slice", "The test that is next, and what success looks like"),
            _whole("quarter"),
            _whole("readout"),
            _whole("delta"),
            _whole("focus"),
            _whole("touchpoints"),
            _whole("who_we_talked_to", "Who they are"),
            Part(
                "journey", "The journey, theme by theme", ("quotes",),
                "What customers do today, where it hurts, and what they wish for: in their words, at most two of a kind, each of another customer.",
            ),
            Part("success", "What success looks like", ("hypotheses",)),
            _whole("quotes", "Every quote"),
            Part("decisions_made", "What was decided", ("decision_log",)),
            _whole("enablement"),
            _whole("backlog"),
            _whole("limits"),
        ),
    ),
    "sales": Audience(
        "sales",
        (
            _whole("enablement"),
            _whole("readout"),
            _whole("touchpoints", "Who we talk to, so that nobody is called twice"),
            Part("new", "What is new", ("bets", "week_by_week")),
            Part("benefits", "Who benefits", ("themes",), "How many customers of each segment raised it, of those we heard from. It says nothing yet of those we did not."),
            Part(
                "pitch", "In customers’ words", ("quotes", "bets"),
                "Say it as they said it. A customer under a code has agreed to be quoted, not to be named: do not guess who it is, and do not say so.",
            ),
            _whole("pricing"),
            Part("not_to_promise", "What not to promise", ("bets", "hypotheses")),
            _whole("quarter"),
            _whole("slice", "What is tested next, and may come to nothing"),
            Part("decisions_made", "What was decided", ("decision_log",)),
            _whole("delta"),
            _whole("limits"),
        ),
    ),
}  # fmt: skip


def arrange(audience: str, sections: Mapping[str, dict[str, Any]]) -> list[Drawn]:
    """The parts of a variant with their claims.

    Parameters
    ----------
    audience : str
        One of `AUDIENCES`.
    sections : mapping of str to dict
        The notebook's claims as others may see them, by section.

    Returns
    -------
    list of Drawn
        In the reader's order, without the parts whose section the notebook does not have, or that have nothing left to say.

    Raises
    ------
    ValueError
        When there is no such audience.

    Examples
    --------
    >>> payload = {"section": "learned", "customers": {}, "notes": {}, "calls": [], "assumed": "", "data": {"themes": []}}
    >>> [drawn.part.heading for drawn in arrange("exec", {"learned": payload})]
    ['Three findings']
    """
    if audience not in AUDIENCES:
        raise ValueError(f"audience must be one of {', '.join(AUDIENCES)}, got {audience!r}")
    drawn = [
        Drawn(part, _for_reader(audience, sections[part.name]) if part.is_whole() else _join(part, sections))
        for part in _parts_of(audience, sections)
        if part.of[0] in sections
    ]
    return [one for one in drawn if one.payload["data"] != {}]


def cite(drawn: Iterable[Drawn], refs: Iterable[str]) -> Drawn | None:
    """The quotes of a variant, each once, for its end: what the references in the page lead to.

    Parameters
    ----------
    drawn : iterable of Drawn
        The parts above.
    refs : iterable of str
        What they cite.

    Returns
    -------
    Drawn or None
        None where every quote stands in the variant anyway, or none does.

    Examples
    --------
    >>> cite([], ["C-3fa9c1:12"]) is None
    True
    """
    drawn = list(drawn)
    notes = {ref: note for one in drawn for ref, note in one.payload["notes"].items()}
    shown = [ref for ref in dict.fromkeys(refs) if ref in notes and notes[ref]["text"] is not None]
    if not shown or any(one.part.name == "quotes" for one in drawn):
        return None
    part = Part("cited", "Every quote on this page", ("quotes",))
    payload = {
        "section": "cited",
        "customers": {name: customer for one in drawn for name, customer in one.payload["customers"].items()},
        "notes": {ref: notes[ref] for ref in shown},
        "calls": sorted({call for one in drawn for call in one.payload["calls"]}),
        "assumed": next((one.payload["assumed"] for one in drawn if one.payload["assumed"]), ""),
        "data": {"notes": shown},
    }
    return Drawn(part, payload)


def explain(audience: str, sections: Iterable[str], *, for_others: bool = False) -> list[Drawn]:
    """What a variant does not have of a notebook.

    Parameters
    ----------
    audience : str
        One of `AUDIENCES`.
    sections : iterable of str
        The notebook's sections.
    for_others : bool
        Whether texts for other readers are left out.

    Returns
    -------
    list of Drawn
        One part that says so; none where nothing is missing.

    Examples
    --------
    >>> explain("exec", ["overview", "learned", "quotes", "themes"])[0].payload["data"]["said"]
    'Left out for this reader: Every quote. Here only in part: Themes. The whole report has all of it.'
    """
    parts = AUDIENCES[audience].parts
    whole = {part.name for part in parts if part.is_whole()} | {"overview"}
    partly = {name for part in parts if not part.is_whole() for name in part.of}
    missing = [HEADINGS.get(name) or name for name in sections if name not in whole | partly]
    some = [HEADINGS.get(name) or name for name in sections if name in partly - whole]
    said = [
        *([f"Left out for this reader: {'; '.join(missing)}."] if missing else []),
        *([f"Here only in part: {'; '.join(some)}."] if some else []),
        *(["Texts for other readers are left out."] if for_others else []),
    ]
    if not said:
        return []
    part = Part("left_out", f"For {AUDIENCES[audience].who}", ())
    data = {"said": " ".join([*said, "The whole report has all of it."])}
    return [Drawn(part, {"section": part.name, "customers": {}, "notes": {}, "calls": [], "assumed": "", "data": data})]


def draw_part(drawn: Drawn, here: Collection[str]) -> str:
    """A part as HTML.

    Parameters
    ----------
    drawn : Drawn
        With claims as others may see them.
    here : collection of str
        What the page has, see :func:`workbench.report.view.render_section`.

    Returns
    -------
    str
        Static HTML.
    """
    part, payload = drawn
    template = _environment().get_template("part.html.j2")
    return show(template.render(p=payload, name=part.name, heading=part.heading, lead=part.lead, shared=True, title="", here=here))  # fmt: skip


def draw_parts(audience: str, sections: Mapping[str, dict[str, Any]], *, for_others: bool) -> list[tuple[Drawn, str]]:
    """The parts of a page, each with its HTML.

    Parameters
    ----------
    audience : str
        One of `AUDIENCES`; empty for the whole report.
    sections : mapping of str to dict
        As for :func:`arrange`.
    for_others : bool
        As for :func:`explain`.

    Returns
    -------
    list of (Drawn, str)
        In the order of the page; without the title block, which :func:`draw_title` draws.

    Examples
    --------
    >>> payload = {"section": "learned", "customers": {}, "notes": {}, "calls": [], "assumed": "", "data": {"themes": []}}
    >>> [(drawn.part.name, "Nothing yet" in html) for drawn, html in draw_parts("", {"learned": payload}, for_others=False)]
    [('learned', True)]
    """
    if not audience:
        return [
            (Drawn(Part(name, HEADINGS[name], (name,)), payload), render_section(payload, shared=True, here=sections))
            for name, payload in sections.items()
            if name != "overview"
        ]
    drawn = arrange(audience, sections)
    if sections.keys() == {BY_ITSELF}:
        return [(one, draw_part(one, sections)) for one in drawn]
    # What a quote's reference leads to stands at the end, if not among all quotes.
    here = {"overview", "quotes", *(one.part.name for one in drawn)}
    found = [(one, draw_part(one, here)) for one in drawn]
    refs = (words or link for words, link in _CITED.findall("".join(html for _, html in found)))
    cited = cite(drawn, refs)
    last = [*([cited] if cited else []), *explain(audience, sections, for_others=for_others)]
    return [*found, *((one, draw_part(one, here)) for one in last)]


def draw_title(
    audience: str, overview: dict[str, Any], drawn: Iterable[tuple[Drawn, str]], *, title: str, known: str
) -> str:
    """The title block.

    Parameters
    ----------
    audience : str
        As for :func:`draw_parts`.
    overview : dict
        The overview's claims as others may see them.
    drawn : iterable of (Drawn, str)
        The page's other parts, so that nothing links to one that it leaves out.
    title : str
        The page's title, for an overview that has none.
    known : str
        For a page of an earlier day, which; else empty.

    Returns
    -------
    str
        Static HTML.

    Examples
    --------
    >>> empty = {"title": "", "product": "", "date": "", "deck": "", "figures": [], "facts": []}
    >>> html = draw_title("exec", {"section": "overview", "data": empty}, [], title="Tuesday", known="")
    >>> "<h1>Tuesday</h1>" in html, "For executives" in html
    (True, True)
    """
    said = {"reader": f"For {AUDIENCES[audience].who}"} if audience else {}
    said |= {"known": known} if known else {}
    here = {"overview", *(one.part.name for one, _ in drawn)}
    return render_section(overview | {"data": overview["data"] | said}, shared=True, title=title, here=here)


def audience_of(tags: Iterable[str]) -> set[str]:
    """Whom a Markdown cell is for.

    Parameters
    ----------
    tags : iterable of str
        The cell's tags.

    Returns
    -------
    set of str
        Empty where it is for everybody.

    Examples
    --------
    >>> audience_of(["audience-exec", "wide"])
    {'exec'}
    """
    return {tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)}


def _parts_of(audience: str, sections: Mapping[str, dict[str, Any]]) -> tuple[Part, ...]:
    """What a reader gets; the page that stands by itself also where a whole report does not have it for that reader."""
    return (_whole(BY_ITSELF),) if sections.keys() == {BY_ITSELF} else AUDIENCES[audience].parts


def _for_reader(audience: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A page by itself is laid out for its reader, and says so."""
    reader = {"reader": audience, "who": AUDIENCES[audience].who}
    return payload | reader if payload["section"] == BY_ITSELF else payload


def _join(part: Part, sections: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One payload of those that a part is drawn from."""
    sources = {name: sections[name] for name in part.of if name in sections}
    data = _DATA[part.name]({name: source["data"] for name, source in sources.items()}, sources)
    notes = {ref: note for source in sources.values() for ref, note in source["notes"].items()}
    return {
        "section": part.name,
        "customers": {name: customer for source in sources.values() for name, customer in source["customers"].items()},
        "notes": {ref: notes[ref] for ref in sorted(_named(data))},
        "calls": sorted({call for source in sources.values() for call in source["calls"]}),
        "assumed": next((source["assumed"] for source in sources.values() if source["assumed"]), ""),
        "data": data,
    }


def _named(value: Any, key: str = "") -> set[str]:
    """Every note that is named under the keys that claims have for them."""
    if isinstance(value, str):
        return {value} if key in ("note", "notes") else set()
    items = (
        value.items() if isinstance(value, dict) else ((key, item) for item in value) if isinstance(value, list) else ()
    )
    return {note for name, item in items for note in _named(item, name)}


def _ask(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    decisions, bets = data["decisions"], data.get("bets", {})
    return {
        "needed": [one | {"on_one_page": one["id"] == _on_one_page(data)} for one in decisions["needed"]],
        "asked": decisions["asked"],
        "week": decisions["week"],
        "bets": [bet for bet in bets.get("bets", ()) if bet["status"] in ("planned", "active")],
        "named": bets.get("named", []),
    }


def _stake(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    hypotheses = data.get("hypotheses", {}).get("hypotheses", [])
    themes = data.get("themes", {}).get("themes", [])
    return {
        **{key: data["bets"].get(key, "") for key in ("trigger", "cost", "capacity")},
        "bets": data["bets"]["bets"],
        "doubts": [theme for theme in themes[:3] if theme["counts"]["against"]["n"]],
        "thin": [theme for theme in themes[:3] if theme["strength"] == "single"],
        "untested": [h for h in hypotheses if h["status"] in OPEN],
        "closed": [h for h in hypotheses if h["status"] in ("supported", "refuted")],
    }


def _constraints(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    segments = data.get("who_we_talked_to", {}).get("segments", [])
    return {
        "wont_do": data["bets"]["wont_do"],
        "capacity": data["bets"].get("capacity", ""),
        "leaves_out": [segment for segment in segments if segment.get("leaves_out")],
        "needs": [{"bet_title": bet["bet_title"], "needs": bet["needs"]} for bet in data["bets"]["bets"] if bet["needs"]],
        "guardrails": [h for h in data.get("hypotheses", {}).get("hypotheses", []) if h["guardrails"] and h["status"] in OPEN],
    }  # fmt: skip


def _on_one_page(data: dict[str, Any]) -> str:
    """The decision that has a page of its own in the notebook."""
    return ((data.get("one_pager") or {}).get("decision") or {}).get("id", "")


def _decisions_left(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    """All decisions but the one that stands above, on one page."""
    decisions = data["decisions"]
    needed = [one for one in decisions["needed"] if one["id"] != _on_one_page(data)]
    return {"needed": needed, "made": decisions["made"]} if needed or decisions["made"] else {}


def _decisions_made(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    log = data["decision_log"]
    return {
        "made": [one for one in log["log"] if one["status"] == "decided"],
        "proposed": [one for one in log["log"] if one["status"] == "proposed"],
        "n_replaced": sum(one["status"] == "superseded" for one in log["log"]),
        "counts": {"superseded": log["counts"]["superseded"]} if "counts" in log else {},
    }


def _open_hypotheses(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    return {"hypotheses": [h for h in data["hypotheses"]["hypotheses"] if h["status"] in OPEN]}


def _journey(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    notes = sources["quotes"]["notes"]
    steps = ("workaround", "pain", "wish", "quote", "observation")
    return {
        "themes": [
            {**_theme(group), "steps": [{"kind": kind, "notes": picked} for kind in steps if (picked := _pick(group, notes, kind, N_OF_A_KIND))]}
            for group in data["quotes"]["groups"]
        ]
    }  # fmt: skip


def _pitch(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    notes = sources["quotes"]["notes"]
    themes = [
        {**_theme(group), "notes": _pick(group, notes, "quote", N_TO_PITCH)} for group in data["quotes"]["groups"]
    ]
    return {
        "themes": [theme for theme in themes if theme["notes"]],
        "positioning": data.get("bets", {}).get("positioning", ""),
    }


def _new(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    return {
        "shipped": [bet for bet in data["bets"]["bets"] if bet["status"] in ("shipped", "done")],
        "under_way": [bet for bet in data["bets"]["bets"] if bet["status"] == "active"],
        "themes": [
            t for t in data.get("week_by_week", {}).get("themes", []) if t["trend"]["word"] in ("new", "rising")
        ],
    }


def _benefits(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    themes = data["themes"]["themes"]
    return {"themes": themes, "segments": [segment["segment"] for segment in themes[0]["segments"]] if themes else []}


def _not_to_promise(data: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    hypotheses = data.get("hypotheses", {}).get("hypotheses", [])
    return {"wont_do": data["bets"]["wont_do"], **sort_hypotheses(hypotheses)}


_DATA: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "ask": _ask,
    "benefits": _benefits,
    "constraints": _constraints,
    "decisions_left": _decisions_left,
    "decisions_made": _decisions_made,
    "journey": _journey,
    "measures": _open_hypotheses,
    "new": _new,
    "not_to_promise": _not_to_promise,
    "pitch": _pitch,
    "stake": _stake,
    "success": _open_hypotheses,
}


def _theme(group: dict[str, Any]) -> dict[str, Any]:
    return {key: group[key] for key in ("theme", "tid", "title", "claims", "terms", "n", "of", "counts")}


def _pick(group: dict[str, Any], notes: dict[str, Any], kind: str, most: int) -> list[str]:
    """The first notes of a kind that may be shown and do not say the opposite, each of another customer."""
    against, seen, picked = set(group["against"]["notes"]), set(), []
    for ref in group["notes"]:
        note = notes[ref]
        if note["kind"] == kind and note["text"] is not None and ref not in against and note["customer"] not in seen:
            seen.add(note["customer"])
            picked.append(ref)
    return picked[:most]
