"""The order of work, as tables: RICE, ICE, MoSCoW and Kano; and how much of that order is score theater.

A score looks exact and is made of guesses. So confidence counts only as far as customers bear it out, and each row says
whether its place before the next one survives one step of change in any single input of either. Where it does not, the
order of the two is score theater: it says nothing, and somebody has to decide.

===========  ====================================================================================================
strength     what it is (:func:`workbench.evidence.strength`), and the most that confidence counts
===========  ====================================================================================================
single       one customer, or none: 50 % in RICE, 5 of 10 in ICE, "could" in MoSCoW
emerging     two, or more in one segment: 80 %, 8 of 10, "should"
supported    three or more in two segments or more: 100 %, 10 of 10, "must"
===========  ====================================================================================================

One step of change is one tier up or down in RICE's impact and confidence, one point in ICE, one class in MoSCoW, and a
quarter more or less of reach and of effort. Confidence never steps beyond what the evidence bears.

References
----------
RICE: McBride, S. (2018). *RICE: Simple prioritization for product managers*. Intercom. ICE: Ellis, S., and Brown, M. (2017). *Hacking
Growth*. Crown Business; here the three are multiplied. MoSCoW: Clegg, D., and Barker, R. (1994). *CASE Method Fast-Track*.
Addison-Wesley. Kano, N., et al. (1984). Attractive quality and must-be quality. *Journal of the Japanese Society for Quality
Control*, 14(2). Berger, C., et al. (1993). Kano's methods for understanding customer-defined quality. *Center for Quality
of Management Journal*, 2(4).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import pandas as pd

from workbench.errors import InputError
from workbench.evidence import strength
from workbench.hypotheses.readings import read_number
from workbench.records import Hypothesis
from workbench.themes import Themes

__all__ = [
    "CONFIDENCE_TIERS", "ICE_COLUMNS", "IMPACT_TIERS", "KANO_ANSWERS", "KANO_COLUMNS", "MOSCOW", "MOSCOW_COLUMNS", "RICE_COLUMNS", "STEP", "describe_absent", "describe_places", "ice",
    "kano", "moscow", "rice", "rice_inputs",
]  # fmt: skip

IMPACT_TIERS = {0.25: "minimal", 0.5: "low", 1.0: "medium", 2.0: "high", 3.0: "massive"}
CONFIDENCE_TIERS = {50.0: "low", 80.0: "medium", 100.0: "high"}
MOSCOW = ("must", "should", "could", "won't")
STEP = 0.25
# DSDM's rule of thumb: with more of the effort than this in the musts, nothing is left to give way.
MOST_MUST = 0.6
_CONFIDENCE_CAP = {"single": 50.0, "emerging": 80.0, "supported": 100.0}
_ICE_CAP = {"single": 5.0, "emerging": 8.0, "supported": 10.0}
_MOSCOW_CAP = {"single": "could", "emerging": "should", "supported": "must"}

_ROW = ("rank", "item", "strength")
_PLACE = ("place", "why")
RICE_COLUMNS = (*_ROW, "reach", "impact", "confidence", "confidence_counted", "effort", "score", *_PLACE)
ICE_COLUMNS = (*_ROW, "impact", "confidence", "confidence_counted", "ease", "score", *_PLACE)
MOSCOW_COLUMNS = (*_ROW, "priority", "priority_counted", "effort", "share_of_effort", *_PLACE)
KANO_COLUMNS = (
    "rank", "feature", "strength", "n_customers", "category", "attractive", "one_dimensional", "must_be", "indifferent",
    "reverse", "questionable", "better", "worse", *_PLACE,
)  # fmt: skip


def rice(items: pd.DataFrame) -> pd.DataFrame:
    """Items by reach × impact × confidence ÷ effort.

    Parameters
    ----------
    items : pandas.DataFrame
        One row an item, in any order:

        - item (str): what it is called, once
        - reach (number): customers whom it concerns in a quarter, 0 or more
        - impact (number): 3, 2, 1, 0.5 or 0.25
        - confidence (number): 100, 80 or 50 per cent
        - effort (number): person-weeks, above 0
        - n_customers, n_segments (int, optional): distinct customers behind it, and their segments; without them
          the evidence is single
        - n_customers_total (int, optional), logged (number, optional): all who were heard, and the per cent of which `confidence` is
          the tier; for `why` only

    Returns
    -------
    pandas.DataFrame
        One row an item with `RICE_COLUMNS`, highest score first, then by name: `confidence_counted` is what the evidence
        bears of `confidence`; `place` is "holds" where its place before the next one survives one step of change in any
        input, else "score theater", and empty in the last row; `why` says what would turn the two round.

    Raises
    ------
    InputError
        For a value that is none of these, with the item and what is accepted.

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["Point at the cell", "Dark mode"], "reach": [400, 300], "impact": [2, 1],
    ...     "confidence": [80, 100], "effort": [2, 3], "n_customers": [7, 1], "n_segments": [3, 1]})
    >>> rice(items)[["item", "confidence_counted", "score", "place"]].values.tolist()
    [['Point at the cell', 80.0, 320.0, 'holds'], ['Dark mode', 50.0, 50.0, '']]
    """
    rows = _read(items, {"reach": _at_least_zero, "impact": _tier_of(IMPACT_TIERS), "confidence": _tier_of(CONFIDENCE_TIERS),
                         "effort": _above_zero})  # fmt: skip
    impacts, tiers = list(IMPACT_TIERS), list(CONFIDENCE_TIERS)

    def score(row: Mapping[str, Any]) -> float:
        counted = min(row["confidence"], _CONFIDENCE_CAP[row["strength"]])
        return row["reach"] * row["impact"] * counted / 100 / row["effort"]

    def steps(row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
        for name, scale in (("impact", impacts), ("confidence", tiers)):
            yield from ((name, value) for value in _neighbours(scale, row[name]))
        yield from ((name, row[name] * factor) for name in ("reach", "effort") for factor in (1 - STEP, 1 + STEP))

    for row in rows:
        row["confidence_counted"] = min(row["confidence"], _CONFIDENCE_CAP[row["strength"]])
        row["score"] = score(row)
        row["capped"] = _explain_cap(row, _CONFIDENCE_CAP, " %")
    return _table(rows, score, steps, RICE_COLUMNS)


def ice(items: pd.DataFrame) -> pd.DataFrame:
    """Items by impact × confidence × ease, each from 1 to 10.

    Parameters
    ----------
    items : pandas.DataFrame
        One row an item, in any order: item (str), impact, confidence, ease (whole numbers from 1 to 10), and as for
        :func:`rice` n_customers, n_segments.

    Returns
    -------
    pandas.DataFrame
        One row an item with `ICE_COLUMNS`, as for :func:`rice`.

    Raises
    ------
    InputError
        For a value that is none of these.

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["A", "B"], "impact": [8, 7], "confidence": [9, 5], "ease": [5, 6]})
    >>> ice(items)[["item", "confidence_counted", "score", "place"]].values.tolist()
    [['B', 5.0, 210.0, 'score theater'], ['A', 5.0, 200.0, '']]
    """
    ten = dict.fromkeys(range(1, 11), "")
    names = ("impact", "confidence", "ease")
    rows = _read(items, dict.fromkeys(names, _tier_of(ten)))

    def score(row: Mapping[str, Any]) -> float:
        return row["impact"] * min(row["confidence"], _ICE_CAP[row["strength"]]) * row["ease"]

    def steps(row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
        yield from ((name, float(value)) for name in names for value in _neighbours(list(ten), row[name]))

    for row in rows:
        row["confidence_counted"] = min(row["confidence"], _ICE_CAP[row["strength"]])
        row["score"] = score(row)
        row["capped"] = _explain_cap(row, _ICE_CAP, "")
    return _table(rows, score, steps, ICE_COLUMNS)


def moscow(items: pd.DataFrame) -> pd.DataFrame:
    """Items as must, should, could and won't, as far as the evidence bears it.

    Parameters
    ----------
    items : pandas.DataFrame
        One row an item, in any order:

        - item (str): what it is called, once
        - priority (str): one of `MOSCOW`
        - effort (number, optional): person-weeks, above 0
        - reason (str, optional): what makes it a must without customers, such as a law; then evidence takes nothing off
        - n_customers, n_segments (int, optional): as for :func:`rice`

    Returns
    -------
    pandas.DataFrame
        One row an item with `MOSCOW_COLUMNS`, by `priority_counted`, then by customers, then by name. `share_of_effort` is the
        share (0 to 1) of all effort in its class, won'ts left out; NaN where an effort is missing. `place` is "holds" where
        the next one is two classes lower or more, so that a step of either leaves the order; "level" in the same class,
        of which MoSCoW says no order; else "score theater". `why` also says where the musts have more than 60 % of the
        effort (or of the items, where efforts are missing).

    Raises
    ------
    InputError
        For a value that is none of these.

    Examples
    --------
    >>> items = pd.DataFrame({"item": ["Point at the cell", "Dark mode"], "priority": ["must", "must"],
    ...     "n_customers": [7, 1], "n_segments": [3, 1]})
    >>> moscow(items)[["item", "priority_counted", "place"]].values.tolist()
    [['Point at the cell', 'must', 'holds'], ['Dark mode', 'could', '']]
    """
    readers: dict[str, Callable[[Any], Any]] = {"priority": _class}
    weighed = "effort" in items.columns and len(items) > 0 and not items["effort"].isna().any()
    if weighed:
        readers["effort"] = _above_zero
    rows = _read(items, readers)
    reasons = dict(zip(items["item"].astype(str), items["reason"], strict=True)) if "reason" in items.columns else {}
    classes = list(MOSCOW)
    for row in rows:
        reason = reasons.get(row["item"])
        row["free"] = isinstance(reason, str) and bool(reason.strip())
        cap = classes.index("must" if row["free"] else _MOSCOW_CAP[row["strength"]])
        row["priority_counted"] = classes[max(classes.index(row["priority"]), cap)]
        row.setdefault("effort", math.nan)
    rows.sort(key=lambda row: (classes.index(row["priority_counted"]), -row["n_customers"], row["item"]))
    doing = [row for row in rows if row["priority_counted"] != "won't"]
    total = sum(row["effort"] for row in doing)
    must = [row for row in doing if row["priority_counted"] == "must"]
    crowd = sum(row["effort"] for row in must) / total if weighed and total else len(must) / max(1, len(doing))
    for row, below in zip_longest(rows, rows[1:]):
        same = [one["effort"] for one in doing if one["priority_counted"] == row["priority_counted"]]
        row["share_of_effort"] = sum(same) / total if weighed and same else math.nan
        row["place"], why = "", []
        if below is not None:
            apart = classes.index(below["priority_counted"]) - classes.index(row["priority_counted"])
            row["place"] = "holds" if apart > 1 else "score theater" if apart else "level"
            if apart == 1:
                why.append(f"One class up for “{below['item']}” and the two are level.")
            elif not apart:
                why.append(f"MoSCoW says no order of this and “{below['item']}”.")
        if row["priority_counted"] != row["priority"]:
            why.append(f"“{row['priority']}” counts as “{row['priority_counted']}”: the evidence is {_behind(row)}.")
        if row["priority_counted"] == "must" and crowd > MOST_MUST and len(doing) > 1:
            of = "effort" if weighed else "items"
            why.append(f"{crowd:.0%} of the {of} are musts, more than {MOST_MUST:.0%}: nothing is left to give way.")
        row["why"] = " ".join(why)
    return _frame(rows, MOSCOW_COLUMNS)


def kano(answers: pd.DataFrame) -> pd.DataFrame:
    """What customers take for granted, want more of, or would be delighted by, from their answers to a pair of questions.

    Parameters
    ----------
    answers : pandas.DataFrame
        One row an answer, in any order:

        - feature, customer (str): what was asked about, and who answered
        - functional, dysfunctional (str): how they feel if it is there, and if it is not: one of `KANO_ANSWERS`
        - segment (str, optional): the customer's

    Returns
    -------
    pandas.DataFrame
        One row a feature with `KANO_COLUMNS`. A customer counts once: by what most of their answers come to, if level by
        the first of must-be, one-dimensional, attractive, indifferent, reverse, questionable. The columns of these names
        count customers; `category` is the one with most, ties broken in the same order. `better` is the share whom it would satisfy,
        (A + O) ÷ (A + O + M + I), `worse` the share whom its absence would dissatisfy, as minus (O + M) ÷ the same; NaN where nobody
        is in these. Rows are ordered by category in the same order, then by the sum of both shares, then by name. `place` is
        "holds" where the category survives that any one customer answers otherwise, else "score theater".

    Raises
    ------
    InputError
        For an answer that is none of `KANO_ANSWERS`.

    Examples
    --------
    >>> answers = pd.DataFrame({"feature": "Point at the cell", "customer": ["Acme", "Bolt", "Core"],
    ...     "functional": ["expect", "like", "expect"], "dysfunctional": ["dislike", "dislike", "dislike"]})
    >>> row = kano(answers).iloc[0]
    >>> row["category"], int(row["must_be"]), float(row["worse"]), row["place"]
    ('must_be', 2, -1.0, 'score theater')
    """
    _has(answers, ("feature", "customer", "functional", "dysfunctional"))
    said: dict[str, dict[str, Counter[str]]] = {}
    segments: dict[str, set[str]] = {}
    for row in answers.astype(object).to_dict("records"):
        feature, customer = str(row["feature"]), str(row["customer"])
        pair = [_answer(row[side], f"“{feature}”, {customer}: {side}") for side in ("functional", "dysfunctional")]
        said.setdefault(feature, {}).setdefault(customer, Counter())[_kano_category(*pair)] += 1
        segment = row.get("segment")
        segments.setdefault(feature, set()).update({segment} if isinstance(segment, str) and segment else ())
    rows = []
    for feature, customers in said.items():
        counts = Counter(_most(answers) for answers in customers.values())
        category = _most(counts)
        judged = sum(counts[one] for one in _KANO_ORDER[:4])
        better = (counts["attractive"] + counts["one_dimensional"]) / judged if judged else math.nan
        worse = -(counts["one_dimensional"] + counts["must_be"]) / judged if judged else math.nan
        turns = _kano_turns(counts, category)
        rows.append(
            {
                "feature": feature,
                "strength": strength(len(customers), len(segments[feature])),
                "n_customers": len(customers),
                "category": category,
                **{one: counts[one] for one in _KANO_ORDER},
                "better": better,
                "worse": worse,
                "place": "score theater" if turns else "holds",
                "why": f"One customer answering otherwise makes it {turns.replace('_', '-')}." if turns else "",
            }
        )
    pull = {row["feature"]: row["better"] - row["worse"] if row["better"] == row["better"] else -1.0 for row in rows}
    rows.sort(key=lambda row: (_KANO_ORDER.index(row["category"]), -round(pull[row["feature"]], 9), row["feature"]))
    return _frame(rows, KANO_COLUMNS)


def rice_inputs(hypotheses: Sequence[Hypothesis], themes: Themes | None = None) -> tuple[pd.DataFrame, list[str]]:
    """What records say for :func:`rice`, and what they leave open.

    Parameters
    ----------
    hypotheses : sequence of Hypothesis
        Records or drafts, in any order.
    themes : Themes, optional
        From :func:`workbench.find_themes`: the customers behind each are counted in its notes. Without it nobody stands behind any.

    Returns
    -------
    items : pandas.DataFrame
        One row a hypothesis that says all four, with the columns that :func:`rice` takes. Confidence is the last one logged,
        as the tier at or below it: 70 % counts as 50, and stands under `logged`.
    open : list of str
        A sentence for each of the others: what it does not say, or what cannot be read.

    Examples
    --------
    >>> from workbench.records import Confidence
    >>> done = Hypothesis("H-1", "ready", reach="400", impact="2", effort="3", confidence=(Confidence("2026-11-17", 70),))
    >>> items, left = rice_inputs([done, Hypothesis("H-2", "draft", reach="20")])
    >>> items["confidence"].tolist(), left
    ([50.0], ['H-2 is not scored: impact, confidence and effort are open.'])
    """
    rows, left = [], []
    for h in sorted(hypotheses, key=lambda h: h.id):
        logged = h.confidence[-1].percent if h.confidence else None
        written = {"reach": h.reach, "impact": h.impact, "confidence": logged, "effort": h.effort}
        missing = [name for name, value in written.items() if value is None]
        if missing:
            left.append(f"{h.id} is not scored: {_listed(missing)} {'is' if len(missing) == 1 else 'are'} open.")
            continue
        tiers = [tier for tier in CONFIDENCE_TIERS if tier <= (logged or 0)]
        if not tiers:
            left.append(f"{h.id} is not scored: a confidence of {logged:g} % is a guess. Test what it rests on first.")
            continue
        row = {"item": h.id, **written, "confidence": max(tiers), "logged": logged, **_count_behind(h, themes)}
        try:
            rice(pd.DataFrame([row]))
        except InputError as error:
            left.append(f"{h.id} is not scored: {str(error).partition('”: ')[2]}.")
            continue
        rows.append(row)
    columns = [
        "item",
        "reach",
        "impact",
        "confidence",
        "logged",
        "effort",
        "n_customers",
        "n_customers_total",
        "n_segments",
    ]
    return pd.DataFrame(rows, columns=columns), left


def describe_absent(items: pd.DataFrame, method: str) -> list[str]:
    """What a table does not say, and what is taken instead.

    Parameters
    ----------
    items : pandas.DataFrame
        As for the method.
    method : str
        "rice", "ice", "moscow" or "kano".

    Returns
    -------
    list of str
        A sentence for each column that may be left out and is.

    Examples
    --------
    >>> describe_absent(pd.DataFrame({"item": ["A"], "n_customers": [3]}), "rice")[0][:67]
    'No column n_segments: all customers are taken to be of one segment,'
    """
    bears = {
        "rice": (
            f"confidence counts {_CONFIDENCE_CAP['single']:g} % at most",
            f"confidence counts {_CONFIDENCE_CAP['emerging']:g} % at most",
        ),
        "ice": (
            f"confidence counts {_ICE_CAP['single']:g} of 10 at most",
            f"confidence counts {_ICE_CAP['emerging']:g} of 10 at most",
        ),
        "moscow": (
            f"nothing is more than a {_MOSCOW_CAP['single']}",
            f"nothing is more than a {_MOSCOW_CAP['emerging']}",
        ),
    }
    said = []
    if method in bears:
        nobody, one_segment = bears[method]
        if "n_customers" not in items.columns:
            said.append(
                f"No column n_customers: nobody is taken to stand behind any item, so that {nobody}. Add how many customers said so."
            )
        elif "n_segments" not in items.columns:
            said.append(
                f"No column n_segments: all customers are taken to be of one segment, so that {one_segment}. Add how many segments they are of."
            )
    if method == "moscow" and "effort" not in items.columns:
        said.append("No column effort: the musts are weighed by their number. Add person-weeks.")
    if method == "moscow" and "reason" not in items.columns:
        said.append("No column reason: nothing is a must without customers. Add what makes it one, such as a law.")
    if method == "kano" and "segment" not in items.columns:
        said.append("No column segment: all customers are taken to be of one segment. Add whose answers they are.")
    return said


def describe_places(table: pd.DataFrame) -> str:
    """How much of an order holds, in a sentence.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`rice`, :func:`ice`, :func:`moscow` or :func:`kano`.

    Returns
    -------
    str
        Empty for a table in which nothing stands before anything.

    Examples
    --------
    >>> describe_places(pd.DataFrame({"place": ["score theater", "holds", ""]}))
    '1 of 2 places is score theater, exact to look at and made of guesses: one step of one input turns it round. Nobody should decide by it.'
    """
    places = [place for place in table["place"] if place]
    theater = places.count("score theater")
    if not places:
        return ""
    if not theater:
        return "What it puts in order survives one step of change in any one input."
    of = f"{theater} of {len(places)} {'place' if len(places) == 1 else 'places'}"
    if theater == 1:
        return f"{of} is score theater, exact to look at and made of guesses: one step of one input turns it round. Nobody should decide by it."
    return f"{of} are score theater, exact to look at and made of guesses: one step of one input turns them round. Nobody should decide by them."


def _count_behind(h: Hypothesis, themes: Themes | None) -> dict[str, int]:
    if themes is None:
        return {"n_customers": 0, "n_customers_total": 0, "n_segments": 0}
    behind = themes.notes[themes.notes["note"].isin(h.evidence)].astype({"customer": str, "segment": str})
    segments = set(behind["segment"]) - {""}
    everyone = {*themes.notes["customer"].astype(str), *themes.takes["customer"].astype(str)}
    return {
        "n_customers": int(behind["customer"].nunique()),
        "n_customers_total": len(everyone),
        "n_segments": len(segments),
    }


def _explain_cap(row: Mapping[str, Any], caps: Mapping[str, float], unit: str) -> str:
    """Why confidence counts as less than was said: because of the evidence, or of the tiers."""
    logged, counted, cap = row["logged"] or row["confidence"], row["confidence_counted"], caps[row["strength"]]
    if counted == logged:
        return ""
    said = f"Confidence: {logged:g}{unit} {'logged, counts' if row['logged'] else 'counts'} as {counted:g}{unit}"
    if row["confidence"] > cap:
        return f"{said}: the evidence is {_behind(row)}."
    return f"{said}, the tier below it; the evidence ({_behind(row)}) would bear {cap:g}{unit}."


def _behind(row: Mapping[str, Any]) -> str:
    """How strong the evidence is, and by how many customers."""
    n, of = row["n_customers"], row["n_customers_total"]
    return f"{row['strength']}, {n}{f' of {of}' if of else ''} {'customer' if (of or n) == 1 else 'customers'}"


# Reading


def _read(items: pd.DataFrame, readers: Mapping[str, Callable[[Any], Any]]) -> list[dict[str, Any]]:
    """Rows with what is in them checked, and how far evidence bears them."""
    _has(items, ("item", *readers))
    rows = []
    for given in items.astype(object).to_dict("records"):
        row = {"item": str(given["item"])}
        for name, reader in readers.items():
            try:
                row[name] = reader(given[name])
            except ValueError as error:
                shown = "nothing" if _is_missing(given[name]) else _quoted(given[name])
                raise InputError(f"“{row['item']}”: {name} {shown} {error}") from None
        row["n_customers"] = _people(given, "n_customers", row["item"])
        row["n_customers_total"] = _people(given, "n_customers_total", row["item"])
        row["logged"] = None if _is_missing(given.get("logged")) else _numeric(given["logged"])
        row["strength"] = strength(row["n_customers"], _people(given, "n_segments", row["item"]))
        rows.append(row)
    twice = [name for name, n in Counter(row["item"] for row in rows).items() if n > 1]
    if twice:
        raise InputError(f"“{min(twice)}” stands there twice; give each item one row and one name")
    return rows


def _has(frame: pd.DataFrame, names: Iterable[str]) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise InputError(f"no column “{missing[0]}”; the columns are {', '.join(map(str, frame.columns)) or 'none'}")


def _people(given: Mapping[str, Any], name: str, item: str) -> int:
    value = given.get(name, 0)
    number = 0.0 if _is_missing(value) else _numeric(value)
    if number is None or number < 0 or number != int(number):
        raise InputError(f"“{item}”: {name} {_quoted(value)} is no number of them; write 0 or more")
    return int(number)


def _quoted(value: Any) -> str:
    """Words in quotation marks, a number as it is."""
    return f"“{value}”" if isinstance(value, str) else f"{value}"


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _numeric(value: Any) -> float | None:
    """A number, also as it is written in a record: "400 teams", "80 %"."""
    if isinstance(value, str):
        found = re.match(r"\s*([-+]?[\d.,]+)\s*(?:%|[A-Za-z][\w -]*)?\s*$", value)
        return read_number(found[1]) if found else None
    number = float(value) if isinstance(value, (int, float)) or hasattr(value, "__float__") else None
    return number if number is not None and math.isfinite(number) else None


def _at_least_zero(value: Any) -> float:
    number = None if _is_missing(value) else _numeric(value)
    if number is None or number < 0:
        raise ValueError("is no number of customers; write 0 or more")
    return number


def _above_zero(value: Any) -> float:
    number = None if _is_missing(value) else _numeric(value)
    if number is None or number <= 0:
        raise ValueError("is no effort; write a number above 0, such as 2")
    return number


def _tier_of(tiers: Mapping[float, str]) -> Callable[[Any], float]:
    """A reader of one of some numbers, and no other."""

    def read(value: Any) -> float:
        number = None if _is_missing(value) else _numeric(value)
        if number not in tiers:
            named = [f"{tier:g}{f' ({name})' if name else ''}" for tier, name in sorted(tiers.items(), reverse=True)]
            raise ValueError(f"is not a tier; write {', '.join(named[:-1])} or {named[-1]}")
        return float(number)

    return read


def _class(value: Any) -> str:
    plain = str(value).strip().casefold().replace("’", "'")
    plain = {"wont": "won't", "will not": "won't"}.get(re.sub(r"['\s]+have$|\s+(?:have|do)$", "", plain), plain)
    plain = re.sub(r"\s+(?:have|do)$", "", plain)
    if plain not in MOSCOW:
        raise ValueError(f"is not a class; write {', '.join(MOSCOW[:-1])} or {MOSCOW[-1]}")
    return plain


# Whether an order holds


def _neighbours(scale: Sequence[float], value: float) -> list[float]:
    """The tier below and the tier above."""
    at = list(scale).index(value)
    return [scale[i] for i in (at - 1, at + 1) if 0 <= i < len(scale)]


def _table(
    rows: list[dict[str, Any]],
    score: Callable[[Mapping[str, Any]], float],
    steps: Callable[[Mapping[str, Any]], Iterator[tuple[str, float]]],
    columns: Sequence[str],
) -> pd.DataFrame:
    """Rows by score, each with whether it stays before the next one."""
    rows.sort(key=lambda row: (-round(row["score"], 9), row["item"]))
    for row, below in zip_longest(rows, rows[1:]):
        why = [_turned(row, below, score, steps)] if below is not None else []
        row["place"] = "" if below is None else "score theater" if why[0] else "holds"
        why.append(row["capped"])
        row["why"] = " ".join(filter(None, why))
    return _frame(rows, columns)


def _turned(
    row: Mapping[str, Any],
    below: Mapping[str, Any],
    score: Callable[[Mapping[str, Any]], float],
    steps: Callable[[Mapping[str, Any]], Iterator[tuple[str, float]]],
) -> str:
    """Which single steps bring the next one level or before it, in words; empty when none does."""
    if math.isclose(row["score"], below["score"]):
        return f"“{below['item']}” has the same score."
    found = []
    for moved, other in ((row, below), (below, row)):
        for name, value in steps(moved):
            first, second = (score({**moved, name: value}), score(other))
            up, down = (first, second) if moved is row else (second, first)
            if up < down or math.isclose(up, down):
                found.append((f"{name} of “{moved['item']}” {value:g} instead of {moved[name]:g}", abs(up - down)))
    if not found:
        return ""
    more = f", or {len(found) - 1} other single step{'s' if len(found) > 2 else ''}" if len(found) > 1 else ""
    # The one that turns them furthest is the one to look at first.
    largest = min(found, key=lambda one: (-round(one[1], 9), one[0]))[0]
    return f"“{below['item']}” is level or ahead with {largest}{more}."


def _frame(rows: list[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    for rank, row in enumerate(rows, 1):
        row["rank"] = rank
    return pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=list(columns))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# Kano

KANO_ANSWERS = ("like", "expect", "neutral", "live with", "dislike")
_SPOKEN = {
    "like": ("like", "i like it", "i like it that way", "1"),
    "expect": ("expect", "must be", "must-be", "i expect it", "it must be that way", "2"),
    "neutral": ("neutral", "i am neutral", "don't care", "3"),
    "live with": ("live with", "live-with", "tolerate", "i can live with it", "4"),
    "dislike": ("dislike", "i dislike it", "i dislike it that way", "5"),
}
_ANSWER_OF = {spoken: answer for answer, many in _SPOKEN.items() for spoken in many}
_KANO_ORDER = ("must_be", "one_dimensional", "attractive", "indifferent", "reverse", "questionable")
# Rows: if it is there; columns: if it is not (Berger et al. 1993, the evaluation table).
_KANO_TABLE = {"like": "QAAAO", "expect": "RIIIM", "neutral": "RIIIM", "live with": "RIIIM", "dislike": "RRRRQ"}
_KANO_LETTER = {"A": "attractive", "O": "one_dimensional", "M": "must_be", "I": "indifferent", "R": "reverse", "Q": "questionable"}  # fmt: skip


def _answer(value: Any, where: str) -> str:
    plain = re.sub(r"\s+", " ", str(value).strip().casefold().replace("’", "'").rstrip(".")).removesuffix(".0")
    if plain not in _ANSWER_OF:
        raise InputError(
            f"{where} {_quoted(value)} is not an answer; write {', '.join(KANO_ANSWERS[:-1])} or {KANO_ANSWERS[-1]}"
        )
    return _ANSWER_OF[plain]


def _kano_category(functional: str, dysfunctional: str) -> str:
    return _KANO_LETTER[_KANO_TABLE[functional][KANO_ANSWERS.index(dysfunctional)]]


def _most(counts: Mapping[str, int]) -> str:
    return min(_KANO_ORDER, key=lambda one: (-counts.get(one, 0), _KANO_ORDER.index(one)))


def _kano_turns(counts: Counter[str], category: str) -> str:
    """The category that one customer answering otherwise would make of it; empty when none would."""
    for answered in _KANO_ORDER:
        for instead in _KANO_ORDER:
            if counts[answered] and answered != instead:
                turned = _most(counts + Counter({instead: 1}) - Counter({answered: 1}))
                if turned != category:
                    return turned
    return ""
