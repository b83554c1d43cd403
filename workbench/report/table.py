"""The evidence as a table for a spreadsheet: one row a note, after consent, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench import __version__
from workbench.evidence import count_firm
from workbench.redact import Leaks, Redactor, share
from workbench.report.claims import describe_customers, make_payload
from workbench.report.guard import refuse_file_name, refuse_names, refuse_withheld
from workbench.save import fingerprint, save_bytes

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = ["EVIDENCE_COLUMNS", "evidence_rows", "export_table", "format_csv", "format_xlsx", "save_table"]

# Each column with what it says; how wide it is in a spreadsheet.
EVIDENCE_COLUMNS = {
    "theme": ("the theme’s id, empty where a note is in none", 10),
    "name": ("what the theme is called: its name, else the words of one of its notes", 40),
    "customers": ("different customers behind the theme", 11),
    "of": ("customers in all", 6),
    "ref": ("the note’s call and line; `workbench search` shows it in the workspace", 15),
    "customer": ("a code that stays the same, or a name where that was agreed to", 18),
    "segment": ("the customer’s segment", 14),
    "role": ("what the person does", 20),
    "week": ("the call’s week", 10),
    "kind": ("observation, quote, pain, workaround, wish or commitment", 13),
    "text": ("the words, empty where the customer has not agreed to be quoted", 80),
    "against": ("yes where the note may say the opposite of its theme", 9),
}
_WIDE = {"customers", "of"}  # numbers
# What makes a spreadsheet take a cell for a formula; full-width signs do so in some, after spaces in others.
_RUNS = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠|%]")  # noqa: RUF001
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# As many letters as a cell takes.
_MOST = 32767
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def evidence_rows(study: Study, themes: Themes) -> pd.DataFrame:
    """Every note behind the themes as others may see it.

    Parameters
    ----------
    study : Study
        From :func:`workbench.read_study`.
    themes : Themes
        From :func:`workbench.find_themes`.

    Returns
    -------
    pandas.DataFrame
        One row a note, the first theme first and in it the most typical note; columns as in `EVIDENCE_COLUMNS`, all of
        them str but ``customers`` and ``of`` (Int64, missing where a note is in no theme).

    Raises
    ------
    InputError
        When the name of a theme holds words of a customer who has not agreed to be quoted, or a listed name would leave.
    """
    themes = count_firm(themes)  # as the report counts
    payload = make_payload("quotes", study, themes, [])
    refuse_withheld(Leaks([payload]), payload, 0)
    weeks = {
        payload["notes"][row.note]["ref"]: "" if pd.isna(row.date) else "{}-W{:02d}".format(*row.date.isocalendar()[:2])
        for row in themes.notes.itertuples(index=False)
        if row.note in payload["notes"]
    }
    shared = share(payload)
    refuse_names(Redactor(payload["customers"]), payload, shared, 0)
    data = shared["data"]
    groups = [
        *((group, group["notes"], set(group["against"]["notes"])) for group in data["groups"]),
        *(({"tid": "", "title": what, "claims": []}, data[key]["notes"], set()) for key, what in (("left_out", "not yet a theme"), ("aside", "set aside"))),
    ]  # fmt: skip
    rows = []
    for group, refs, against in groups:
        name = group["title"] or next((claim["statement"] for claim in group["claims"]), "")
        for ref in refs:
            note = shared["notes"][ref]
            customer = shared["customers"][note["customer"]]
            rows.append(
                {
                    "theme": group["tid"],
                    "name": name,
                    "customers": group.get("n"),
                    "of": group.get("of"),
                    "ref": ref,
                    "customer": customer["label"],
                    "segment": customer["segment"],
                    "role": note["role"],
                    "week": weeks[ref],
                    "kind": str(note["kind"]),
                    "text": note["text"] or "",
                    "against": "yes" if ref in against else "",
                }
            )
    table = pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))
    return table.astype({name: "Int64" if name in _WIDE else "str" for name in EVIDENCE_COLUMNS})


def export_table(table: pd.DataFrame, target: Path, study: Study) -> None:
    """Write a table as CSV or as a workbook, by how the file's name ends.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`evidence_rows`.
    target : pathlib.Path
        ``.csv`` or ``.xlsx``.
    study : Study
        What it is the evidence of.

    Raises
    ------
    InputError
        When the file's own name gives a customer away.
    SaveError
        When the file cannot be written.
    """
    refuse_file_name(Redactor(describe_customers(study)), target.name)
    days = study.calls.loc[study.calls["counted"], "date"].dropna()
    day = f"{days.max():%Y-%m-%d}" if len(days) else ""
    assumed = study.customers.loc[
        (study.customers["n_calls"] > 0) & (study.customers["consent_stated"] == ""), "consent"
    ]
    about = (
        f"What customers said, up to {day or 'a day that no call states'}. Words stand here where a customer agreed to be quoted"
        + (f"; where no consent is stated, “{assumed.iloc[0]}” is assumed" if len(assumed) else "")
        + ". Listed names, e-mail and web addresses, telephone and account numbers are replaced. A name that nobody listed "
        f"cannot be. Discovery Workbench {__version__}."
    )
    save_table(table, target, EVIDENCE_COLUMNS, sheet="Evidence", about=about, day=day)


def save_table(
    table: pd.DataFrame, target: Path, columns: Mapping[str, tuple[str, int]], *, sheet: str, about: str, day: str
) -> None:
    """Write a table that may leave as CSV or as a workbook, by how the file's name ends.

    Parameters
    ----------
    table : pandas.DataFrame
        Of str and Int64.
    target : pathlib.Path
        ``.csv``, else it is a workbook.
    columns : mapping of str to (str, int)
        What each column says, and how wide it is in a spreadsheet.
    sheet, about, day : str
        As for :func:`format_xlsx`.

    Raises
    ------
    SaveError
        When the file cannot be written.
    """
    csv_wanted = target.suffix.lower() == ".csv"
    data = format_csv(table) if csv_wanted else format_xlsx(table, about, day, columns=columns, sheet=sheet)
    save_bytes(target.absolute(), data, expected=fingerprint(target.read_bytes()) if target.exists() else None)


def format_csv(table: pd.DataFrame) -> bytes:
    r"""A table as CSV that Excel opens as it is meant.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`evidence_rows`.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, lines that end in CR LF. An apostrophe stands before what a spreadsheet would run.

    Examples
    --------
    >>> format_csv(pd.DataFrame({"text": ["=1+1"], "n": [3]})).decode("utf-8-sig")
    "text,n\r\n'=1+1,3\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow([_plain_cell(cell) if isinstance(cell, str) else "" if pd.isna(cell) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def format_xlsx(
    table: pd.DataFrame,
    about: str = "",
    day: str = "",
    *,
    columns: Mapping[str, tuple[str, int]] = EVIDENCE_COLUMNS,
    sheet: str = "Evidence",
) -> bytes:
    """A table as a workbook whose cells are all text or numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`evidence_rows`.
    about : str
        What stands above the meaning of the columns on the second sheet.
    day : str
        The day that the workbook shall say it was made on, as ``2026-11-17``.
    columns : mapping of str to (str, int)
        What each column says, and how wide it is.
    sheet : str
        What the first sheet is called.

    Returns
    -------
    bytes
        The same for the same table.
    """
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    page.title = sheet
    page.freeze_panes = "A2"
    page.append([str(name) for name in table.columns])
    for i, name in enumerate(table.columns, 1):
        page.cell(1, i).font = Font(bold=True)
        page.column_dimensions[get_column_letter(i)].width = columns.get(name, ("", 14))[1]
    wrapped = Alignment(wrap_text=True, vertical="top")
    for i, row in enumerate(table.itertuples(index=False), 2):
        for j, value in enumerate(row, 1):
            if pd.isna(value) or value == "":
                continue
            cell = page.cell(i, j)
            if isinstance(value, str):
                _write_text(cell, value)
                cell.alignment = wrapped
            else:
                cell.value = int(value)
    if len(table):
        page.auto_filter.ref = page.dimensions
    notes = book.create_sheet("About")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 14, 100
    for i, (name, what) in enumerate([("", about), *((name, what) for name, (what, _) in columns.items())], 1):
        for j, text in ((1, name), (2, what)):
            if text:
                _write_text(notes.cell(i, j), text)
    made = datetime.fromisoformat(day) if day else datetime(1980, 1, 1)
    book.properties.creator, book.properties.created = "Discovery Workbench", made
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue(), f"{made:%Y-%m-%dT%H:%M:%SZ}")


def _plain_cell(text: str) -> str:
    text = _UNWRITABLE.sub("", text)
    return f"'{text}" if _RUNS.match(text) else text


def _write_text(cell: object, text: str) -> None:
    """Text as text: by itself openpyxl takes a beginning "=" for a formula and "#N/A" for an error."""
    text = _UNWRITABLE.sub("", text)
    cell.value = text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"  # type: ignore[attr-defined]
    cell.data_type = "s"  # type: ignore[attr-defined]
    # Whoever edits the cell gets text again.
    cell.quotePrefix = bool(_RUNS.match(text))  # type: ignore[attr-defined]


def _without_clock(workbook: bytes, made: str) -> bytes:
    """The same files in the archive, without when they were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + made.encode(), data)
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, data)
    return out.getvalue()
