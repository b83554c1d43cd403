"""Confidence against results: which one counts, what it costs, and nothing said where too little is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from workbench.hypotheses.calibration import BIN_COLUMNS, COIN, ENOUGH, FORECAST_COLUMNS, score_confidence
from workbench.records import STATUSES, Confidence, Hypothesis


def closed(i, status, percent, **fields):
    log = (Confidence("2026-11-17", percent),)
    return Hypothesis(f"H-{i:06x}", status, **{"confidence": log, **fields})


def many(pairs):
    return [closed(i, "supported" if came else "refuted", percent) for i, (percent, came) in enumerate(pairs)]


LOG = (
    Confidence("2026-11-02", 60),
    Confidence("2026-11-09", 90),
    Confidence("2026-11-09", 95),
    Confidence("2026-12-20", 20),
)


@pytest.mark.parametrize(
    ("fields", "percent"),
    [
        ({}, 20),
        ({"started": "2026-11-10"}, 95),
        ({"started": "2026-11-09"}, 95),
        ({"started": "2026-11-08"}, 60),
        ({"closed": "2026-12-20"}, 95),
        ({"closed": "2026-12-21"}, 20),
        ({"started": "2026-11-08", "closed": "2026-12-21"}, 60),
    ],
)
def test_the_last_word_before_the_test_told_anything_counts(fields, percent):
    scored = score_confidence([closed(1, "supported", 0, confidence=LOG, **fields)])
    assert scored.forecasts["confidence"].tolist() == [percent]
    assert scored.mean == pytest.approx((percent / 100 - 1) ** 2)


def test_what_was_logged_afterwards_is_no_forecast_and_is_said():
    late = closed(1, "refuted", 5, started="2026-11-16")
    never = closed(2, "supported", 0, confidence=(), closed="2026-12-01")
    scored = score_confidence([never, late])
    assert scored.left_out == (
        "H-000001 is refuted, and no confidence was logged before its start, 2026-11-16.",
        "H-000002 is supported, and no confidence was logged before its close, 2026-12-01.",
    )
    assert (scored.mean, scored.base_rate, scored.always_base_rate, scored.parts) == (None, None, None, None)
    assert "Nothing to score yet" in str(scored)
    assert list(scored.forecasts) == list(FORECAST_COLUMNS)


@pytest.mark.parametrize("status", [one for one in STATUSES if one not in ("supported", "refuted")])
def test_what_has_no_result_is_not_scored(status):
    scored = score_confidence([closed(1, status, 70)])
    assert scored.forecasts.empty
    assert scored.left_out == ()


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=30))
def test_the_mean_is_the_brier_score_as_scikit_learn_has_it(pairs):
    scored = score_confidence(many(pairs))
    said, came = [percent / 100 for percent, _ in pairs], [came for _, came in pairs]
    assert scored.mean == pytest.approx(brier_score_loss(came, said, pos_label=True))
    assert scored.always_base_rate == pytest.approx(
        brier_score_loss(came, [sum(came) / len(came)] * len(came), pos_label=True)
    )


@given(st.lists(st.tuples(st.sampled_from([0, 30, 50, 70, 71, 100]), st.booleans()), min_size=ENOUGH, max_size=30))
def test_the_parts_add_up_to_the_mean_and_the_bins_hold_everything(pairs):
    scored = score_confidence(many(pairs))
    reliability, resolution, uncertainty = scored.parts
    assert reliability - resolution + uncertainty == pytest.approx(scored.mean)
    assert scored.bins["n"].sum() == len(pairs)
    assert min(scored.parts) >= 0
    assert ((scored.bins["confidence"] <= scored.bins["to"]) & (scored.bins["confidence"] >= scored.bins["from"])).all()


@given(st.permutations(many([(10 * i, i % 3 == 0) for i in range(11)])))
def test_the_order_of_records_makes_no_difference(hypotheses):
    scored, again = score_confidence(hypotheses), score_confidence(sorted(hypotheses, key=lambda h: h.id))
    assert str(scored) == str(again)
    assert scored.forecasts.equals(again.forecasts)
    assert scored.bins.equals(again.bins)


def test_too_few_are_told_to_be_few_and_have_no_table():
    scored = score_confidence(many([(80, True)] * (ENOUGH - 1)))
    assert scored.bins.empty
    assert list(scored.bins) == list(BIN_COLUMNS)
    assert scored.parts is None
    assert str(scored).endswith("9 say little: look again from 10 on.")


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(90, True)] * 7 + [(10, False)] * 3, ("0.01", "better than a coin", "better than always saying 70 %", "too unsure")),
        ([(90, False)] * 5 + [(90, True)] * 5, ("0.41", "no better than a coin", "no better than always saying 50 %", "40 points too sure")),
        ([(50, True), (50, False)] * 5, ("0.25", "no better than a coin", "as sure as right")),
        ([(90, True)] * 9 + [(90, False)], ("0.09", "better than a coin", "no better than always saying 90 %", "as sure as right")),
    ],
)  # fmt: skip
def test_it_is_set_beside_a_coin_and_the_base_rate(pairs, words):
    scored = score_confidence(many(pairs))
    assert all(word in str(scored) for word in words), str(scored)


def test_a_coin_scores_what_is_said_of_it():
    assert score_confidence(many([(50, True), (50, False), (50, True)])).mean == COIN
