"""What a report was made of, beside the calls that it names: so that `workbench verify` can make it again, later.

Nothing of it can be read without the workspace: what names a record, an act or a customer is an HMAC under the workspace's
salt, and no note has any.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.customers import who_counts
from workbench.newest import today
from workbench.records.typed import is_day
from workbench.redact import short_ids
from workbench.report.cite import Refs

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.rituals import Moment
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_basis", "describe_moment", "seal_drawing", "seal_names", "seal_records"]

_COMMIT = re.compile(r"[0-9a-f]{12}")


def describe_basis(study: Study, themes: Themes, hypotheses: Sequence[Hypothesis]) -> dict[str, Any]:
    """What a report's numbers follow from that its counts do not name.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.
    hypotheses : sequence of Hypothesis
        Records and drafts.

    Returns
    -------
    dict
        ``day`` (today's), ``as_of`` (the last day that is known, empty where all is), ``notes`` and ``takes`` (all that count, ``C-<hex>:line``), ``apart`` (calls that do not count,
        ``C-<hex>``), ``empty`` (those of them without a note),
        ``records`` (:func:`seal_records`), ``acts`` (those of the ledger that were known) and ``never`` (customers in the
        registry without a call), both by :func:`seal_names`, ``drafts`` (how many), ``drawing`` (:func:`seal_drawing`), and
        ``fit``: how many themes were asked for, and the seed; empty where themes are of other notes than the study's or were
        found by a sentence encoder, so that nobody else can find them again.
    """
    never = study.customers.loc[study.customers["n_calls"] == 0, "customer"]
    model, of_all = themes.model, len(themes.notes) + len(themes.uncounted) == len(study.notes)
    refs, counts, takes = Refs.of(study), who_counts(study.notes), study.notes["kind"].astype(str) == "take"
    return {
        "day": today(study),
        "as_of": study.as_of,
        "notes": refs.runs(study.notes.loc[counts & ~takes, "note"]),
        "takes": refs.runs(study.notes.loc[counts & takes, "note"]),
        "apart": refs.files(~study.calls["call"].isin(study.calls.loc[study.calls["counted"], "call"])),
        "empty": refs.files(study.calls["n_notes"] == 0),
        "records": seal_records(study.texts, study.salt),
        "acts": sorted(seal_names((record.id for record in themes.ledger.records), study.salt).values()),
        "never": sorted(seal_names(never, study.salt).values()),
        "drafts": sum(not hypothesis.file for hypothesis in hypotheses),
        "drawing": seal_drawing(),
        "fit": [model.n_themes, model.random_state] if model and of_all and model.encoder is None else [],
    }


def describe_moment(study: Study, hypotheses: Sequence[Hypothesis], moment: Moment) -> dict[str, str]:
    """The week that a section is of, so that it can be made again.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    hypotheses : sequence of Hypothesis
        Records and drafts.
    moment : Moment
        As the section was given it.

    Returns
    -------
    dict of str to str
        ``week`` and ``today``; ``since``, a day or the first twelve digits of a commit, since any other name of a revision is
        somebody's words; ``record``, by :func:`seal_names`.
    """
    ids = [one.id for one in (*hypotheses, *study.decisions, *study.bets)]
    named = [id for id in ids if id == moment.record] or [
        id for id in ids if moment.record and id.startswith(moment.record)
    ]
    return {
        "week": moment.week,
        "today": moment.today,
        "since": moment.since if is_day(moment.since) or _COMMIT.fullmatch(moment.since) else "",
        "record": seal_names(named[:1], study.salt).get(named[0], "") if named else "",
    }


@cache
def seal_drawing() -> str:
    """What stands for how pages are drawn, by this workbench: of two that draw otherwise it is not the same.

    Returns
    -------
    str
        Twelve hex digits.

    Examples
    --------
    >>> len(seal_drawing())
    12
    """
    folder = Path(__file__).parent
    drawn = ["audiences.py", "markdown.py", "one_page.py", "telling.py", "view.py", "../charts.py"]
    files = [*sorted((folder / "templates").rglob("*.*")), *(folder / name for name in drawn)]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()[:12]


def seal_names(names: Iterable[str], salt: str) -> dict[str, str]:
    """What stands for names in a manifest.

    Parameters
    ----------
    names : iterable of str
        Of acts or customers.
    salt : str
        The workspace's secret.

    Returns
    -------
    dict of str to str
        Twelve hex digits for each, that only the holder of the salt can tell.

    Examples
    --------
    >>> seal_names(["Acme"], "salt")
    {'Acme': '4810f8c691d3'}
    """
    return short_ids(names, salt, "", 12)


def seal_records(texts: Mapping[str, str], salt: str) -> dict[str, str]:
    """What stands for records in a manifest: the same as long as a record is.

    Parameters
    ----------
    texts : mapping of str to str
        A record's text by its file, as in :class:`~workbench.study.Study`.
    salt : str
        The workspace's secret.

    Returns
    -------
    dict of str to str
        For each file what stands for its text, both in hex digits.

    Examples
    --------
    >>> one, two = (seal_records({"B-1.md": text}, "salt") for text in ("title: Lists", "title: Forms"))
    >>> one.keys() == two.keys(), one == two
    (True, False)
    """
    files = seal_names(texts, salt)
    # The file is in it too, so that nobody sees which records are alike.
    said = short_ids((f"{file}\n{text}" for file, text in texts.items()), salt, "", 16)
    return {files[file]: said[f"{file}\n{text}"] for file, text in texts.items()}
