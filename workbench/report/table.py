"""The evidence as a table for a spreadsheet: one row a note, after consent, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench import __version__
from workbench.errors import InputError
from workbench.evidence import count_firm, find_against
from workbench.records.typed import week_of
from workbench.redact import Redactor
from workbench.report.claims import describe_customers
from workbench.report.guard import refuse_file_name
from workbench.report.seen_by import Shared
from workbench.report.target import look_at_target
from workbench.save import save_bytes, save_written

if TYPE_CHECKING:
    from workbench.study import Study
    from workbench.themes import Themes

__all__ = [
    "EVIDENCE_COLUMNS",
    "csv_in_pieces",
    "evidence_rows",
    "export_table",
    "format_csv",
    "format_xlsx",
    "save_table",
]

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
# A sheet's rows, but for the header.
MOST_ROWS = 1_048_575
# So many rows are written at once.
PIECE = 10_000
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
    view = Shared(study, themes, [])
    aside = themes.left_out["reason"] == "set aside"
    groups = [
        *((view.groups[row.theme], view.claim(row.theme, ""), row.notes, set(find_against(themes, row.theme))) for row in themes.summary.itertuples()),
        *(({"tid": "", "title": what}, "", themes.left_out.loc[of, "note"], set()) for what, of in (("not yet a theme", ~aside), ("set aside", aside))),
    ]  # fmt: skip
    lengths = [len(ids) for _, _, ids, _ in groups]

    def each(values: Iterable[Any]) -> list[Any]:
        """What a group says, once for each of its notes."""
        return [value for value, n in zip(values, lengths, strict=True) for _ in range(n)]

    ids = [note for _, _, of, _ in groups for note in of]
    notes = themes.notes.iloc[pd.Index(themes.notes["note"]).get_indexer(ids)]
    segments = dict(zip(study.customers["customer"], study.customers["segment"], strict=True))
    weeks_of = {day: week_of(day) for day in notes["date"].dropna().drop_duplicates()}
    places = zip(notes["customer"], notes["text"], notes["file"], notes["line"], strict=True)
    table = pd.DataFrame(
        {
            "theme": each(group["tid"] for group, *_ in groups),
            "name": each(group["title"] or claim for group, claim, *_ in groups),
            "customers": each(group.get("n") for group, *_ in groups),
            "of": each(group.get("of") for group, *_ in groups),
            "ref": [view.note(*row) for row in zip(ids, notes["call"], notes["line"], strict=True)],
            "customer": [view.customer(name) for name in notes["customer"]],
            "segment": [view.words(segments[name]) for name in notes["customer"]],
            "role": [view.who(who) for who in notes["who"]],
            "week": ["" if pd.isna(day) else weeks_of[day] for day in notes["date"]],
            "kind": notes["kind"].astype(str).tolist(),
            "text": [view.quote(*row) for row in places],
            "against": ["yes" if note in against else "" for _, _, of, against in groups for note in of],
        },
        columns=list(EVIDENCE_COLUMNS),
    )
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
    loaded = look_at_target(target)
    if target.suffix.lower() == ".csv":
        save_written(target.absolute(), lambda file: file.writelines(csv_in_pieces(table)), expected=loaded)
        return
    if len(table) > MOST_ROWS:
        raise InputError(
            f"{target}: {len(table):,} rows, and a sheet of a workbook holds {MOST_ROWS:,}; write them as CSV, such as "
            f"{target.with_suffix('.csv')}"
        )
    data = format_xlsx(table, about, day, columns=columns, sheet=sheet)
    save_bytes(target.absolute(), data, expected=loaded)


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
    return b"".join(csv_in_pieces(table))


def csv_in_pieces(table: pd.DataFrame) -> Iterator[bytes]:
    r"""The same, some thousand rows after the other.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`evidence_rows`.

    Yields
    ------
    bytes
        One behind the other they are what :func:`format_csv` gives.

    Examples
    --------
    >>> list(csv_in_pieces(pd.DataFrame({"n": [3]})))
    [b'\xef\xbb\xbfn\r\n', b'3\r\n']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    yield out.getvalue().encode("utf-8-sig")
    for start in range(0, len(table), PIECE):
        out.seek(0)
        out.truncate()
        for row in table.iloc[start : start + PIECE].itertuples(index=False):
            writer.writerow(
                [_plain_cell(cell) if isinstance(cell, str) else "" if pd.isna(cell) else cell for cell in row]
            )
        yield out.getvalue().encode()


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
