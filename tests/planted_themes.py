"""Themes as a test says they are: who raised which in which call, without any clustering."""

import pandas as pd

from workbench.themes.find import SUMMARY_COLUMNS, Themes


def plant(rows, takes=()):
    """Themes of rows (call, customer, segment, day, theme); theme "" is in none, day None is undated.

    Ranked as the summary ranks: by customers, then notes, then name.
    """
    frame = pd.DataFrame(rows, columns=["call", "customer", "segment", "date", "theme"])
    frame["note"] = [f"{call}#{i:08x}" for i, call in enumerate(frame["call"])]
    frame = frame.assign(
        kind="observation", text=frame["theme"], consent="quote", reason="", typicality=1.0, language="en"
    )
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    total = len(set(frame["customer"]) | {customer for _, customer, *_ in takes})
    summary = [
        {
            "theme": theme, "name": "", "claim": theme, "terms": (), "n_notes": len(of),
            "n_customers": of["customer"].nunique(), "n_customers_total": total, "first": of["date"].min(),
            "segments": {s or "no segment": n for s, n in of.groupby("segment")["customer"].nunique().items()},
            "last": of["date"].max(), "notes": tuple(of["note"]),
        }
        for theme, of in frame[frame["theme"] != ""].groupby("theme")
    ]  # fmt: skip
    summary.sort(key=lambda row: (-row["n_customers"], -row["n_notes"], row["theme"]))
    uncounted = pd.DataFrame(takes, columns=["call", "customer", "segment", "date"])
    uncounted = uncounted.assign(note=[f"take#{i}" for i in range(len(takes))], kind="take", text="", consent="quote")
    uncounted["date"] = pd.to_datetime(uncounted["date"]).astype("datetime64[s]")
    return Themes(pd.DataFrame(summary, columns=list(SUMMARY_COLUMNS)), frame, uncounted)
