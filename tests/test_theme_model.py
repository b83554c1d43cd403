"""How ThemeModel gets there: blocks, neighbours, dimensions and languages, the same at any size and on any machine."""

import json
import os
import pickle
import random
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from workbench.themes import ThemeModel
from workbench.themes.blocks import LATENT, MIDDLE
from workbench.themes.clusters import MAX_EXACT, Neighbours, nearest, reduce
from workbench.themes.languages import Languages, language
from workbench.themes.words import split_words

SUBJECTS = ["import lost rows list", "invoice layout logo odd", "portal login code mail", "report export slow page"]


def made_up(n, seed=0):
    """Notes on four subjects, three words of it each among others."""
    rng = random.Random(seed)
    others = "we our today again team office screen button menu number week month still always never".split()
    return [" ".join(rng.sample(rng.choice(SUBJECTS).split(), 3) + rng.sample(others, 4)) for _ in range(n)]


@pytest.fixture(scope="module")
def notes():
    return made_up(300)


def letters(texts):
    """An encoder that needs nothing: how often each letter is there."""
    return np.array([[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts], dtype=float)


class Sampled(ThemeModel):
    """One that clusters a sample, in blocks, at the size of a test."""

    MAX_CLUSTERED, BLOCK = 100, 64


class SampledAtOnce(Sampled):
    BLOCK = 8192


# Blocks


@pytest.mark.parametrize("encoder", [None, letters])
def test_blocks_find_what_one_block_finds(notes, encoder):
    blocks, at_once = Sampled(encoder=encoder).fit(notes), SampledAtOnce(encoder=encoder).fit(notes)
    assert blocks.labels_.tolist() == at_once.labels_.tolist()
    assert blocks.terms_ == at_once.terms_
    np.testing.assert_allclose(blocks.latent_, at_once.latent_, atol=1e-6)
    assert blocks.typicality_ == pytest.approx(at_once.typicality_, abs=1e-6)


def test_a_sample_finds_the_themes_of_all_texts(notes):
    about = [max(SUBJECTS, key=lambda subject: sum(word in subject.split() for word in note.split())) for note in notes]
    assert adjusted_mutual_info_score(about, Sampled(n_themes=4).fit(notes).labels_) > 0.95
    assert adjusted_mutual_info_score(about, Sampled().fit(notes).labels_) > 0.9


@pytest.mark.parametrize("encoder", [None, letters])
def test_a_sampled_fit_does_not_depend_on_the_order_of_the_texts(notes, encoder):
    mixed = [*notes, "", "?", notes[0], "Импорт теряет строки"]
    order = random.Random(1).sample(range(len(mixed)), len(mixed))
    one, other = Sampled(encoder=encoder).fit(mixed), Sampled(encoder=encoder).fit([mixed[i] for i in order])
    assert other.labels_.tolist() == one.labels_[order].tolist()
    assert other.typicality_.tolist() == one.typicality_[order].tolist()
    assert (other.terms_, other.languages_) == (one.terms_, [one.languages_[i] for i in order])


def test_a_theme_of_texts_outside_the_sample_has_terms():
    """Every theme's terms come from all its texts: one without any of the sample once failed."""
    model = Sampled(n_themes=4).fit(made_up(400, seed=3))
    assert len(model.terms_) == model.labels_.max() + 1
    assert all(model.terms_)
    sizes = np.bincount(model.labels_[model.labels_ >= 0])
    assert sizes.tolist() == sorted(sizes, reverse=True)


def test_texts_of_unknown_words_outside_the_sample_are_left_out():
    texts = [*made_up(300), *(f"zz{i:03}q" for i in range(20))]
    model = Sampled().fit(texts)
    unknown = ~model.latent_.any(axis=1)
    assert 0 < unknown.sum() <= 20
    assert (model.labels_[unknown] == -1).all()
    assert (model.typicality_[unknown] == 0).all()


def test_half_a_letter_is_no_trouble_in_any_number_of_texts(notes):
    model = Sampled().fit([*notes, "rows \ud83d lost import"])
    assert model.labels_[-1] == model.predict(["rows lost import"])[0]


@pytest.mark.parametrize("n_themes", [1, 3])
def test_texts_that_are_all_the_same_are_one_theme_however_many_were_asked_for(n_themes):
    model = Sampled(n_themes=n_themes).fit(["rows lost"] * 300)
    assert set(model.labels_) == {0}
    assert [sorted(words) for words in model.terms_] == [["lost", "rows"]]


def test_more_themes_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="n_themes=200 is too many: at most 100"):
        Sampled(n_themes=200).fit(made_up(300))
    with pytest.raises(ValueError, match="n_themes=3 needs at least 3 texts with words, got 1"):
        Sampled(n_themes=3).fit([*[""] * 300, "rows lost"])


