"""How many customers a test needs, how long that takes at the PM's traffic, and what less would show.

Two arms of the same size, one with the change and one without, looked at once, at the end. Shares (30 % of new teams) are
compared as two proportions after the arcsine transformation, means (12 minutes a team) with a t test, both two-sided:
a change for the worse is to be seen too. The formulas are those of Cohen (1988), chapters 6 and 2, as statsmodels has
them; statsmodels is loaded with the first question.

What is open is asked for and never guessed. "+3 %" of 30 % is 33 % or 30.9 %, and 3,762 or 41,041 customers in each arm:
as long as the unit is open, both are given.

References
----------
Cohen, J. (1988). *Statistical Power Analysis for the Behavioral Sciences*, 2nd edition. Lawrence Erlbaum.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from workbench.errors import InputError
from workbench.hypotheses.falsifiable import check_hypothesis
from workbench.hypotheses.metrics import classify_metric
from workbench.hypotheses.readings import NUMBER, OF, PER_CENT, Reading, read_change, read_number
from workbench.records import DIRECTIONS, UNITS, Hypothesis, read_size
from workbench.records.typed import is_day

__all__ = ["Needed", "SampleSize", "sample_size"]

# Below this, in the smaller of the two cells that are expected in an arm, the approximation for shares is rough.
FEWEST_EXPECTED = 5
# Below this in an arm no test is proposed, whatever it could show: single customers would decide it.
FEWEST_PER_ARM = 30
# A standardised difference beyond this is seen in any two pairs of customers.
LARGEST_EFFECT = 10.0
# A test of a year and more outlives what it is about, so that nobody is told to wait for it.
LONGEST_WEEKS = 52
_AS_MANY = "with the change, and as many without"
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 20: "twenty", 100: "a hundred"}  # fmt: skip
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 52 / 12, "quarter": 13.0, "year": 52.0}
_PERIOD = re.compile(
    r"(?P<n>\S+?)\s*(?:[a-z]+\s+){0,3}(?:/|per|an?|each|every)\s*(?P<period>day|week|month|quarter|year)s?"
)
_INSTEAD = (
    "Compare before with after: give it to all of them one after another, and write down the same number for each before and after.",
    "Watch five of them use it, and write down beforehand what you would have to see to drop it.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needed:
    """What one way to read the size of the change takes.

    Parameters
    ----------
    unit : str
        One of `workbench.records.UNITS`.
    label : str
        Such as "+3 points".
    outcome : str
        From where to where, such as "30 % to 33 %".
    n_per_arm : int or None
        Customers in each of the two arms; None where it cannot be told.
    weeks : int or None
        Until both arms are full at the traffic that was given, in whole weeks; None without traffic.
    enough : bool or None
        Whether those whom there are until the deadline suffice; None where that is not known.
    until : str
        That deadline, a day; empty where nobody new comes.

    Examples
    --------
    >>> str(sample_size(baseline="30 %", size=3, unit="points", direction="up").choices[0])
    '+3 points (30 % to 33 %): 3,762 customers with the change, and as many without'
    """

    unit: str
    label: str
    outcome: str
    n_per_arm: int | None = None
    weeks: int | None = None
    enough: bool | None = None
    until: str = ""

    def __str__(self) -> str:
        """As one line."""
        n = "cannot be told yet" if self.n_per_arm is None else f"{self.n_per_arm:,} customers {_AS_MANY}"
        took = "" if self.weeks is None else f"; {self.weeks:,} {'week' if self.weeks == 1 else 'weeks'}"
        many = {None: "", True: "enough", False: "too few"}[self.enough]
        enough = f"; {many} come until {self.until}" if many and self.until else f"; there are {many}" if many else ""
        return f"{self.label} ({self.outcome}): {n}{took}{enough}"


@dataclass(frozen=True, slots=True, repr=False)
class SampleSize:
    """How many customers a test needs; made by :func:`sample_size`.

    Parameters
    ----------
    choices : tuple of Needed
        One where the unit is written, both where it is open, none while the size of the change is.
    missing : tuple of str
        What has to be written before a number can be told, each with what to write.
    advice : tuple of str
        What to mind, and what to do where there are too few customers for a test.
    per_arm : int or None
        Customers whom there are for each arm: until the deadline, or at all; None where neither is known.
    visible : str
        The smallest change that these would show, such as "30 % to 34.1 %"; empty where it is not known.
    until : str
        The deadline until which they come; empty where nobody new comes, or it is not known.
    method : str
        How it was worked out, in words.

    Examples
    --------
    >>> both = sample_size(baseline="30 %", size=3, direction="up")
    >>> [(one.label, one.n_per_arm) for one in both.choices], both.n_per_arm
    ([('+3 points', 3762), ('+3 % relative', 41041)], None)
    """

    choices: tuple[Needed, ...] = ()
    missing: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    per_arm: int | None = None
    visible: str = ""
    until: str = ""
    method: str = ""

    @property
    def n_per_arm(self) -> int | None:
        """Customers in each arm; None while it is open or can be read in two ways."""
        return self.choices[0].n_per_arm if len(self.choices) == 1 else None

    @property
    def weeks(self) -> int | None:
        """Whole weeks until both arms are full; None while that is open."""
        return self.choices[0].weeks if len(self.choices) == 1 else None

    @property
    def label(self) -> str:
        """The change, such as "+3 points"; empty while it is open."""
        return self.choices[0].label if len(self.choices) == 1 else ""

    def __repr__(self) -> str:
        """All of it in lines, what is missing first: it is looked at in a cell."""
        lines = [*self.missing, *map(str, self.choices)]
        if self.visible:
            come = (
                f"{self.per_arm:,} come until {self.until} {_AS_MANY}"
                if self.until
                else f"There are {self.per_arm:,} {_AS_MANY}"
            )
            lines.append(f"{come}. With those, a change from {self.visible} or more would show.")
        if any(one.n_per_arm for one in self.choices) or self.visible:
            lines.append(f"{self.method}.")
        return "\n".join([*lines, *self.advice])

    def to_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON.

        Returns
        -------
        dict
            With the names above, and `n_per_arm` and `weeks`.

        Examples
        --------
        >>> sample_size(baseline="30 %", size=3, unit="points", direction="up").to_dict()["n_per_arm"]
        3762
        """
        values = asdict(self) | {"n_per_arm": self.n_per_arm, "weeks": self.weeks}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def sample_size(
    hypothesis: Hypothesis | None = None,
    *,
    baseline: str | float | None = None,
    size: str | float | None = None,
    unit: str | None = None,
    direction: str | None = None,
    metric: str | None = None,
    sd: str | float | None = None,
    traffic: str | float | None = None,
    customers: str | float | None = None,
    start: str | None = None,
    deadline: str | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
) -> SampleSize:
    """How many customers a test needs in each arm, and how long that takes.

    Parameters
    ----------
    hypothesis : Hypothesis, optional
        A record or a draft; what is named below goes before what stands in it.
    baseline : str or number, optional
        Where the metric stands now: "30 %" or "3 of 10" is a share, "12 minutes" a mean.
    size, unit, direction : str, optional
        The smallest change worth the work, as in a record; the unit may stand in `size` ("3 points"). Without a unit both
        readings are worked out.
    metric : str, optional
        What is counted; says whether a bare baseline is a share.
    sd : str or number, optional
        For a mean: its standard deviation between customers, in the unit of the baseline. It is never guessed.
    traffic : str or number, optional
        Customers who would come into the test, both arms together: "400/week", "60 a day"; a bare number is a week's.
        A month counts as 52/12 weeks.
    customers : str or number, optional
        All whom there are, where no new ones come: 12 customers are 6 in each arm. By default those in the hypothesis.
    start, deadline : str, optional
        Days, for what can be seen by then. The time that the metric itself takes (such as "within 7 days") comes on top.
    alpha : float
        How often to see a change where there is none, 0.05 for one in twenty.
    power : float
        How often to see the change where there is one, 0.8 for four in five; at least 0.5.

    Returns
    -------
    SampleSize
        With what is missing in words, where it cannot be told.

    Raises
    ------
    InputError
        When a number cannot be read or lies outside of what is possible.

    Examples
    --------
    >>> need = sample_size(baseline="30 %", size="3 points", direction="up", traffic="400/week")
    >>> need.n_per_arm, need.weeks
    (3762, 19)
    >>> sample_size(baseline="12 minutes", size="2 points", direction="down").missing[0][:46]
    'No standard deviation. A mean needs it: how fa'
    """
    alpha, power = _probability(alpha, "alpha", 0, 0.5, "0.05"), _probability(power, "power", 0.5, 1, "0.8")
    given = _given(hypothesis, baseline, size, unit, direction, metric, deadline)
    level, missing = _read_level(given)
    counted = lambda text: _read_count(text, "customers")  # noqa: E731
    everybody = counted(customers) if customers is not None else _written(counted, given.customers, missing)
    weekly = _read_traffic(traffic) if traffic is not None else _written(_read_traffic, given.traffic, missing)
    missing += [
        f"{finding.what} {finding.todo}" for finding in check_hypothesis(given)
        if finding.field in ("baseline", "direction", "size") and finding.rule not in ("baseline-number", "size-sign")
    ]  # fmt: skip
    spread = _read_spread(sd) if sd is not None else _written(_read_spread, given.sd, missing)
    if level and not level.share and spread is None and not given.sd:
        missing.append(
            "No standard deviation. A mean needs it: how far single customers lie apart, such as STDEV of last month's column."
        )
    for day, name in ((start, "start"), (deadline, "deadline")):
        if day and not is_day(day):
            raise InputError(f"{name} “{day}” is no day; write it as year, month, day: 2027-02-26")
    there = _per_arm_there(weekly, everybody, start or given.started, given.deadline)
    method = _method(level, alpha, power)
    until = given.deadline if everybody is None else None
    come_until = until if there is not None and until else ""
    if level is None or not given.direction:
        advice = _far_too_few(there, until) if there is not None and there < FEWEST_PER_ARM else []
        return SampleSize((), tuple(missing), tuple(advice), there, "", come_until, method)
    choices, advice = [], []
    for reading in read_change(given):
        if given.unit and reading.unit != given.unit:
            continue
        after = _after(level.value, reading, given)
        if wrong := _impossible(level, after):
            missing.append(f"{reading.label}: {reading.outcome} cannot be. {wrong}")
            continue
        n = _n_per_arm(level, after, spread, alpha, power)
        weeks = math.ceil(2 * n / weekly) if n and weekly else None
        enough = None if n is None or there is None else there >= n
        choices.append(Needed(reading.unit, reading.label, reading.outcome, n, weeks, enough, come_until))
        if level.share and n and n * min(level.value, 100 - level.value, after, 100 - after) / 100 < FEWEST_EXPECTED:
            advice.append(
                f"{reading.label}: so few would be counted that the formula is rough; take twice as many, or measure something commoner."
            )
    if len(choices) == 2 and not given.unit:
        missing.append("The change can be read in two ways. Choose points or relative %.")
    visible = _visible(level, given.direction, there, spread, alpha, power)
    short = bool(choices) and all(one.enough is False for one in choices)
    if there is not None and (there < FEWEST_PER_ARM or (short and not visible)):
        advice += _far_too_few(there, until)
    elif there is not None and short:
        needed = min(choices, key=lambda one: one.n_per_arm or 0)
        later = _later(start or given.started, needed.weeks) if until else ""
        gets = f"at {_in_words(traffic, given)} gets {there:,}" if until else f"there are {there:,} for it"
        advice += _too_few(gets, needed, visible, until, later)
    return SampleSize(tuple(choices), tuple(missing), tuple(dict.fromkeys(advice)), there, visible, come_until, method)


