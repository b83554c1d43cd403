"""What a report was made of, beside the calls that it names: so that `workbench verify` can make it again, later.

Nothing of it can be read without the workspace: what names a record, an act or a customer is an HMAC under the workspace's
salt, and no note has any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.redact import short_ids
from workbench.report.cite import Refs

if TYPE_CHECKING:
    from workbench.records import Hypothesis
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["describe_basis", "seal_drawing", "seal_names", "seal_records"]


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
        ``apart`` (calls that do not count, ``C-<hex>``), ``records`` (:func:`seal_records`), ``acts`` (those of the ledger that
        were known) and ``never`` (customers in the registry without a call), both by :func:`seal_names`, ``drafts`` (how many),
        ``drawing`` (:func:`seal_drawing`), and ``fit``: how many themes were asked for, and the seed; empty where themes are of other notes than the study's or
        were found by a sentence encoder, so that nobody else can find them again.
    """
    never = study.customers.loc[study.customers["n_calls"] == 0, "customer"]
    model, of_all = themes.model, len(themes.notes) + len(themes.uncounted) == len(study.notes)
    return {
        "apart": Refs(study).calls(~study.calls["counted"]),
        "records": seal_records(study.texts, study.salt),
        "acts": sorted(seal_names((record.id for record in themes.ledger.records), study.salt).values()),
        "never": sorted(seal_names(never, study.salt).values()),
        "drafts": sum(not hypothesis.file for hypothesis in hypotheses),
        "drawing": seal_drawing(),
        "fit": [model.n_themes, model.random_state] if model and of_all and model.encoder is None else [],
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
    files = [*sorted((folder / "templates").iterdir()), folder / "view.py", folder.parent / "charts.py"]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes() if file.is_file() else b"")
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
