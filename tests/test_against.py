"""What may say the opposite: the planted contradictions rank first, each with its words; what agrees, or is far off, does not."""

import csv
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.evidence import rank_against
from workbench.evidence.stance import find_denied, find_signs, find_words
from workbench.themes import find_themes

ROWS = [
    ("a", "Acme", "The import drops rows of the list"),
    ("b", "Bolt", "The import lost rows, a list of 900"),
    ("c", "Core", "Half of the list is lost in the import, rows and all"),
]


def topics(study):
    """The notes of each topic of the sample, as its author put them; and those judged to say the opposite."""
    with open(ROOT / "benchmarks" / "sample_labels.csv", encoding="utf-8") as file:
        topic_of = {(row["call_file"].rsplit("/")[-1], int(row["line"])): row["theme"] for row in csv.DictReader(file)}
    notes = study.notes
    of = {}
    for note, file, line in zip(notes["note"], notes["file"].astype(str), notes["line"], strict=True):
        of.setdefault(topic_of[file.rsplit("/")[-1], line], []).append(note)
    with open(ROOT / "benchmarks" / "against_labels.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["study"] == "sample" and row["note"]]
    return of, {
        topic: {row["note"] for row in rows if row["topic"] == topic} for topic in {row["topic"] for row in rows}
    }


def test_the_planted_contradictions_of_the_sample_rank_in_the_top_three(sample_themes):
    of, opposite = topics(sample_themes)
    assert {topic: len(notes) for topic, notes in opposite.items()} == {
        "list-cleaning": 2,
        "see-as-client": 1,
        "old-layout": 1,
    }
    for topic, notes in opposite.items():
        # As the evidence of a hypothesis that was written on the topic.
        first = rank_against(sample_themes, SimpleNamespace(evidence=of[topic]))[:3]
        assert notes <= {candidate.note for candidate in first}, topic
        assert all(candidate.signs for candidate in first)


def test_they_do_for_the_themes_as_found(sample_themes):
    """The strongest theme is of lists, the second of first invoices; the third is of the import."""
    said = {
        "T1": "Import was easy: 44 clients",
        "T2": "No, we didn't send it to ourselves",
        "T3": "Our client list was no trouble",
    }
    for theme, words in said.items():
        texts = [candidate.text for candidate in rank_against(sample_themes, theme)[:3]]
        assert any(text.startswith(words) for text in texts), theme


def test_a_candidate_names_the_words_that_made_it_one_where_they_stand(sample_themes):
    n = 0
    for theme in sample_themes.summary["theme"]:
        candidates = rank_against(sample_themes, theme, n=None)
        assert [candidate.score for candidate in candidates] == sorted(
            (candidate.score for candidate in candidates), reverse=True
        )
        assert len({candidate.note for candidate in candidates}) == len(candidates)
        for candidate in candidates:
            n += 1
            assert candidate.signs
            for sign in candidate.signs:
                assert candidate.text[slice(*sign.span)] == sign.words != ""
    assert n > 10


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("The import of our list was easy", "well/works", "was easy"),
        ("List import without any problem, all rows", "well/ease", "without any problem"),
        ("Import of the list was done by noon", "well/done", "done by noon"),
        ("The import never lost rows of the list", "well/failed", "never lost"),
        ("Likes the import, it took all rows of the list", "well/likes", "Likes"),
        ("Rows or lists, the import does not matter to her", "well/no matter", "does not matter"),
    ],
)
def test_a_note_that_says_it_went_well_may_say_the_opposite(frame, text, rule, words):
    found = rank_against(find_themes(frame([*ROWS, ("d", "Dune", text)]), n_themes=1), "T1")
    assert [candidate.note for candidate in found] == ["d#00000003"]
    assert (rule, words) in [(sign.rule, sign.words) for sign in found[0].signs]