class _Level(NamedTuple):
    """Where the metric stands: a share in per cent, or a mean with its unit."""

    value: float
    share: bool
    named: str = ""


def _given(hypothesis: Hypothesis | None, baseline: Any, size: Any, unit: Any, direction: Any, metric: Any, deadline: Any) -> Hypothesis:  # fmt: skip
    """The hypothesis with what was named in place of what stands in it."""
    written, unit_written = read_size(_text(size))
    named = {
        "baseline": _text(baseline), "size": written, "unit": unit or unit_written, "direction": direction,
        "metric": metric, "deadline": deadline,
    }  # fmt: skip
    if named["unit"] and named["unit"] not in UNITS:
        raise InputError(f"unit “{named['unit']}” is not one; write {' or '.join(UNITS)}")
    if direction and direction not in DIRECTIONS:
        raise InputError(f"direction “{direction}” is not one; write {' or '.join(DIRECTIONS)}")
    given = replace(hypothesis or Hypothesis("H", "draft"), **{name: value for name, value in named.items() if value})
    share = OF.search(given.baseline or "")
    if share and (whole := read_number(share[2])):
        given = replace(given, baseline=f"{100 * (read_number(share[1]) or 0) / whole:g} %")
    return given


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value).strip()


def _probability(value: Any, name: str, low: float, high: float, such: str) -> float:
    number = read_number(_text(value))
    if number is None or number == 0 or not low <= number < high:
        raise InputError(f"{name} “{_text(value)}” does not lie between {low:g} and {high:g}; write one such as {such}")
    return number


