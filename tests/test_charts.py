"""The matrix of who raised what: every mark inside the picture, and no picture where it could not be read."""

import itertools
import re

import pytest

from workbench.charts import NARROWEST, WIDEST, lay_out_bar, lay_out_curve, lay_out_matrix


def lay_out(n_customers, n_themes, n_segments=1, label="Customer", name="services", theme="T1 The import drops rows"):
    segments = [{"segment": name, "labels": []} for _ in range(n_segments)]
    for i in range(n_customers):
        segments[i * n_segments // n_customers]["labels"].append(f"{label} {i}")
    themes = [
        {"theme": f"T{t + 1}", "label": theme, "n": n_customers,
         "cells": [{"n_calls": c % 3, "against": c % 4 == 3} for c in range(n_customers)]}
        for t in range(n_themes)
    ]  # fmt: skip
    return lay_out_matrix(segments, themes)


SIZES = [(1, 1, 1), (2, 7, 1), (12, 7, 3), (12, 7, 12), (24, 12, 3), (31, 13, 1), (27, 40, 5)]


@pytest.mark.parametrize(("n_customers", "n_themes", "n_segments"), SIZES)
def test_every_mark_lies_inside_the_picture(n_customers, n_themes, n_segments):
    chart = lay_out(n_customers, n_themes, n_segments)
    assert chart["wide"] or chart["narrow"]
    for picture in filter(None, (chart["wide"], chart["narrow"])):
        assert len(picture["cells"]) == n_customers * n_themes
        for cell in picture["cells"]:  # the largest mark, a ring, reaches 8 px from its middle
            assert 8 <= cell["x"] <= picture["width"] - 8
            assert 8 <= cell["y"] <= picture["height"] - 8
        for text in [*picture["spans"], *picture["heads"], *picture["rows"]]:
            assert 0 <= text.get("x", 0) <= picture["width"]
            assert 0 <= text["y"] <= picture["height"]
    if chart["wide"]:
        assert chart["wide"]["width"] <= WIDEST
    if chart["narrow"]:
        assert chart["narrow"]["width"] == NARROWEST


@pytest.mark.parametrize(("n_customers", "n_themes", "n_segments"), SIZES)
def test_no_two_marks_touch(n_customers, n_themes, n_segments):
    for picture in filter(None, map(lay_out(n_customers, n_themes, n_segments).get, ("wide", "narrow"))):
        places = sorted({cell["x"] for cell in picture["cells"]}), sorted({cell["y"] for cell in picture["cells"]})
        assert len(places[0]) * len(places[1]) == len(picture["cells"])
        for along in places:
            assert all(b - a >= 16 for a, b in itertools.pairwise(along))


def test_cells_stand_at_their_own_customer_and_theme():
    chart = lay_out_matrix(
        [{"segment": "a", "labels": ["Acme", "Bolt"]}],
        [
            {
                "theme": "T1",
                "label": "T1 x",
                "n": 2,
                "cells": [{"n_calls": 2, "against": False}, {"n_calls": 1, "against": True}],
            },
            {
                "theme": "T2",
                "label": "T2 y",
                "n": 1,
                "cells": [{"n_calls": 0, "against": False}, {"n_calls": 3, "against": False}],
            },
        ],
    )
    wide, narrow = chart["wide"], chart["narrow"]
    assert [(c["n"], c["against"]) for c in wide["cells"]] == [(2, False), (1, True), (0, False), (3, False)]
    assert [c["x"] for c in wide["cells"]] == [head["x"] - 3 for head in wide["heads"]] * 2
    assert [c["y"] for c in wide["cells"][::2]] == [row["y"] for row in wide["rows"]]
    assert [c["y"] for c in narrow["cells"]] == [row["y"] for row in narrow["rows"]] * 2
    assert [c["x"] for c in narrow["cells"][::2]] == [head["x"] for head in narrow["heads"]]


def test_rows_and_columns_end_in_their_numbers():
    chart = lay_out_matrix(
        [{"segment": "a", "labels": ["Acme"]}, {"segment": "b", "labels": ["Bolt"]}],
        [
            {"theme": "T1", "label": "T1 x", "n": 2, "cells": [{"n_calls": 2, "against": False}, {"n_calls": 1, "against": True}]},
            {"theme": "T2", "label": "T2 y", "n": 1, "cells": [{"n_calls": 0, "against": False}, {"n_calls": 3, "against": False}]},
        ],
    )  # fmt: skip
    for picture, of_rows, of_columns in ((chart["wide"], [2, 1], [1, 2]), (chart["narrow"], [1, 2], [2, 1])):
        assert [row["n"] for row in picture["rows"]] == of_rows
        assert [(cell["x"], cell["n"]) for cell in picture["foot"]["cells"]] == list(
            zip(dict.fromkeys(cell["x"] for cell in picture["cells"]), of_columns, strict=True)
        )
        assert picture["rows"][-1]["y"] + picture["step"] / 2 < picture["foot"]["y"] < picture["height"] - 8
    assert chart["alt"].endswith("T1 2, T2 1 of 2 customers. Themes raised by each customer: Acme 1, Bolt 2.")


def test_too_many_to_be_read_are_left_to_the_table():
    assert lay_out(200, 7)["wide"] is None
    assert lay_out(12, 41)["wide"] is None
    assert lay_out(12, 14)["narrow"] is None
    assert (
        "T14 200 of 200 customers. Themes raised by each customer: Customer 0 0, Customer 1 14,"
        in lay_out(200, 14, 200)["alt"]
    )


def test_nothing_at_all_is_no_picture():
    chart = lay_out_matrix([], [])
    assert (chart["wide"], chart["narrow"]) == (None, None)
    assert lay_out_matrix([{"segment": "", "labels": ["Acme"]}], [])["narrow"] is None


def test_long_names_are_cut_at_a_word_and_say_so():
    chart = lay_out(3, 2, label="Brotherhood of Very Long Names and Sons", name="a segment with a long name",
                    theme="T1 The import drops rows and no one can say which of them it was")  # fmt: skip
    for picture, names, most in (
        (chart["wide"], "heads", 16),
        (chart["wide"], "rows", 48),
        (chart["narrow"], "rows", 17),
    ):
        for text in picture[names]:
            assert len(text["text"]) <= most + 1
            assert text["text"].endswith("…")
            assert " …" not in text["text"]
    assert chart["wide"]["rows"][0]["text"] == "T1 The import drops rows and no one can say…"
    assert lay_out(1, 1, label="x" * 80)["wide"]["heads"][0]["text"] == "x" * 15 + "…"


def test_a_name_that_just_fits_is_whole():
    chart = lay_out_matrix([{"segment": "", "labels": ["x" * 16]}], [])
    assert chart["wide"]["heads"][0]["text"] == "x" * 16


def test_lasting_ids_lean_so_that_none_lies_on_its_neighbour():
    segments = [{"segment": "", "labels": ["Acme"]}]
    themes = [{"theme": id, "label": id, "n": 1, "cells": [{"n_calls": 1, "against": False}]} for id in ("T-3fa9", "T-81c0e2", "T3")]  # fmt: skip
    short, long = (lay_out_matrix(segments, some)["narrow"] for some in (themes[2:], themes))
    assert (short["angle"], long["angle"]) == (0, -58)
    assert [head["text"] for head in long["heads"]] == ["T-3fa9", "T-81c0e2", "T3"]
    # Of a head some 7 px a letter rise above where it begins; below it is the first row.
    assert all(head["y"] >= 7 * 8 * 0.8 - 4 and head["y"] < long["rows"][0]["y"] - 8 for head in long["heads"])
    assert all(cell["x"] + 8 <= NARROWEST for cell in long["cells"])
    assert lay_out_matrix(segments, themes * 6)["narrow"] is None


def test_one_customer_is_one():
    assert (
        lay_out(1, 1)["alt"] == "Themes by customer: T1 1 of 1 customer. Themes raised by each customer: Customer 0 0."
    )


# ---------------------------------------------------------------- bars and the curve


@pytest.mark.parametrize(("n", "of", "most"), [(0, 3, 4), (2, 4, 4), (4, 4, 4), (0, 0, 0), (7, 7, 30)])
def test_a_bar_stands_in_its_track_on_one_scale(n, of, most):
    bar = lay_out_bar(n, of, most, height=30)
    assert bar["y"] + bar["height"] == pytest.approx(30) and bar["track_y"] + bar["track"] == pytest.approx(30)
    assert 0 <= bar["track_y"] <= bar["y"] <= 30
    assert bar["height"] == pytest.approx(30 * n / max(most, 1), abs=0.06)


def curve(n, days=True):
    heard = [min(i + 1, 9) for i in range(n)]
    points = [{"heard": h, "new": int(i < 9), "low": h / 2, "high": h + 1, "day": f"{i // 3 + 1} Nov" if days else ""} for i, h in enumerate(heard)]  # fmt: skip
    return lay_out_curve(points, base=4, unit="topics")


@pytest.mark.parametrize("n", [2, 3, 16, 60, 160, 700])
@pytest.mark.parametrize("days", [True, False])
def test_the_curve_and_all_that_is_on_it_lie_inside_the_picture(n, days):
    chart = curve(n, days)
    for picture in (chart["wide"], chart["narrow"]):
        for path in (picture["line"], picture["band"]):
            places = [tuple(map(float, at.strip("MLZ ").split())) for at in re.findall(r"[\d.]+ [\d.]+", path)]
            assert len(places) == n * (2 if path == picture["band"] else 1)
            assert all(
                picture["left"] <= x <= picture["right"] and picture["top"] < y <= picture["bottom"] for x, y in places
            )
        for one in [*picture["dots"], *picture["numbers"], *picture["days"]]:
            assert picture["left"] <= one["x"] <= picture["right"]
        assert picture["bottom"] + 62 < picture["height"]
        assert {"wide": WIDEST, "narrow": NARROWEST}["narrow" if picture is chart["narrow"] else "wide"] >= picture[
            "width"
        ]


@pytest.mark.parametrize("n", [2, 16, 60, 160, 700])
def test_no_number_below_the_curve_touches_the_next(n):
    for picture in (curve(n)["wide"], curve(n)["narrow"]):
        numbers = [one["x"] for one in picture["numbers"]]
        assert all(b - a >= 20 for a, b in itertools.pairwise(numbers))
        assert picture["numbers"][-1]["text"] == str(n)
        assert all(b["x"] - a["x"] >= 40 for a, b in itertools.pairwise(picture["days"]))


def test_the_curve_in_words():
    assert curve(16)["alt"] == (
        "Topics heard after each of 16 calls: 1 after call 1, 4 after call 4, 9 after call 16. Nothing new after call 9."
    )
    assert curve(3)["alt"].endswith("3 after call 3.")
    assert lay_out_curve([], base=4, unit="topics")["wide"] is None