@pytest.mark.parametrize(
    "text",
    [
        "The import was never easy, rows of the list were lost",
        "It would be great if the import took all rows of the list",
        "The import drops rows of the list again",
        "Weather was lovely and the office dog is easy to please",
    ],
)
def test_what_says_the_same_or_wishes_or_is_of_something_else_does_not(frame, text):
    rows = [*ROWS, ("d", "Dune", text)]
    themes = find_themes(frame(rows), n_themes=1)
    evidence = [
        note
        for note, customer in zip(themes.notes["note"], themes.notes["customer"], strict=True)
        if customer != "Dune"
    ]
    assert [c.note for c in rank_against(themes, evidence) if not c.signs[0].rule.startswith("quiet")] == []


def test_where_most_notes_praise_a_complaint_is_the_opposite(frame):
    rows = [
        ("a", "Acme", "She loves the charts, easy to read"),
        ("b", "Bolt", "The charts are great and helpful"),
        ("c", "Core", "Likes the charts very much"),
        ("d", "Dune", "The charts are confusing, she could not read them"),
    ]
    found = rank_against(find_themes(frame(rows), n_themes=1), "T1")
    assert [candidate.note for candidate in found] == ["d#00000003"]
    assert found[0].signs[0].rule == "badly/trouble"


def test_who_denies_what_others_do_may_say_the_opposite_though_it_tells_of_no_trouble(frame):
    rows = [
        ("a", "Acme", "Sends the invoice to herself first"),
        ("b", "Bolt", "He sends an invoice to his own address, then to the client"),
        ("c", "Core", "First the invoice is sent to her sister"),
        ("d", "Dune", "They never send the invoice to themselves"),
    ]
    found = rank_against(find_themes(frame(rows), n_themes=1), "T1")
    assert found[0].note == "d#00000003"
    assert [sign.rule for sign in found[0].signs if sign.rule.startswith("denies")]


def test_a_denial_that_is_the_matter_itself_is_none(frame):
    """Where all say that there is no signal, one more who says so agrees."""
    rows = [
        ("a", "Acme", "No signal in the shaft, the app hangs"),
        ("b", "Bolt", "There is no signal in the cellar, the app stops"),
        ("c", "Core", "Without a signal the app hangs"),
        ("d", "Dune", "No signal down there either, and the app hangs"),
    ]
    assert rank_against(find_themes(frame(rows), n_themes=1), "T1") == []


def test_a_note_that_only_speaks_of_it_comes_after_those_that_say_so(frame):
    rows = [
        *ROWS,
        ("d", "Dune", "Import of the list was easy, all rows"),
        ("e", "Elm", "Rows of her list come from the import"),
    ]
    notes = frame(rows)
    notes.loc[:2, "kind"] = "pain"
    found = rank_against(find_themes(notes, n_themes=1), "T1")
    assert [candidate.customer for candidate in found] == ["Dune", "Elm"]
    assert [sign.rule for sign in found[1].signs] == ["quiet/about"]


def test_what_a_pm_marked_as_trouble_or_a_promise_is_hardly_ever_the_opposite(frame):
    for kind, n in (("observation", 1), ("pain", 1), ("commitment", 0)):
        notes = frame([*ROWS, ("d", "Dune", "Import of the list was easy, all rows")])
        notes.loc[3, "kind"] = kind
        found = rank_against(find_themes(notes, n_themes=1), "T1")
        assert len(found) == n
        assert kind != "pain" or found[0].score < 0.4


def test_only_so_many_are_given_and_a_theme_that_is_not_there_is_named(sample_themes):
    assert len(rank_against(sample_themes, "T3", n=1)) == 1
    assert rank_against(sample_themes, []) == rank_against(sample_themes, ["gone#1"]) == []
    with pytest.raises(InputError, match="no theme 'T99'"):
        rank_against(sample_themes, "T99")


def test_the_order_of_the_rows_does_not_matter(sample_notes):
    there, back = find_themes(sample_notes), find_themes(sample_notes[::-1])
    for theme in there.summary["theme"]:
        assert rank_against(there, theme, n=None) == rank_against(back, theme, n=None)