@pytest.mark.parametrize("how", ["string[pyarrow]", "category", "arrow"])
def test_texts_may_come_as_arrow_or_categories(notes, how):
    texts = [*notes, None]
    series = pyarrow.array(texts[:-1]) if how == "arrow" else pd.Series(texts, dtype=how)
    assert Sampled().fit(series).labels_[:300].tolist() == Sampled().fit(notes).labels_.tolist()


# A sum of products that a float32 has to hold exactly


def test_no_product_of_a_text_and_a_middle_is_more_than_a_float32_holds():
    """Rounding makes a direction of d dimensions longer by half a step a dimension at most, and Cauchy and Schwarz hold."""
    longest = (LATENT + 0.5 * np.sqrt(1000)) * (MIDDLE + 0.5 * np.sqrt(1000))
    assert longest < 2**24
    rng = np.random.default_rng(0)
    for d in (1, 2, 40, 1000):
        one = rng.normal(size=(200, d))
        one /= np.linalg.norm(one, axis=1)[:, None]
        few, many = np.round(one * LATENT), np.round(one * MIDDLE)
        exact = few.astype(np.int64) @ many.astype(np.int64).T
        assert (few.astype(np.float32) @ many.astype(np.float32).T == exact).all()
        assert np.abs(exact).max() <= longest


# Steadiness


CHILD = """
import json, sys
from tests.test_theme_model import Sampled, letters, made_up
from workbench.themes import ThemeModel
found = []
for n in (90, 600):
    for model in (ThemeModel(), ThemeModel(encoder=letters), Sampled()):
        model.fit(made_up(n))
        found.append([model.labels_.tolist(), model.typicality_.tolist(), model.terms_])
json.dump(found, sys.stdout)
"""


def test_threads_hash_seed_and_time_zone_do_not_matter():
    found = set()
    for threads, seed, zone in (("1", "0", "UTC"), ("2", "123", "Asia/Tokyo")):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, threads), "PYTHONHASHSEED": seed, "TZ": zone}
        root = os.path.dirname(os.path.dirname(__file__))
        done = subprocess.run(
            [sys.executable, "-c", CHILD], capture_output=True, text=True, env=environment, cwd=root, check=True
        )
        found.add(json.dumps(json.loads(done.stdout)))
    assert len(found) == 1


def test_another_fit_between_two_changes_nothing(notes):
    first = ThemeModel().fit(notes)
    ThemeModel().fit(["Der Import verliert ständig Zeilen", *made_up(50, seed=9)])
    again = ThemeModel().fit(notes)
    assert again.labels_.tolist() == first.labels_.tolist()
    assert again.typicality_.tolist() == first.typicality_.tolist()
    assert again.terms_ == first.terms_


@pytest.mark.parametrize("model", [ThemeModel, Sampled])
@pytest.mark.parametrize("share", [0.0, 0.45, 0.65])
def test_a_fit_that_is_stopped_leaves_the_model_as_it_was(notes, model, share):
    def stop(done):
        if done >= share:
            raise KeyboardInterrupt

    stopped = model(progress=stop)
    with pytest.raises(KeyboardInterrupt):
        stopped.fit(notes)
    assert not [name for name in vars(stopped) if name.endswith("_")]
    stopped.set_params(progress=None).fit(notes[:50])
    labels = stopped.labels_.tolist()
    with pytest.raises(KeyboardInterrupt):
        stopped.set_params(progress=stop).fit(notes)
    assert stopped.labels_.tolist() == labels


@pytest.mark.parametrize("model", [ThemeModel, Sampled])
def test_progress_goes_from_0_to_1_and_never_back(notes, model):
    shares = []
    model(progress=shares.append).fit(notes)
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)


# What a fitted model tells of its texts