def _written(read: Callable[[str], Any], text: str | None, missing: list[str]) -> Any:
    """What stands in a record: what cannot be read of it is told with what is missing, and no error."""
    try:
        return read(text) if text else None
    except InputError as error:
        missing.append(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return None


def _read_traffic(traffic: str | float) -> float:
    """Customers a week; a bare number is a week's."""
    text = _text(traffic).casefold()
    found = _PERIOD.fullmatch(text)
    number = read_number(found["n"] if found else text)
    if number is None or number <= 0:
        raise InputError(
            f"traffic “{_text(traffic)}” is no number of customers; write one such as 400/week or 60 a day"
        )
    return number / _WEEKS[found["period"]] if found else number


def _read_count(value: str | float | None, name: str) -> int | None:
    if value is None:
        return None
    number = read_number(_text(value))
    if number is None or number < 0 or number != int(number):
        raise InputError(f"{name} “{_text(value)}” is no number of them; write one such as 12")
    return int(number)


def _read_spread(sd: str | float) -> float:
    found = NUMBER.search(_text(sd))
    number = read_number(found[0]) if found and "-" not in _text(sd) else None
    if not number:
        raise InputError(
            f"sd “{_text(sd)}” is no standard deviation; write a number above 0, in the unit of the baseline"
        )
    return number


def _read_level(given: Hypothesis) -> tuple[_Level | None, list[str]]:
    """Where the metric stands, and what keeps that from being told."""
    text = given.baseline or ""
    if per_cent := PER_CENT.search(text):
        value = read_number(per_cent[1]) or 0.0
        if value > 100:
            return None, [
                f"“{text}” is no share. Write a share of customers up to 100 %, or a mean such as  12 minutes."
            ]
        return _Level(value, share=True), []
    found = NUMBER.search(text)
    value = read_number(found[0]) if found else None
    if value is None:
        return None, [] if not text else ["The baseline has no number. Write one, such as  30 %."]
    kind = classify_metric(given.metric or "").kind
    if kind == "share":
        return None, [f"“{text}” of what? The metric is a share: write it as  {value:g} %  or  {value:g} of 1,000."]
    if kind == "count":
        return None, [
            f"“{text}” is one number for everybody, and a test needs one for each customer. Write a share of customers or a "
            "mean a customer, or compare the weeks before with the weeks after."
        ]
    return _Level(value, share=False, named=text[found.end() :].strip() if found else ""), []


def _after(before: float, reading: Reading, given: Hypothesis) -> float:
    step = abs(read_number(given.size or "") or 0) * (-1 if given.direction == "down" else 1)
    return before + step if reading.unit == UNITS[0] else before * (1 + step / 100)


def _impossible(level: _Level, after: float) -> str:
    """Why nothing can come out like this; empty when it can."""
    if math.isclose(after, level.value, rel_tol=1e-12, abs_tol=1e-12):
        return "Nothing changes: write a size above 0, and in points where the baseline is 0."
    if level.share and not 0 <= after <= 100:
        return "A share lies between 0 and 100 %."
    return "" if level.share or after >= 0 or level.value < 0 else "Less than nothing is left."


def _n_per_arm(level: _Level, after: float, spread: float | None, alpha: float, power: float) -> int | None:
    if not level.share and spread is None:
        return None
    from statsmodels.stats.power import TTestIndPower, normal_sample_size_one_tail
    from statsmodels.stats.proportion import proportion_effectsize

    if level.share:
        effect = abs(proportion_effectsize(after / 100, level.value / 100))
    else:
        effect = min(abs(after - level.value) / (spread or 1), LARGEST_EFFECT)
    # Both arms vary: the difference of two means has the variance of one twice. Half of alpha lies on each side.
    n = max(2, math.ceil(normal_sample_size_one_tail(effect, power, alpha / 2, std_null=math.sqrt(2)) - 1e-9))
    if not level.share and n < 100_000:  # beyond, t is the normal distribution
        while TTestIndPower().power(effect, n, alpha) < power:
            n += 1
    return n


def _per_arm_there(weekly: float | None, everybody: int | None, start: str | None, deadline: str | None) -> int | None:
    """Customers for each arm until the deadline: those who come, or all whom there are."""
    there = [] if everybody is None else [everybody // 2]
    if weekly and start and deadline and is_day(start) and is_day(deadline):
        days = (date.fromisoformat(deadline) - date.fromisoformat(start)).days
        there.append(math.floor(max(0, days) / 7 * weekly / 2))
    return min(there, default=None)


def _visible(level: _Level, direction: str, n: int | None, spread: float | None, alpha: float, power: float) -> str:
    """The smallest change that n in each arm show, from where to where; empty when none does."""
    if not n or n < 2 or (not level.share and spread is None):
        return ""
    from scipy.optimize import brentq
    from scipy.stats import norm

    sign = -1 if direction == "down" else 1
    effect = (norm.isf(alpha / 2) + norm.ppf(power)) * math.sqrt(2 / n)
    if level.share:
        angle = math.asin(math.sqrt(level.value / 100)) + sign * effect / 2
        if not 0 <= angle <= math.pi / 2:
            return ""
        return f"{_short(level.value)} % to {_short(100 * math.sin(angle) ** 2)} %"
    from statsmodels.stats.power import TTestIndPower

    if n < 100_000:
        most = effect
        while TTestIndPower().power(most, n, alpha) < power:  # not far: for much larger ones it gives no number
            most *= 1.1
        effect = brentq(lambda one: TTestIndPower().power(one, n, alpha) - power, effect / 2, most)
    after = level.value + sign * effect * (spread or 0)
    if after < 0 <= level.value:
        return ""
    named = f" {level.named}" if level.named else ""
    return f"{_short(level.value)}{named} to {_short(after)}{named}"


def _far_too_few(there: int, until: str | None) -> list[str]:
    when = f" until {until}" if until else ""
    few = f"Too few for a test{when}: {there:,} {_AS_MANY}, where chance alone makes large differences."
    return [few, *_INSTEAD]


def _too_few(gets: str, needed: Needed, visible: str, until: str | None, later: str) -> list[str]:
    """How many there are and are needed, then what can be done: a larger change, a later look, another metric, no test."""
    when = f" until {until}" if until else ""
    return [
        f"Too few{when} for {needed.label}: each of the two groups needs {needed.n_per_arm:,}, and {gets}.",
        f"Try a larger change: from {visible} or more would show.",
        *([f"Look later: on {later} as many will have come."] if later else []),
        "Measure something that comes sooner and oftener.",
        *_INSTEAD,
    ]


def _in_words(traffic: str | float | None, given: Hypothesis) -> str:
    """The traffic as somebody wrote it; a bare number is a week's."""
    text = _text(traffic) or given.traffic or ""
    return f"{text} a week" if read_number(text) is not None and not _PERIOD.search(text) else text


def _later(start: str | None, weeks: int | None) -> str:
    """The day on which enough will have come; empty where nobody can plan for it."""
    if not start or not is_day(start) or not weeks or weeks > LONGEST_WEEKS:
        return ""
    return (date.fromisoformat(start) + timedelta(weeks=weeks)).isoformat()


def _method(level: _Level | None, alpha: float, power: float) -> str:
    test = "arcsine" if level is None or level.share else "t test"
    there, not_there = _times(power), _times(alpha)
    return f"Seen {there} if it is there, and {not_there} if it is not (two-sided; {test}, Cohen 1988)"


def _times(share: float) -> str:
    """How often something happens: "four times in five"."""
    times = Fraction(share).limit_denominator(1000)
    pair = (times.numerator, times.denominator)
    n, of = (_NUMBERS[number] if _NUMBERS.keys() >= {*pair} else f"{number:,}" for number in pair)
    return f"{n} {'time' if times.numerator == 1 else 'times'} in {of}"


def _short(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0") if abs(number) >= 1 else f"{number:.2g}"