def test_of_notes_in_other_languages_than_english_nothing_is_said():
    """The rules know English; a German "also" or "fine" is no ease."""
    texts = ["Der Import verliert Zeilen aus unserer Kundenliste", "Beim Import sind die Zeilen der Kundenliste weg gewesen",
             "Die Zeilen der Kundenliste fehlten nach dem Import", "Der Import der Kundenliste war in Ordnung, also fine"]  # fmt: skip
    notes = pd.DataFrame({"note": [f"{c}#1" for c in "abcd"], "call": list("abcd"), "customer": list("ABCD"), "segment": "s",
                          "date": pd.Timestamp("2026-11-17"), "kind": "quote", "text": texts, "consent": "quote"})  # fmt: skip
    themes = find_themes(notes, n_themes=1)
    assert set(themes.notes["language"]) == {"de"}
    assert rank_against(themes, "T1") == []


# Words


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("", []),
        ("Import was easy", [("well/works", "was easy")]),
        ("Import was not that easy", [("badly/easy", "not that easy")]),
        ("No, and nobody complained", [("well/ease", "No, "), ("well/trouble", "nobody complained")]),
        ("She couldn’t find it", [("badly/not able", "couldn’t find")]),
        ("It would be easy", []),
        ("Not easy. Works well", [("badly/easy", "Not easy"), ("well/ease", "Works well")]),
        (
            "Refused, waited three weeks",
            [("badly/failed", "Refused"), ("badly/waits", "waited"), ("badly/takes long", "three weeks")],
        ),
    ],
)
def test_words_of_how_it_went_are_verbatim_and_turned_by_a_denial(text, signs):
    assert [(sign.rule, sign.words) for sign in find_signs(text)] == signs


def test_a_word_that_stands_both_ways_is_not_denied_and_other_languages_deny_nothing():
    assert find_denied("No paper here, but paper there")["paper"] is None
    assert find_denied("Kein Papier, no Papier", "de")["papi"] is None


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_its_signs_lie_in_it(text):
    spans = [sign.span for sign in find_signs(text)]
    assert spans == sorted(spans)
    for sign in [*find_signs(text), *filter(None, find_denied(text).values())]:
        assert text[slice(*sign.span)] == sign.words
    for start, end in find_words(text).values():
        assert 0 <= start < end <= len(text)


def test_what_the_pm_has_judged_counts_before_what_words_suggest(tmp_path):
    """A note under ``against`` of a hypothesis speaks against its theme, one under ``not_against`` does not."""
    import workbench as wb
    from workbench.report.claims import make_payload
    from workbench.study import read_study
    from workbench.themes import find_themes

    (tmp_path / "interviews").mkdir()
    said = {
        "Harbor": ["Swaps on paper never reach the app", "Swaps stay on paper by the door"],
        "Linden": ["Swaps on paper never get into the app", "Paper swaps are typed in late"],
        "Elm": ["Everybody swaps shifts in the app, paper swaps are gone", "Swaps on paper were no trouble this month"],
    }
    for name, notes in said.items():
        head = f"---\ncustomer: {name}\ndate: 2026-11-17\nconsent: quote\n---\n"
        (tmp_path / "interviews" / f"2026-11-17-{name}.md").write_text(head + "".join(f"- {note}\n" for note in notes))
    study = read_study(tmp_path)
    themes = find_themes(study.notes, n_themes=1)
    ids = dict(zip(study.notes["text"], study.notes["note"], strict=True))
    evidence = [ids[note] for name in ("Harbor", "Linden") for note in said[name]]

    def payload(section, **judged):
        wb.create_record(tmp_path, "hypothesis", change="show swaps", evidence=evidence, **judged)
        hypotheses = wb.read_records(tmp_path).hypotheses
        return make_payload(section, study, themes, hypotheses)["data"]["themes"][0]

    before = make_payload("themes", study, themes, [])["data"]["themes"][0]["against"]["notes"]
    assert ids[said["Elm"][0]] not in before
    against = payload("themes", against=[ids[said["Elm"][0]]], not_against=[ids[said["Linden"][1]]])["against"]["notes"]
    assert ids[said["Elm"][0]] in against
    assert ids[said["Linden"][1]] not in against
    learned = payload("learned", against=[ids[note] for note in said["Elm"]])
    assert (learned["n"], learned["n_against"], learned["counts"]["only_against"]["n"]) == (3, 1, 1)