@pytest.mark.parametrize("model", [ThemeModel, Sampled])
@pytest.mark.parametrize("encoder", [None, letters])
def test_latent_rows_and_weighed_rows_are_those_of_the_texts_as_given(notes, model, encoder):
    texts = ["", *notes[:200], "the"]
    fitted = model(encoder=encoder).fit(texts)
    lengths = np.linalg.norm(fitted.latent_, axis=1)
    assert len(lengths) == len(texts)
    assert lengths[1:-1] == pytest.approx(1, abs=1e-5)
    assert lengths[[0, -1]].tolist() == [0, 0]
    positions = [5, 0, 199, 5, 201]
    rows = fitted.weigh(positions)
    products = (rows @ rows.T).toarray()
    assert np.diag(products) == pytest.approx([1, 0, 1, 1, 0])
    assert products[0, 3] == pytest.approx(1)
    turned = model(encoder=encoder).fit(texts[::-1])
    again = turned.weigh([len(texts) - 1 - i for i in positions])
    assert (again @ again.T).toarray() == pytest.approx(products)
    assert fitted.weigh([]).shape == (0, rows.shape[1])
    assert turned.latent_[::-1].tolist() == fitted.latent_.tolist()


def test_a_model_of_texts_without_words_weighs_them_as_nothing():
    for few in ([], ["", "?"]):
        model = ThemeModel(encoder=letters).fit(few)
        assert model.latent_.any() == False  # noqa: E712
        assert model.weigh(range(len(few))).nnz == 0


def test_a_fitted_model_can_be_pickled(notes):
    model = ThemeModel().fit(notes)
    again = pickle.loads(pickle.dumps(model))
    assert again.labels_.tolist() == model.labels_.tolist()
    assert abs(again.weigh([3, 4]) - model.weigh([3, 4])).nnz == 0


# Neighbours and dimensions


def by_hand(similar, n_neighbours):
    rows = []
    for i, row in enumerate(np.round(similar, 9)):
        ranked = sorted((j for j in range(len(row)) if j != i and row[j] > 0), key=lambda j: (-row[j], j))
        rows.append([(j, row[j]) for j in ranked[:n_neighbours]])
    return rows


@pytest.mark.parametrize("n", [1, 2, 11, 90, 700])
@pytest.mark.parametrize("digits", [0, 1, 12])
def test_the_nearest_are_the_nearest_and_equals_fall_by_position(n, digits):
    draw = np.random.RandomState(n)
    similar = np.round(draw.uniform(-0.5, 1, size=(n, n)), digits) + draw.uniform(-1e-12, 1e-12, size=(n, n))
    near = nearest(similar, 10)
    found = [
        [(j, value) for j, value in zip(*row, strict=True) if value > 0]
        for row in zip(near.positions.tolist(), near.similarities.tolist(), strict=True)
    ]
    assert found == by_hand(similar, 10)


def test_the_estimated_dimensions_are_the_exact_ones(monkeypatch):
    draw = np.random.RandomState(0)
    middles = draw.normal(size=(60, 80))
    rows = middles[draw.randint(60, size=MAX_EXACT + 200)] + 0.7 * draw.normal(size=(MAX_EXACT + 200, 80))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    similar = rows @ rows.T
    near = nearest(similar, 10)
    estimates = [reduce(similar, near, n_dimensions=20, random_state=seed).rows for seed in range(2)]
    monkeypatch.setattr("workbench.themes.clusters.MAX_EXACT", 10_000)
    exact = reduce(similar, near, n_dimensions=20, random_state=0).rows
    for estimate in estimates:
        np.testing.assert_allclose(estimate @ estimate.T, exact @ exact.T, atol=1e-3)


@pytest.mark.parametrize("n_kinds", [1, 3, 30])
def test_few_kinds_of_many_rows_have_as_many_dimensions(n_kinds):
    """The space that is drawn for the estimate has then more dimensions than there are to find."""
    kinds = np.arange(MAX_EXACT + 100) % n_kinds
    similar = (kinds[:, None] == kinds).astype(float)
    latent = reduce(similar, nearest(similar, 10), n_dimensions=40, random_state=0)
    assert latent.rows.shape[1] == n_kinds
    np.testing.assert_allclose(latent.rows @ latent.rows.T, similar, atol=1e-6)


def test_rows_alike_to_none_stay_where_they_are():
    latent = reduce(np.eye(3), Neighbours(np.zeros((3, 1), int), np.zeros((3, 1))), n_dimensions=2, random_state=0)
    assert np.isfinite(latent.rows).all()


# Languages


SENTENCES = {
    "de": ["Der Import verliert ständig Zeilen", "Die Rechnung sieht falsch aus", "Ich finde den Export nicht"],
    "fr": ["L'import perd toujours des lignes", "La facture est incorrecte ce mois"],
    "es": ["La importación siempre pierde filas", "No encuentro el botón de exportar"],
    "nl": ["De import verliert altijd rijen", "De factuur klopt niet deze maand"],
    "da": ["Importen mister altid rækker", "Jeg kan ikke finde knappen"],
    "pl": ["Import zawsze gubi wiersze", "Faktura jest niepoprawna w tym miesiącu"],
    "ru": ["Импорт всегда теряет строки", "Счёт неправильный в этом месяце"],
    "en": ["The import drops rows every time", "Invoices look wrong this month", "We cannot find the export"],
}  # fmt: skip


def detected(texts):
    split = [split_words(text) for text in texts]
    return Languages().fit(split).find(split)


@pytest.mark.parametrize("code", SENTENCES)
def test_a_language_is_known_alone_and_among_english_notes(code):
    own, english = SENTENCES[code], made_up(40)
    assert detected(own) == [code] * len(own)
    assert detected([*own, *english]) == [code] * len(own) + ["en"] * 40


def test_mixed_languages_are_told_apart():
    texts = [text for code in ("de", "fr", "ru", "en") for text in SENTENCES[code]]
    truth = [code for code in ("de", "fr", "ru", "en") for _ in SENTENCES[code]]
    assert detected(texts) == truth


def test_a_short_note_takes_the_language_of_the_longer_ones():
    assert detected(["Zeilen fehlen", *SENTENCES["de"]])[0] == "de"
    assert detected(["Zeilen fehlen", *SENTENCES["en"]])[0] == "en"


def test_names_and_jargon_are_no_language():
    odd = ["SAML SSO via Okta IdP", "Ovrelle Birrane Garrand Joinery", "qwrt zxcv 123 %%", "kubectl grpc yaml etcd", ""]
    assert detected([*odd, *made_up(60)])[1:] == ["en"] * 64
    # One odd text among hundreds makes no language of its own, however German it is.
    assert set(detected([SENTENCES["de"][0], *made_up(300)])) == {"en"}


ESTONIAN = [
    "Import kaotab iga kord read kui faili uuesti üles laen",
    "Arve ei näita õiget käibemaksu meie klientide jaoks",
    "Sisselogimine võtab igal hommikul liiga kaua aega",
    "Aruanne saadetakse valele inimesele ja keegi ei märka seda",
]


def test_notes_in_a_language_of_which_nothing_is_known_are_not_dealt_out_among_those_they_look_like():
    assert detected(ESTONIAN) == ["en"] * 4


def test_scripts_without_spaces_are_known_though_their_words_are_cut_otherwise():
    assert detected(["发票上没有显示正确的税额", "导入文件时总是丢失几行数据"]) == ["zh", "zh"]
    assert detected(["파일을 올릴 때마다 가져오기에서 행이 사라집니다"]) == ["ko"]


def test_languages_learned_from_some_texts_are_found_in_others():
    learned = Languages().fit([split_words(text) for text in (*SENTENCES["de"], *SENTENCES["en"])])
    assert set(learned.priors_) == {"de", "en"}
    assert learned.find([split_words(text) for text in ("Zeilen fehlen", "Rows are lost", "")]) == ["de", "en", "en"]
    assert learned.find([]) == []


def test_a_sampled_fit_knows_the_languages_of_all_texts():
    german = [" ".join([*text.split(), str(i)]) for i in range(40) for text in SENTENCES["de"]]
    model = Sampled().fit([*german, *made_up(200)])
    assert model.languages_ == ["de"] * len(german) + ["en"] * 200
    both = [set(model.labels_[: len(german)].tolist()), set(model.labels_[len(german) :].tolist())]
    assert both[0] & both[1] <= {-1}


def test_how_common_a_word_is_comes_in_powers_of_ten():
    english = language("en").frequency
    assert english["the"] > 7.5 > english["invoice"] > 3
    assert min(english.values()) >= 3
