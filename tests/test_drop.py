"""Files dropped onto a widget: in pieces to the kernel, shown with what is not clear, and written at the click and not before."""

import base64
import io
import json
import zipfile

import pytest
from lab import eventually, pictures, serious_violations
from test_capture_in_browser import Desk

from workbench.arrivals import settle
from workbench.bring_in import bring_in, plan_import
from workbench.dropped import DROPPED
from workbench.errors import InputError
from workbench.importers import Source
from workbench.importers.archive import LARGEST_FILE
from workbench.save import SaveError
from workbench.widgets import Capture, Triage, drop
from workbench.widgets.drop import DropArea

TALK = (
    "Interviewer: What then?\n\nJane: The export broke on Friday again.\n\nInterviewer: Oh?\n\nJane: Twice in a week.\n"
)


@pytest.fixture
def work(make_workspace):
    return make_workspace({})


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "2026-11-17 Acme.txt").write_text(TALK)
    (folder / "call.txt").write_text(TALK.replace("Jane", "Kim").replace("export", "import") * 3)
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    (folder / "call.mp4").write_bytes(b"film" * 100)
    (folder / "feedback.csv").write_text("Date,Account,Feedback\n2026-11-18,Bolt,The import is slow\n")
    return sorted(map(str, folder.iterdir()))


def calls(work):
    return sorted(path.name for path in (work / "interviews").rglob("*") if path.is_file() and path.suffix != ".lock")


class Carried:
    """A drop area whose messages are carried by hand."""

    def __init__(self, work):
        self.said = []
        self.area = DropArea(work, self.said.append)

    def ask(self, do, view="one", **more):
        self.area.hear({"do": do, "view": view, **more})
        return self.said[-1]["drop"]

    def send(self, name, data, view="one"):
        self.ask("begin", view, files=[{"name": name, "size": len(data)}])
        for at in range(0, len(data), 40):
            got = self.ask("piece", view, file=0, at=at, data=base64.b64encode(data[at : at + 40]).decode())
        assert got["got"] == len(data)
        return self.ask("look", view)


def test_a_piece_that_comes_twice_counts_once_and_what_is_on_its_way_in_two_views_does_not_mix(work):
    carried = Carried(work)
    data = TALK.encode()
    carried.ask("begin", files=[{"name": "2026-11-17 Acme.txt", "size": len(data)}])
    for at in (0, 0, 50, 50):
        end = at + 50 if at == 0 else len(data)
        carried.ask("piece", file=0, at=at, data=base64.b64encode(data[at:end]).decode())
    carried.send("2026-11-18 Bolt.txt", TALK.replace("export", "import").encode(), "two")
    other, one = carried.ask("look")["calls"]
    assert (one["customer"]["value"], one["says"]) == ("Acme", "Names before the words (text, Markdown), 4 turns")
    assert calls(work) == [] and other["customer"]["value"] == "Bolt", "what waits is seen in both"
    assert carried.ask("bring")["files"] == ["interviews/2026-11-18-bolt.md", "interviews/2026-11-17-acme.md"]


def test_what_is_unclear_is_asked_and_nothing_is_written_before_it_is_said(work):
    carried = Carried(work)
    (one,) = carried.send("call.txt", TALK.encode())["calls"]
    assert [ask["field"] for ask in one["asks"]] == ["day", "customer"]
    assert "refused" in carried.ask("bring")
    assert calls(work) == []
    now = carried.ask("say", call=0, day="2026-11-17", customer="Acme", speakers={"Jane": "us"})["now"]
    assert "Whose words are the customer's" in now["asks"][0]["words"]
    assert "refused" in carried.ask("say", call=0, day="soon")
    carried.ask("say", call=0, speakers={"Jane": "customer"})
    assert carried.ask("bring")["recorded"] == 1
    assert calls(work) == ["2026-11-17-acme.md", "2026-11-17-acme.txt"]


def test_recordings_and_what_is_too_large_are_not_carried_over(work):
    carried = Carried(work)
    files = [{"name": "a.mp4", "size": 9}, {"name": "a.txt", "size": LARGEST_FILE + 1}, {"name": "b.txt", "size": 1}]
    assert carried.ask("begin", files=files)["wanted"] == [2]
    carried.ask("piece", file=2, at=0, data="")
    assert [one["what"] for one in carried.ask("look")["calls"]] == ["unreadable", "other", "unreadable"]


def test_how_many_calls_a_table_becomes_is_said_before_it_comes_in(work):
    carried = Carried(work)
    rows = ["Date,Account,Feedback", "2026-11-17,Acme,Slow", "2026-11-17,Acme,Slower", "2026-11-17,Bolt,Fast"]
    (one,) = carried.send("a.csv", "\n".join(rows).encode())["calls"]
    assert one["makes"] == len(carried.ask("bring")["files"]) == 2
    # Of a longer one only what is not in yet.
    (one,) = carried.send("b.csv", "\n".join([*rows, "2026-11-18,Acme,Slow"]).encode())["calls"]
    assert one["makes"] == len(carried.ask("bring")["files"]) == 1
    (one,) = carried.send("b.csv", "\n".join([*rows, "2026-11-18,Acme,Slow"]).encode())["calls"]
    assert (one["makes"], one["comes_in"]) == (0, False)
    assert carried.ask("say", call=0, again="new")["now"]["makes"] == 3


def table(name, *rows):
    return (name, "\n".join(["Date,Account,Feedback", *rows]).encode())


def test_what_is_ready_comes_in_and_what_has_a_question_stays_with_what_was_said_of_it(work):
    carried = Carried(work)
    files = [("2026-11-17 Acme.txt", TALK.encode()), ("call.txt", TALK.replace("export", "import").encode())]
    carried.ask("begin", files=[{"name": name, "size": len(data)} for name, data in files])
    for number, (_, data) in enumerate(files):
        carried.ask("piece", file=number, at=0, data=base64.b64encode(data).decode())
    assert carried.ask("look")["waiting"] == [False, True]
    carried.ask("say", call=1, day="2026-11-18")
    brought = carried.ask("bring")
    assert brought["files"] == ["interviews/2026-11-17-acme.md"] and brought["waiting"] == [True]
    (left,) = brought["calls"]
    assert (left["name"], left["day"]["value"]) == ("call.txt", "2026-11-18")
    assert "each of these files has a question" in carried.ask("bring")["refused"]
    # What is dropped next comes beside it, and the same file once.
    both = carried.send(*table("b.csv", "2026-11-17,Bolt,Slow"))["calls"]
    assert [one["name"] for one in both] == ["call.txt", "b.csv"] and both[0]["day"]["value"] == "2026-11-18"
    assert len(carried.send(*files[1])["calls"]) == 2
    assert carried.ask("say", call=0, customer="Bolt")["waiting"] == [False, False]
    assert carried.ask("bring")["files"] == ["interviews/2026-11-18-bolt.md", "interviews/2026-11-17-bolt.md"]


def test_new_names_that_look_alike_are_asked_about_and_a_yes_makes_them_one(work):
    carried = Carried(work)
    rows = ["2026-11-17,Acme,Slow", "2026-11-17,Acme Inc.,It stops", "2026-11-18,Bolt,Fast"]
    looked = carried.send(*table("a.csv", *rows))
    assert (looked["alike"], looked["waiting"]) == ([("Acme", "Acme Inc.")], [True])
    assert "refused" in carried.ask("bring") and calls(work) == []
    said = carried.ask("alike", names=["Acme", "Acme Inc."], customer="Acme")
    assert (said["alike"], said["waiting"]) == ([], [False])
    brought = carried.ask("bring")
    assert brought["aliases"] == ["“Acme Inc.” is Acme from now on"]
    assert sorted(set(customers(work))) == ["customer: Acme", "customer: Bolt"]


def test_names_that_differ_in_capitals_only_are_not_asked_about(work):
    carried = Carried(work)
    looked = carried.send(*table("a.csv", "2026-11-17,Bolt Logistics,Slow", "2026-11-18,Bolt logistics,It stops"))
    assert (looked["alike"], looked["waiting"]) == ([], [False])
    assert len(carried.ask("bring")["files"]) == 2


def test_a_click_that_is_put_right_leaves_no_guess_that_rested_on_it(work):
    carried = Carried(work)
    carried.send("2026-11-17 mu.txt", TALK.replace("Interviewer", "Wim Kok").replace("Jane", "Zoe Lark").encode())
    now = carried.ask("say", call=0, speakers={"Wim Kok": "us"})["now"]
    assert [one["side"] for one in now["speakers"]] == ["us", "customer"]
    for one in (carried, Carried(work)):  # before and after a restart
        one.ask("hello")
        now = one.ask("say", call=0, speakers={"Wim Kok": "customer"})["now"]
        wim, zoe = now["speakers"]
        assert (wim["side"], zoe["side"], zoe["why"]) == ("customer", "us", "all others are the customer's")
        assert now["who"]["value"] == "Wim Kok"
    (file,) = one.ask("bring")["files"]
    assert "us: Zoe Lark" in (work / file).read_text()


def test_whoever_is_one_of_us_in_a_call_that_waits_beside_it_is_not_among_the_people_of_a_note(work):
    carried = Carried(work)
    note = '---\ndate: 2026-11-18\nparticipants: ["[[Kari Moe]]", "[[Ana Ruiz]]"]\n---\n# Moe\n- The export breaks\n'
    carried.send("2026-11-17 Acme.txt", TALK.replace("Interviewer", "Ana Ruiz").encode())
    carried.send("n.md", note.encode())
    carried.ask("say", call=1, customer="Moe")
    carried.ask("say", call=0, speakers={"Ana Ruiz": "us"})
    moe = next(file for file in carried.ask("bring")["files"] if "moe" in file)
    assert "who: Kari Moe\n" in (work / moe).read_text()


def test_two_that_only_look_alike_stay_two_and_are_not_asked_about_again(work):
    carried = Carried(work)
    carried.send(*table("a.csv", "2026-11-17,Acme,Slow", "2026-11-18,Acme Inc.,It stops"))
    said = carried.ask("alike", names=["Acme", "Acme Inc."], customer="")
    assert (said["alike"], said["waiting"], said["calls"][0]["asks"]) == ([], [False], [])
    carried.ask("bring")
    assert customers(work) == ["customer: Acme", "customer: Acme Inc."]
    assert not (work / "discovery" / "customers.yaml").exists()


def customers(work):
    lines = [line for file in sorted((work / "interviews").glob("*.md")) for line in file.read_text().splitlines()]
    return [line for line in lines if line.startswith("customer: ")]


# What waits is kept


def waits(work):
    folder = work / DROPPED
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def test_what_waits_and_what_was_said_of_it_is_there_after_a_restart_and_gone_once_it_is_in(work):
    carried = Carried(work)
    assert carried.ask("hello")["calls"] == []
    carried.send("call.txt", TALK.encode())
    carried.ask("say", call=0, name="call.txt", day="2026-11-17", customer="Acme", consent="quote")
    carried.ask("say", call=0, name="call.txt", who="Jane Doe, ops", speakers={"Jane": "customer"})
    carried.send(*table("b.csv", "2026-11-18,Bolt,Slow"))
    before = carried.ask("hello")
    again = Carried(work)
    assert again.ask("hello") == before and "Acme" in str(before["calls"][0]) and calls(work) == []
    assert again.ask("bring")["files"] == ["interviews/2026-11-17-acme-ops.md", "interviews/2026-11-18-bolt.md"]
    assert waits(work) == [".gitignore"] and Carried(work).ask("hello")["calls"] == []


def test_what_is_left_is_deleted_with_what_was_said_of_it(work):
    carried = Carried(work)
    carried.send("call.txt", TALK.encode())
    assert len(waits(work)) == 3
    assert carried.ask("leave")["calls"] == [] and waits(work) == [".gitignore"]


def test_of_a_zip_what_is_in_is_not_shown_again_and_what_waits_is(work):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("2026-11-17 Acme.txt", TALK)
        packed.writestr("call.txt", TALK.replace("export", "import"))
    carried = Carried(work)
    carried.send("calls.zip", data.getvalue())
    assert carried.ask("bring")["files"] == ["interviews/2026-11-17-acme.md"]
    again = Carried(work)
    (left,) = again.ask("hello")["calls"]
    assert left["name"] == "calls.zip/call.txt"
    again.ask("say", call=0, name=left["name"], day="2026-11-18", customer="Bolt")
    assert again.ask("bring")["files"] == ["interviews/2026-11-18-bolt.md"] and waits(work) == [".gitignore"]


def test_what_another_window_has_done_is_seen_before_anything_is_done(work):
    one, other = Carried(work), Carried(work)
    one.send("call.txt", TALK.encode())
    one.ask("say", call=0, name="call.txt", day="2026-11-17", customer="Acme")
    assert len(other.ask("hello")["calls"]) == 1
    one.ask("bring")
    refused = other.ask("bring")
    assert "has changed meanwhile" in refused["refused"] and refused["calls"] == []
    assert len([name for name in calls(work) if name.endswith(".md")]) == 1
    one.send("call.txt", TALK.replace("export", "import").encode())
    other.ask("hello")
    assert "refused" in other.ask("say", call=0, name="another.txt", customer="Bolt"), "no answer goes to another call"


def test_what_could_not_be_kept_waits_on_when_another_window_drops_something(work, monkeypatch):
    one, other = Carried(work), Carried(work)

    def full(*_, **__):
        raise SaveError("Not saved: the disk is full")

    monkeypatch.setattr("workbench.dropped.save_bytes", full)
    one.send("2026-11-17 Acme.txt", TALK.encode())
    monkeypatch.undo()
    other.send("2026-11-18 Bolt.txt", TALK.replace("export", "import").encode())
    assert [call["name"] for call in one.ask("hello")["calls"]] == ["2026-11-17 Acme.txt", "2026-11-18 Bolt.txt"]
    assert len(one.ask("bring")["files"]) == 2 and one.ask("hello")["calls"] == []


def test_what_is_in_when_something_else_fails_does_not_come_in_twice(work, monkeypatch):
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", TALK.encode())

    def refuse(*_):
        raise InputError("discovery/themes.yaml:3: cannot be read")

    monkeypatch.setattr("workbench.bring_in._Desk.adopt_themes", refuse)
    assert "themes.yaml:3" in carried.ask("bring")["refused"]
    monkeypatch.undo()
    assert "has changed meanwhile" in carried.ask("bring")["refused"]
    assert carried.ask("bring")["skipped"] == ["2026-11-17 Acme.txt"]
    assert calls(work) == ["2026-11-17-acme.md", "2026-11-17-acme.txt"]


def test_the_same_call_dropped_later_in_another_form_is_known(work):
    topics = ("red", "green", "blue", "yellow", "orange", "purple")
    lines = [
        f"{who}: {said.format(topic)}"
        for topic in topics
        for who, said in (
            ("Interviewer", "What about {0} then?"),
            ("Jane", "The {0} export broke again and it took the {0} team hours to redo the {0} totals."),
        )
    ]
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", "\n\n".join(lines).encode())
    cues = (f"00:{n:02}.000 --> 00:{n + 1:02}.000\n{line}\n\n" for n, line in enumerate(lines))
    first, later = carried.send("2026-11-17 Acme.vtt", f"WEBVTT\n\n{''.join(cues)}".encode())["calls"]
    assert first["twin"] is None
    assert (later["twin"]["name"], later["twin"]["why"]) == ("2026-11-17 Acme.txt", "the same words")


def test_a_large_table_is_kept_as_one_when_somebody_says_so(work, monkeypatch):
    monkeypatch.setattr("workbench.arrivals.MANY_ROWS", 1)
    carried = Carried(work)
    (one,) = carried.send(*table("a.csv", "2026-11-17,Acme,Slow", "2026-11-18,Bolt,Fast"))["calls"]
    assert [ask["field"] for ask in one["asks"]] == ["kept_as"]
    now = carried.ask("say", call=0, name="a.csv", kept_as="table")["now"]
    assert (now["kept_as"], now["asks"], now["makes"]) == ("table", [], 0)
    again = Carried(work)
    assert again.ask("hello")["calls"][0]["kept_as"] == "table"
    brought = again.ask("bring")
    assert (brought["files"], brought["tables"]) == ([], ["interviews/a.csv"]) and waits(work) == [".gitignore"]
    carried.send(*table("a.csv", "2026-11-17,Acme,Slow", "2026-11-18,Bolt,Fast", "2026-11-19,Bolt,Odd"))
    carried.ask("say", call=0, name="a.csv", kept_as="table")
    brought = carried.ask("bring")
    assert (brought["tables"], brought["known"]) == (["interviews/a-2.csv"], ["2 rows of a.csv in already"])


def test_that_two_names_are_one_customer_or_two_is_kept(work):
    carried = Carried(work)
    carried.send(*table("a.csv", "2026-11-17,Acme,Slow", "2026-11-18,Acme Inc.,It stops"))
    carried.send(*table("b.csv", "2026-11-17,Bolt,Slow", "2026-11-18,Bolt Inc.,It stops"))
    carried.ask("alike", names=["Acme", "Acme Inc."], customer="Acme")
    carried.ask("alike", names=["Bolt", "Bolt Inc."], customer="")
    again = Carried(work)
    assert (again.ask("hello")["alike"], again.ask("hello")["waiting"]) == ([], [False, False])
    again.ask("bring")
    assert sorted(set(customers(work))) == ["customer: Acme", "customer: Bolt", "customer: Bolt Inc."]


def test_a_file_that_is_too_much_for_the_workbench_stops_no_other_and_can_be_left(work, monkeypatch):
    plan = drop.plan_import

    def breaks(root, sources, **more):
        if any(source.name == "bad.txt" for source in sources):
            raise RuntimeError("oh")
        return plan(root, sources, **more)

    monkeypatch.setattr(drop, "plan_import", breaks)
    carried = Carried(work)
    carried.send("bad.txt", b"x")
    carried.send(*table("a.csv", "2026-11-17,Acme,Slow"))
    found = Carried(work).ask("hello")["calls"]
    assert [one["what"] for one in found] == ["unreadable", "table"] and "(RuntimeError: oh)" in found[0]["problems"][0]
    assert carried.ask("leave")["calls"] == [] and waits(work) == [".gitignore"]


def test_what_could_not_be_written_stays_with_what_was_said_of_it(work, monkeypatch):
    carried = Carried(work)
    carried.send("call.txt", TALK.encode())
    carried.ask("say", call=0, name="call.txt", day="2026-11-17", customer="Acme")

    def full(*_, **__):
        raise SaveError("the disk is full")

    monkeypatch.setattr("workbench.bring_in.create_call", full)
    brought = carried.ask("bring")
    assert "the disk is full" in brought["failed"][0] and brought["calls"][0]["day"]["value"] == "2026-11-17"
    monkeypatch.undo()
    assert Carried(work).ask("bring")["refused"], "it is there, and was not looked at yet"
    assert carried.ask("bring")["files"] == ["interviews/2026-11-17-acme.md"] and waits(work) == [".gitignore"]


def test_a_torn_or_made_up_file_among_what_waits_stops_nothing(work, tmp_path):
    carried = Carried(work)
    carried.send("call.txt", TALK.encode())
    folder = work / DROPPED
    (folder / "0123456789abcdef.json").write_text('{"n": 1, "na')
    (folder / "1123456789abcdef.json").write_text('{"n": 1, "name": "../../x.md", "said": []}')
    (kept,) = [name for name in waits(work) if name.endswith(".json") and name[0] not in "01"] or [None]
    if kept:
        head = json.loads((folder / kept).read_text())
        head["said"] = [
            {"call": 0, "day": 3},
            {"call": 7},
            {"alike": 1},
            {"gone": "x"},
            {"call": 0, "customer": "Acme"},
        ]
        (folder / kept).write_text(json.dumps(head))
        (one,) = Carried(work).ask("hello")["calls"]
        assert one["customer"]["value"] == "Acme"
    carried.ask("hello")
    carried.ask("leave")
    assert not [name for name in waits(work) if name.startswith("dropped")]


def test_a_folder_that_is_a_link_to_elsewhere_has_nothing_written_into_it(work, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (work / ".workbench").mkdir(exist_ok=True)
    (work / DROPPED).symlink_to(tmp_path / "elsewhere")
    carried = Carried(work)
    assert len(carried.send(*table("a.csv", "2026-11-17,Acme,Slow"))["calls"]) == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert carried.ask("bring")["files"] == ["interviews/2026-11-17-acme.md"]


def test_forgetting_a_customer_takes_what_waits_of_them(work):
    from workbench.forget import forget

    (work / "interviews" / "2026-11-01-z.md").write_text("---\ncustomer: Zqxkeld\ndate: 2026-11-01\n---\n- one\n")
    carried = Carried(work)
    carried.send(*table("a.csv", "2026-11-17,Zqxkeld,Slow"))
    carried.send("call.txt", TALK.encode())
    carried.ask("say", call=1, name="call.txt", day="2026-11-17", customer="Zqxkeld")
    carried.send(*table("b.csv", "2026-11-17,Bolt,Fast"))
    assert forget(work, "Zqxkeld").complete
    left = b"".join(path.read_bytes() for path in work.rglob("*") if path.is_file())
    assert b"Zqxkeld" not in left
    assert [one["name"] for one in Carried(work).ask("hello")["calls"]] == ["b.csv"]


def test_no_traceback_reaches_a_pm(work, monkeypatch):
    carried = Carried(work)
    assert "refused" in carried.ask("nonsense")
    assert "refused" in carried.ask("piece", "nobody", file=0, at=0, data="")
    monkeypatch.setattr(drop, "plan_import", lambda *a, **k: 1 / 0)
    carried.ask("begin", files=[])
    assert "the workbench made a mistake (ZeroDivisionError" in carried.ask("look")["refused"]


# One of them left


TOPICS = ("red", "green", "blue", "yellow", "orange", "purple")


def long_talk(broke="broke", us="Interviewer"):
    """A call that is known by its words, also where a word of it was misheard."""
    lines = [
        f"{who}: {said.format(topic)}"
        for topic in TOPICS
        for who, said in (
            (us, "What about {0} then?"),
            ("Jane", f"The {{0}} export {broke} again and it took the {{0}} team hours to redo the {{0}} totals."),
        )
    ]
    return "\n\n".join(lines).encode()


def zipped(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, text in members.items():
            packed.writestr(f"{name}.txt", text)
    return data.getvalue()


def leave(carried, name):
    names = [one["name"] for one in carried.ask("hello")["calls"]]
    return carried.ask("leave", call=names.index(name), name=name)


def test_one_is_left_and_its_file_stays_while_another_call_of_it_waits(work):
    carried = Carried(work)
    carried.send("calls.zip", zipped(a=TALK, b=TALK.replace("export", "import")))
    carried.send(*table("c.csv", "2026-11-17,Bolt,Slow"))
    carried.ask("begin", files=[{"name": "film.mp4", "size": 9}])
    assert len(carried.ask("look")["calls"]) == 4
    kept = waits(work)
    said = leave(carried, "calls.zip/a.txt")
    assert (said["call"], said["name"], len(said["calls"])) == (0, "calls.zip/a.txt", 3) and waits(work) == kept
    assert len(leave(carried, "film.mp4")["calls"]) == 2
    again = Carried(work)  # as after a restart
    assert [one["name"] for one in again.ask("hello")["calls"]] == ["calls.zip/b.txt", "c.csv"]
    leave(again, "calls.zip/b.txt")
    assert len(waits(work)) == 3, "the table, what was said of it, and .gitignore"
    leave(again, "c.csv")
    assert waits(work) == [".gitignore"] and calls(work) == []


def test_none_is_left_in_the_place_of_another(work):
    carried = Carried(work)
    carried.send("a.txt", TALK.encode())
    carried.send("b.txt", TALK.replace("export", "import").encode())
    carried.ask("leave", call=0, name="a.txt")
    said = carried.ask("leave", call=0, name="a.txt")
    assert "has changed meanwhile" in said["refused"] and [one["name"] for one in said["calls"]] == ["b.txt"]
    assert "refused" in carried.ask("leave", call=7, name="b.txt") and len(waits(work)) == 3


@pytest.mark.parametrize("is_zip", [True, False])
def test_of_the_same_call_dropped_twice_the_one_that_stays_comes_in(work, is_zip):
    files = {"a": long_talk(), "b": long_talk("stopped"), "c": long_talk("halted")}
    carried = Carried(work)
    if is_zip:
        carried.send("calls.zip", zipped(**files))
    else:
        for name, data in files.items():
            carried.send(f"{name}.txt", data)
    within = "calls.zip/" * is_zip
    twins = [one["twin"] and one["twin"]["name"] for one in carried.ask("hello")["calls"]]
    assert twins == [None, f"{within}a.txt", f"{within}a.txt"]
    leave(carried, f"{within}a.txt")
    for one in (carried, Carried(work)):
        b, c = one.ask("hello")["calls"]
        assert (b["twin"], b["comes_in"]) == (None, True)
        assert (c["twin"]["name"], c["comes_in"]) == (f"{within}b.txt", False)
    one.ask("say", call=0, customer="Acme", day="2026-11-17")
    brought = one.ask("bring")
    assert len(brought["files"]) == len(brought["skipped"]) == 1
    assert b"stopped" in (work / "interviews/transcripts/2026-11-17-acme.txt").read_bytes()


def test_of_a_file_that_was_not_read_since_another_is_the_same_all_is_known_once_it_stands_alone(work):
    carried = Carried(work)
    carried.send("calls.zip", zipped(a=TALK, b=TALK))
    leave(carried, "calls.zip/a.txt")
    for one in (carried, Carried(work)):
        (b,) = one.ask("hello")["calls"]
        assert (b["comes_in"], b["again"], [one["side"] for one in b["speakers"]]) == (True, "", ["us", "customer"])


def test_of_several_calls_in_a_file_each_is_told_apart_and_left_by_itself(work):
    talks = [(("Ana", "How is it?"), ("Jane", "It breaks.")), (("Ana", "And now?"), ("Kim", "It is slow."))]
    data = [{"turns": [{"speaker": who, "text": said} for who, said in talk * 2]} for talk in talks]
    carried = Carried(work)
    looked = carried.send("two.json", json.dumps(data).encode())["calls"]
    assert [one["name"] for one in looked] == ["two.json (1 of 2)", "two.json (2 of 2)"]
    assert len(leave(carried, "two.json (1 of 2)")["calls"]) == 1
    assert "refused" in carried.ask("leave", call=0, name="two.json (1 of 2)")
    assert [one["name"] for one in Carried(work).ask("hello")["calls"]] == ["two.json (2 of 2)"]


# In already


def test_the_same_file_that_is_to_come_in_once_more_is_read(work):
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", TALK.encode())
    carried.ask("bring")
    (one,) = carried.send("2026-11-17 Acme.txt", TALK.encode())["calls"]
    assert (one["ways"], one["again"], one["speakers"]) == (["skip", "new"], "skip", [])
    now = carried.ask("say", call=0, name=one["name"], again="new")["now"]
    assert (now["day"]["value"], now["customer"]["value"], now["makes"]) == ("2026-11-17", "Acme", 1)
    assert carried.ask("hello") == Carried(work).ask("hello")
    (file,) = carried.ask("bring")["files"]
    assert "us: Interviewer\n" in (work / file).read_text(), "or what we said would count as theirs"


def test_a_mended_transcript_replaces_the_one_that_is_in(work):
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", long_talk())
    (made,) = carried.ask("bring")["files"]
    (one,) = carried.send("mended.txt", long_talk("stopped"))["calls"]
    assert (one["ways"], one["again"]) == (["skip", "replace", "new"], "skip")
    now = carried.ask("say", call=0, name="mended.txt", again="replace")["now"]
    assert (now["asks"], now["other_names"], now["makes"], now["comes_in"]) == ([], False, 0, True)
    assert Carried(work).ask("hello")["calls"] == carried.ask("hello")["calls"]
    assert carried.ask("bring")["replaced"] == [made] and waits(work) == [".gitignore"]
    assert (work / "interviews/transcripts/2026-11-17-acme.txt").read_bytes() == long_talk("stopped")


def test_a_longer_version_of_a_call_is_a_question_and_is_offered_to_replace_it_first(work):
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", long_talk())
    (made,) = carried.ask("bring")["files"]
    more = "".join(
        f"\n\nInterviewer: And then?\n\nJane: {' '.join(f'more{n}x{k}' for k in range(60))}." for n in range(2)
    )
    looked = carried.send("2026-11-17 Acme whole.txt", long_talk() + more.encode())
    (one,) = looked["calls"]
    assert looked["waiting"] == [True] and one["ways"] == ["replace", "skip", "new"]
    (ask,) = [ask for ask in one["asks"] if ask["field"] == "again"]
    assert "this one has some 120 words more" in ask["words"] and made in ask["words"]
    with_all = Carried(work)
    assert with_all.ask("hello")["calls"] == looked["calls"]
    with_all.ask("say", call=0, name=one["name"], again="replace")
    assert with_all.ask("bring")["replaced"] == [made]


def test_a_call_whose_parts_wait_beside_it_is_a_question_once_one_of_them_is_left(work):
    carried = Carried(work)
    first, lines = long_talk(), [" ".join(f"word{n}x{k}" for k in range(20)) for n in range(12)]
    second = "\n\n".join(f"{'Jane' if n % 2 else 'Interviewer'}: {line}." for n, line in enumerate(lines)).encode()
    for name, data in (("Acme part", first), ("Acme rec", second), ("Acme final", first + b"\n\n" + second)):
        calls_ = carried.send(f"{name}.txt", data)["calls"]
    assert {calls_[2]["twin"]["name"], *calls_[2]["twin"]["also"]} == {one["name"] for one in calls_[:2]}
    assert not calls_[2]["comes_in"]
    left = leave(carried, calls_[0]["name"])["calls"]
    assert [one["name"] for one in left] == ["Acme rec.txt", "Acme final.txt"]
    assert "words more" in left[1]["asks"][0]["words"] and left == Carried(work).ask("hello")["calls"]


def test_in_a_mended_transcript_with_other_names_who_is_one_of_us_is_asked(work):
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", long_talk())
    carried.ask("bring")
    carried.send("mended.txt", long_talk("stopped", us="Wim Kok"))
    now = carried.ask("say", call=0, name="mended.txt", again="replace")["now"]
    assert now["other_names"] and {ask["field"] for ask in now["asks"]} <= {"speaker"}
    carried.ask("say", call=0, name="mended.txt", speakers={"Wim Kok": "us", "Jane": "customer"})
    (file,) = carried.ask("bring")["replaced"]
    assert "us: Wim Kok\n" in (work / file).read_text()


def test_the_transcript_of_a_call_that_came_in_a_moment_ago_can_be_replaced(work):
    carried = Carried(work)
    carried.send("2026-11-17 Acme.txt", long_talk())
    looked = carried.send("2026-11-18 Acme.txt", long_talk("stopped"))
    assert looked["waiting"] == [False, True]
    (ask,) = looked["calls"][1]["asks"]
    assert list(ask["choices"]) == looked["calls"][1]["ways"] == ["skip", "new"], "nothing is there yet to be replaced"
    brought = carried.ask("bring")
    (left,) = brought["calls"]
    assert list(left["asks"][0]["choices"]) == left["ways"] == ["skip", "replace", "new"]
    assert left["twin"]["name"] in left["asks"][0]["words"] and left["twin"]["name"] == brought["files"][0]


# Columns put right


SURVEY = (
    "Company,What is slow; and why?,What would help?,Owner,Created\n"
    "Acme,The import of the big file is slow,A bar that says how far it is,Ana Ruiz,03/04/2026\n"
    "Bolt,The export to the old format is slow,A way to stop it half way,Tom Lee,05/04/2026\n"
)


def columns(call):
    return {one["role"]: list(one["names"]) for one in call["columns"] if one["names"]}


def test_columns_are_put_right_and_what_is_said_of_them_is_kept(work):
    carried = Carried(work)
    (one,) = carried.send("survey.csv", SURVEY.encode())["calls"]
    assert one["header"] == SURVEY.splitlines()[0].split(",")
    (ask,) = one["asks"]
    assert (ask["of"], ask["choices"]) == ("days", ("day first", "month first"))
    carried.ask("say", call=0, name="survey.csv", columns={"days": "day first"})
    both = ["What is slow; and why?", "What would help?"]
    now = carried.ask("say", call=0, name="survey.csv", columns={"quote": both})["now"]
    why = {one["role"]: one["why"] for one in now["columns"]}
    said = dict.fromkeys(("quote", "days"), "you said so")
    assert why == {"customer": "going by the name", "date": "going by the name", **said}
    assert (columns(now)["quote"], now["makes"], now["asks"]) == (both, 2, [])
    now = carried.ask("say", call=0, name="survey.csv", columns={"customer": []})["now"]
    assert [ask["field"] for ask in now["asks"]] == ["customer"] and "customer" not in columns(now)
    now = carried.ask("say", call=0, name="survey.csv", columns={"customer": ["Owner"], "quote": both[1:]})["now"]
    assert columns(now) == {"quote": both[1:], "customer": ["Owner"], "date": ["Created"], "days": ["day first"]}
    assert now["left_out"] == ["Company", both[0]]
    carried.ask("say", call=0, name="survey.csv", columns={"customer": ["Company"], "quote": both})
    again = Carried(work)
    assert again.ask("hello") == carried.ask("hello")
    text = "".join((work / file).read_text() for file in again.ask("bring")["files"])
    assert "date: 2026-04-03" in text and text.count('- "') == 4


def test_a_table_without_words_in_a_column_is_put_right_by_another(work):
    carried = Carried(work)
    rows = "Company,Feedback,Notes\nAcme,,The import is slow\nBolt,,It stops half way\n"
    carried.send("a.csv", rows.encode())
    now = carried.ask("say", call=0, name="a.csv", columns={"quote": ["Feedback"]})["now"]
    assert now["what"] == "unreadable" and "no row has words of a customer in Feedback" in now["problems"][0]
    assert columns(now)["quote"] == ["Feedback"] and now["header"] == ["Company", "Feedback", "Notes"]
    carried.send("2026-11-17 Acme.txt", TALK.encode())
    brought = carried.ask("bring")
    assert [one["name"] for one in brought["calls"]] == ["a.csv"] and not brought["failed"], (
        "it waits for other columns"
    )
    now = carried.ask("say", call=0, name="a.csv", columns={"quote": ["Notes"]})["now"]
    assert (now["what"], now["problems"], columns(now)["quote"]) == ("table", [], ["Notes"])


def test_columns_that_are_called_nearly_alike_are_not_taken_for_each_other(work):
    carried = Carried(work)
    rows = "Company,Account,Quote,Quote!,quote;\nAcme,A-1,The import is slow,It is the import that is slow,Slow it is\n"
    carried.send("a.csv", rows.encode())
    for names in (["Quote"], ["Quote!"], ["quote;"], ["Quote!", "quote;"], ["quote;", "Quote"]):
        assert columns(carried.ask("say", call=0, name="a.csv", columns={"quote": names})["now"])["quote"] == names


def test_by_other_columns_a_table_that_is_in_already_is_not(work):
    rows = "Company,Feedback,Remark\nAcme,It is slow,It stops half way\n"
    carried = Carried(work)
    carried.send("a.csv", rows.encode())
    carried.ask("say", call=0, name="a.csv", day="2026-11-17")
    carried.ask("bring")
    carried.send("b.csv", (rows + "Acme,It is slow,It stops half way again\n").encode())
    carried.ask("say", call=0, name="b.csv", day="2026-11-17")
    assert carried.ask("hello")["calls"][0]["makes"] == 0
    now = carried.ask("say", call=0, name="b.csv", columns={"quote": ["Remark"]})["now"]
    assert (now["twin"], now["makes"]) == (None, 1)


def test_a_row_that_was_changed_since_an_earlier_export_is_named_where_it_came_in(work):
    carried = Carried(work)
    for rows in ("Acme,It is slow\nBolt,It is fast\n", "Acme,It is slow\nBolt,It is very fast\n"):
        carried.send("a.csv", f"Company,Feedback\n{rows}".encode())
        carried.ask("say", call=0, name="a.csv", day="2026-11-17")
        brought = carried.ask("bring")
    assert brought["problems"] == [
        "interviews/2026-11-17-bolt.md:5: “It is fast” may be what a.csv has as “It is very fast”; both count; if it is the same, take "
        "this older one out"
    ]


# At work


def test_what_is_done_is_said_before_it_is_done_and_how_far_it_is(work, monkeypatch):
    monkeypatch.setattr("workbench.arrivals.MANY_ROWS", 3)
    monkeypatch.setattr(drop, "MANY_ROWS", 3)
    carried = Carried(work)
    carried.send(*table("a.csv", *(f"2026-11-{day},Acme,Slow {day}" for day in range(10, 27))))
    carried.ask("say", call=0, name="a.csv", kept_as="calls")
    carried.said.clear()
    carried.ask("say", call=0, name="a.csv", columns={"segment": ["Account"]})
    carried.ask("bring")
    said = [one["drop"] for one in carried.said]
    assert [(one["did"], one["view"], one.get("words")) for one in said] == [
        ("progress", "one", "Looking at the rows of a.csv … A large table can take half a minute."),
        ("say", "one", None),
        ("progress", "one", "Bringing in a.csv … A large table can take half a minute."),
        ("progress", "one", "10 of 17 calls in"),
        ("bring", "one", None),
    ]


def carry_until(desk, look):
    """Carry to and fro until it is so; the browser reads a file while the page's clock stands still."""

    def carried():
        desk.settle(wait=100)
        return bool(look())

    eventually(desk.page, carried)


@pytest.mark.parametrize(("width", "widget"), [(1240, Triage), (360, Triage), (1000, Capture)])
def test_files_are_chosen_looked_at_and_brought_in(browser, work, files, width, widget):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    made = widget(work, today="2026-11-20")
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)

    def look(name):
        page.screenshot(path=pictures() / f"drop-{widget.__name__.lower()}-{width}-{name}.png", full_page=True)
        assert serious_violations(page, ".dr-area") == []
        inside, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inside <= window

    if widget is Capture:
        view.locator(".wb-recorded summary").click()
    view.locator(".dr-area input[type=file]").set_input_files(files)
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    carry_until(desk, lambda: bring.is_visible())
    still = view.locator(".dr-still")
    assert bring.inner_text() == "Bring in 2 calls"
    assert still.inner_text() == "2 questions open: 1 file waits here for the answers"
    assert calls(work) == []
    assert "broken.docx:1: " in view.locator(".dr-bad").inner_text()
    film = view.locator(".dr-row", has_text="call.mp4").inner_text()
    assert "a recording or a picture; bring its transcript" in film and film.count("call.mp4") == 1
    look("asked")
    row = view.locator(".dr-row", has_text="call.txt")
    row.locator("[data-field=day]").fill("2026-11-18")
    row.locator("[data-field=customer]").fill("Cargo")
    page.keyboard.press("Tab")
    desk.settle(wait=300)
    assert view.locator("[data-field=who]").first.evaluate("one => one === document.activeElement"), "nobody is moved"
    assert (bring.inner_text(), still.inner_text()) == ("Bring in 3 calls", "")
    bring.click()
    desk.settle(wait=300)
    desk.settle(wait=300)
    assert view.locator(".dr-state").inner_text().startswith("3 calls in, not in: broken.docx:1: ")
    assert [name for name in calls(work) if name.endswith(".md")] == [
        "2026-11-17-acme.md",
        "2026-11-18-bolt.md",
        "2026-11-18-cargo.md",
    ]
    look("in")
    if widget is Triage:
        assert view.locator(".tg-meta b").inner_text().startswith("Cargo, "), "the newest of them is open"
    assert desk.errors == []
    context.close()


@pytest.mark.parametrize("width", [1000, 360])
def test_what_waits_stands_there_again_after_a_reload_and_a_restart_with_its_answers(browser, work, files, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark")
    page = context.new_page()
    made = Capture(work, today="2026-11-20")
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)
    view.locator(".wb-recorded summary").click()
    view.locator(".dr-area input[type=file]").set_input_files([file for file in files if file.endswith("call.txt")])
    carry_until(desk, lambda: view.locator(".dr-row").count())
    view.locator("[data-field=day]").fill("2026-11-18")
    page.keyboard.press("Tab")
    desk.settle(wait=300)
    restarted = Capture(work, today="2026-11-20")
    desk.load(restarted)
    view = desk.open(restarted)
    desk.settle(wait=400)
    assert "1 file dropped before waits here, with what you answered." in view.locator(".dr-state").inner_text()
    assert view.locator("[data-field=day]").input_value() == "2026-11-18"
    assert serious_violations(page, ".dr-area") == []
    page.screenshot(path=pictures() / f"drop-again-{width}.png", full_page=True)
    inside, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert inside <= window
    # By keyboard alone to the end; the field that is asked for is the next but one.
    view.locator("[data-field=day]").focus()
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.field") == "customer":
            break
    page.keyboard.type("Cargo")
    page.keyboard.press("Tab")
    desk.settle(wait=300)
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    assert bring.inner_text() == "Bring in 1 call"
    while not bring.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    desk.settle(wait=300)
    assert view.locator(".dr-state").inner_text().startswith("1 call in")
    assert [name for name in calls(work) if name.endswith(".md")] == ["2026-11-18-cargo.md"] and waits(work) == [
        ".gitignore"
    ]
    assert desk.errors == []
    context.close()


def test_what_becomes_of_a_large_table_is_said_by_a_key_and_otherwise_by_another(browser, work, files, monkeypatch):
    monkeypatch.setattr("workbench.arrivals.MANY_ROWS", 0)
    context = browser.new_context(viewport={"width": 360, "height": 900})
    made = Triage(work, today="2026-11-20")
    desk = Desk(context.new_page(), made)
    view = desk.open(made)
    desk.settle(wait=400)
    view.locator(".dr-area input[type=file]").set_input_files([file for file in files if file.endswith(".csv")])
    for _ in range(40):
        desk.page.wait_for_timeout(50)
        desk.settle(wait=100)
        if view.locator(".dr-row").count():
            break
    bring, keep = view.locator(".dr-area > .wb-acts .wb-main"), view.locator("[data-field=kept-table]")
    assert keep.evaluate("one => one === document.activeElement"), "the question stands first"
    assert bring.inner_text() == "Answer 1 question first" and serious_violations(desk.page, ".dr-area") == []
    desk.page.screenshot(path=pictures() / "drop-table-360.png", full_page=True)
    for key, words in (("Enter", "Keep 1 table"), ("Tab", "Keep 1 table"), ("Enter", "Bring in 1 call")):
        desk.page.keyboard.press(key)
        desk.settle(wait=300)
        assert bring.inner_text() == words
    keep.click()
    desk.settle(wait=300)
    bring.click()
    desk.settle(wait=300)
    assert view.locator(".dr-state").inner_text().startswith("1 table kept as interviews/feedback.csv")
    assert desk.errors == [] and (work / "interviews/feedback.csv").is_file()
    (table,) = (file for file in files if file.endswith(".csv"))
    with open(table, "a") as file:  # next week's export
        file.write("2026-11-19,Bolt,It is faster\n")
    view.locator(".dr-area input[type=file]").set_input_files([table])
    carry_until(desk, lambda: view.locator(".dr-row").count())
    assert "one table of notes, as interviews/feedback.csv is" in view.locator(".dr-row").inner_text()
    assert bring.inner_text() == "Keep 1 table", "as the earlier one was"
    bring.click()
    desk.settle(wait=300)
    said = view.locator(".dr-state").inner_text()
    assert said.startswith("1 table kept as interviews/feedback-2.csv, 1 row of feedback.csv in already.")
    desk.page.screenshot(path=pictures() / "drop-table-newer-360.png", full_page=True)
    context.close()


def test_text_is_pasted_and_files_fall_anywhere_on_the_widget(browser, work):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    made = Triage(work)
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)
    view.get_by_role("button", name="paste text").click()
    page.keyboard.insert_text(TALK)
    view.get_by_role("button", name="Look at it").click()
    carry_until(desk, lambda: view.locator(".dr-row").count())
    assert "pasted.txt" in view.locator(".dr-row").inner_text()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text.repeat(9000)], "2026-11-17 Acme.txt"));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector(".tg-nothing").dispatchEvent(drop);
        }""",
        TALK.replace("\n\n", " now.\n\n"),
    )
    carry_until(desk, lambda: "Acme" in view.locator(".dr-rows").inner_text())
    assert "36,000 turns" in view.locator(".dr-row", has_text="Acme").inner_text(), "in four pieces"
    assert view.locator(".dr-row", has_text="pasted.txt").count() == 1, "what waits for an answer stays"
    assert view.locator(".dr-area > .wb-acts .wb-main").inner_text() == "Bring in 1 call"
    assert desk.errors == []
    context.close()


def test_a_name_that_looks_like_a_known_customers_is_asked_about_and_answered_by_a_click(browser, work, tmp_path):
    (work / "interviews" / "2026-11-01-acme.md").write_text(
        "---\ncustomer: Acme Freight\ndate: 2026-11-01\n---\n- one\n"
    )
    (tmp_path / "2026-11-17 Acme Frieght.txt").write_text(TALK)
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    made = Triage(work)
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)
    view.locator(".dr-area input[type=file]").set_input_files([str(tmp_path / "2026-11-17 Acme Frieght.txt")])
    carry_until(desk, lambda: view.locator(".dr-row").count())
    question = view.get_by_role("group", name="Is “Acme Frieght” the same customer as “Acme Freight” (1 call)?")
    assert serious_violations(page, ".dr-area") == []
    page.screenshot(path=pictures() / "drop-same-customer.png", full_page=True)
    question.get_by_role("button", name="Yes").click()
    desk.settle(wait=300)
    assert question.count() == 0 and view.locator("[data-field=customer]").input_value() == "Acme Freight"
    assert page.evaluate("document.activeElement.closest('.dr-row') !== null"), "who works by keyboard goes on there"
    view.locator(".dr-area > .wb-acts .wb-main").click()
    desk.settle(wait=300)
    assert (work / "interviews" / "2026-11-17-acme-freight.md").is_file()
    assert desk.errors == []
    context.close()


@pytest.mark.parametrize("width", [1000, 360])
def test_names_that_look_alike_are_answered_by_a_click_and_the_ready_calls_come_in_before(
    browser, work, tmp_path, width
):
    (tmp_path / "2026-11-17 Cargo.txt").write_text(TALK)
    for name, data in (table("a.csv", "2026-11-17,Acme,Slow"), table("b.csv", "2026-11-18,Acme Inc.,It stops")):
        (tmp_path / name).write_bytes(data)
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    made = Triage(work)
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)
    files = [str(path) for path in sorted(tmp_path.iterdir()) if path.is_file()]
    view.locator(".dr-area input[type=file]").set_input_files(files)
    bring, still = view.locator(".dr-area > .wb-acts .wb-main"), view.locator(".dr-still")
    carry_until(desk, lambda: bring.is_visible())
    question = view.get_by_role("group", name="Are “Acme” and “Acme Inc.” the same customer?")
    assert (bring.inner_text(), still.inner_text()) == (
        "Bring in 1 call",
        "1 question open: 2 files wait here for the answer",
    )
    rows = view.locator(".dr-settled")
    assert [text.startswith("waits for the answer") for text in rows.all_inner_texts()] == [False, True, True]
    assert serious_violations(page, ".dr-area") == []
    page.screenshot(path=pictures() / f"drop-alike-{width}.png", full_page=True)
    bring.click()
    desk.settle(wait=300)
    desk.settle(wait=300)
    assert view.locator(".dr-state").inner_text().startswith("1 call in. 2 files with a question are still here.")
    page.screenshot(path=pictures() / f"drop-still-{width}.png", full_page=True)
    question.get_by_role("button", name="Yes, Acme", exact=True).click()
    desk.settle(wait=300)
    assert question.count() == 0 and bring.inner_text() == "Bring in 2 calls"
    assert bring.evaluate("one => one === document.activeElement"), "who works by keyboard goes on there"
    bring.click()
    desk.settle(wait=300)
    assert "“Acme Inc.” is Acme from now on" in view.locator(".dr-state").inner_text()
    assert sorted(customers(work)) == ["customer: Acme", "customer: Acme", "customer: Cargo"]
    assert desk.errors == []
    context.close()


def test_what_somebody_said_is_not_called_guessed_and_a_table_says_how_many_calls(browser, work, tmp_path):
    table = tmp_path / "feedback.csv"
    table.write_text("Date,Feedback\n2026-11-17,The import is slow\n2026-11-18,It broke again\n")
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    made = Triage(work)
    desk = Desk(context.new_page(), made)
    view = desk.open(made)
    desk.settle(wait=400)
    view.locator(".dr-area input[type=file]").set_input_files([table])
    carry_until(desk, lambda: view.locator(".dr-row").count())
    assert "you said so" not in view.locator(".dr-row").inner_text()
    view.locator("[data-field=customer]").fill("Acme")
    desk.page.keyboard.press("Tab")
    desk.settle(wait=300)
    field = view.locator(".wb-field", has=desk.page.locator("[data-field=customer]"))
    assert field.locator(".dr-why").inner_text() == "you said so"
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    assert bring.inner_text() == "Bring in 2 calls"
    bring.click()
    desk.settle(wait=300)
    assert view.locator(".dr-state").inner_text().startswith("2 calls in")
    assert desk.errors == []
    context.close()


def test_what_is_said_of_a_table_stands_as_that_of_the_rows_that_say_nothing(browser, work, tmp_path):
    desk, view = opened(browser, Capture(work, today="2026-11-20"))
    rows = "Company,Created,Feedback\nAcme,2026-11-17,The import is slow\n,2026-11-18,It broke again\n"
    drop_files(desk, view, tmp_path / "x", **{"rows.csv": rows})
    view.locator("[data-field=customer]").fill("Unknown")
    press(desk, "Tab")
    line = view.locator(".dr-settled").inner_text()
    assert line.startswith("customer Unknown where none stands · ") and "customer: Company" in line
    assert desk.errors == []
    desk.page.context.close()


def test_the_whole_widget_lights_up_where_files_may_fall_and_text_only_its_own_area(browser, work):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    made = Triage(work)
    desk = Desk(context.new_page(), made)
    desk.open(made)
    desk.settle(wait=400)
    drag = """([place, type, what]) => {
      const data = new DataTransfer();
      if (what === "file") data.items.add(new File(["x"], "a.txt"));
      else data.setData("text/plain", "words");
      const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
      document.querySelector(place).dispatchEvent(event);
      return [".wb-triage", ".dr-area"].map((one) => document.querySelector(one).classList.contains("dr-over"));
    }"""
    assert desk.page.evaluate(drag, [".tg-nothing", "dragover", "file"]) == [True, False]
    desk.page.screenshot(path=pictures() / "drop-over.png")
    assert desk.page.evaluate(drag, [".tg-nothing", "dragleave", "file"]) == [False, False]
    assert desk.page.evaluate(drag, [".tg-nothing", "dragover", "text"]) == [False, False]
    assert desk.page.evaluate(drag, [".dr-area", "dragover", "text"]) == [False, True]
    assert desk.page.evaluate(drag, [".dr-area", "drop", "text"]) == [False, False]
    assert desk.errors == []
    context.close()


def opened(browser, widget, width=1000, light=True):
    """A view of a widget with its drop area in sight."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    desk = Desk(context.new_page(), widget)
    if not light:
        desk.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    view = desk.open(widget)
    desk.settle(wait=400)
    if view.locator(".wb-recorded summary").count():
        view.locator(".wb-recorded > summary").click()
    return desk, view


def drop_files(desk, view, folder, *, away=False, **files):
    """Choose files, and wait until they are looked at."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        paths.append(str(path))
    there = view.locator(".dr-row").count()
    if not away:
        view.get_by_role("button", name="choose files").focus()
    view.locator(".dr-area input[type=file]").set_input_files(paths)
    carry_until(desk, lambda: view.locator(".dr-row").count() >= there + len(files))


def has_focus(locator):
    return locator.evaluate("one => one === document.activeElement")


def picture(desk, name):
    """What a PM sees, and whether anybody can use it."""
    desk.page.screenshot(path=pictures() / f"drop-{name}.png", full_page=True)
    assert serious_violations(desk.page, ".dr-area") == []
    inside, window = desk.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert inside <= window


def press(desk, *keys):
    for key in keys:
        desk.page.keyboard.press(key)
        desk.settle(wait=500)


@pytest.mark.parametrize("width", [1000, 360])
def test_each_is_left_by_its_own_button_and_who_works_by_keyboard_goes_on_at_the_next(browser, work, tmp_path, width):
    desk, view = opened(browser, Capture(work, today="2026-11-20"), width)
    files = {"a.txt": TALK, "b.docx": b"PK nothing", "c.txt": TALK.replace("export", "import")}
    long = f"{'a-name-that-only-a-program-writes-' * 5}.txt"
    drop_files(desk, view, tmp_path / "x", **files, **{long: TALK.replace("export", "report")})
    picture(desk, f"leave-{width}")
    view.get_by_role("button", name="Leave a.txt").focus()
    press(desk, "Enter")
    assert view.locator(".dr-state").inner_text().startswith("a.txt is left: it does not come in")
    assert has_focus(view.get_by_role("button", name="Leave b.docx")), "the next, which has nothing to open"
    press(desk, "Enter")
    assert has_focus(view.locator(".dr-row summary").first) and "c.txt" in view.locator(".dr-row").first.inner_text()
    place = view.get_by_role("button", name="Leave c.txt").bounding_box()
    at = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    desk.page.mouse.click(*at)
    desk.settle(wait=300)  # the answer may come between the two clicks
    desk.page.mouse.down(click_count=2)
    desk.page.mouse.up(click_count=2)
    desk.settle(wait=300)
    assert view.locator(".dr-row").count() == 1, "a double click means the one that it began at"
    restarted = Capture(work, today="2026-11-20")
    desk.load(restarted)
    view = desk.open(restarted)
    desk.settle(wait=400)
    assert view.locator(".dr-row").count() == 1 and long in view.locator(".dr-row").inner_text()
    view.get_by_role("button", name=f"Leave {long}").focus()
    press(desk, "Enter")
    assert view.locator(".dr-row").count() == 0 and has_focus(view.locator(".dr-state"))
    assert waits(work) == [".gitignore"] and calls(work) == [] and desk.errors == []
    desk.page.context.close()


@pytest.mark.parametrize(("width", "light"), [(1000, False), (360, True)])
def test_a_mended_transcript_offers_what_can_be_done_and_says_what_each_does(browser, work, tmp_path, width, light):
    desk, view = opened(browser, Capture(work, today="2026-11-20"), width, light)
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    drop_files(desk, view, tmp_path / "x", **{"2026-11-17 Acme.txt": long_talk()})
    bring.focus()
    press(desk, "Enter")
    assert has_focus(view.locator(".dr-state")), "and not lost"
    drop_files(desk, view, tmp_path / "x", **{"2026-11-17 mended.txt": long_talk("stopped")})
    row = view.locator(".dr-row")
    assert "left out; open it to replace the transcript there" in row.inner_text()
    assert bring.inner_text() == "Nothing to bring in"
    row.locator("summary").focus()
    press(desk, "Enter")
    again = view.locator("[data-field=again]")
    again.wait_for()
    press(desk, "Tab")
    assert has_focus(again)
    assert again.locator("option").all_inner_texts() == [
        "leave it out",
        "replace the transcript there",
        "bring it in as a new call",
    ]
    assert "quotes get the new words" in row.inner_text()
    picture(desk, f"mended-{width}")
    press(desk, "ArrowDown")
    assert (again.input_value(), bring.inner_text(), has_focus(again)) == ("replace", "Replace 1 transcript", True)
    assert view.locator("[data-field=day]").count() == 0, "the call there has its day"
    picture(desk, f"mended-replace-{width}")
    bring.focus()
    press(desk, "Enter")
    assert "1 replaced" in view.locator(".dr-state").inner_text() and has_focus(view.locator(".dr-state"))
    assert (work / "interviews/transcripts/2026-11-17-acme.txt").read_bytes() == long_talk("stopped")
    assert desk.errors == []
    desk.page.context.close()


@pytest.mark.parametrize(("width", "light"), [(1000, True), (360, False)])
def test_columns_are_put_right_by_keyboard_and_the_counts_follow(browser, work, tmp_path, width, light):
    desk, view = opened(browser, Capture(work, today="2026-11-20"), width, light)
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    drop_files(desk, view, tmp_path / "x", **{"survey.csv": SURVEY})
    days = view.locator("[data-field=column-days-0]")
    assert has_focus(days) and bring.inner_text() == "Answer 1 question first"
    picture(desk, f"columns-asked-{width}")
    press(desk, "d")
    line = view.locator(".dr-columns > summary")
    assert has_focus(line), "what was asked stands among the columns now"
    assert bring.inner_text() == "Bring in 2 calls"
    assert line.inner_text().split() == (
        "Columns quote: What is slow; and why? + What would help? (guessed) · customer: Company · date: Created · days: day first".split()
    )
    press(desk, "Enter")
    quote = view.locator("[data-field=column-quote-0]")
    quote.wait_for()
    press(desk, "Tab")
    assert has_focus(quote) and quote.locator("option:checked").inner_text() == "What is slow; and why?"
    assert "guessed: questions that were answered in words" in view.locator(".dr-columns").inner_text()
    picture(desk, f"columns-{width}")
    press(desk, "Tab", "Tab")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    assert desk.sent() == [], "who goes through a list is not yet where they want to be"
    desk.page.keyboard.press("End")
    desk.settle(wait=500)
    quotes = view.locator("[data-field^=column-quote]")
    chosen = ["What is slow; and why?", "What would help?", "Created", "and another …"]
    assert quotes.locator("option:checked").all_inner_texts() == chosen
    assert has_focus(quotes.nth(2)), "nobody is moved"
    press(desk, "Home")
    assert quotes.locator("option:checked").all_inner_texts() == [*chosen[:2], chosen[3]], "none is one less"
    # What was chosen a moment before holds for what is brought in.
    customer = view.locator("[data-field=column-customer-0]")
    customer.focus()
    customer.select_option(label="no column")
    view.locator("[data-field=customer]").focus()
    desk.settle(wait=0)
    assert bring.inner_text() == "Answer 1 question first", "the counts follow"
    customer.select_option(label="Created")
    desk.settle(wait=500)
    customer.focus()
    customer.select_option(label="Owner")
    bring.click()
    desk.settle(wait=500)
    assert sorted(set(customers(work))) == ["customer: Ana Ruiz", "customer: Tom Lee"]
    assert has_focus(view.locator(".dr-state")) and desk.errors == []
    desk.page.context.close()


def test_of_a_survey_of_many_long_questions_one_line_stays_one_line(browser, work, tmp_path):
    desk, view = opened(browser, Capture(work, today="2026-11-20"), 360)
    asks = [f"What is it, in question {n} of them, that keeps you from {'doing ' * 12}your work?" for n in range(30)]
    header = ",".join(["Company", "Created", *(f'"{ask}"' for ask in asks)])
    cells = ["Acme", "2026-11-17", *(f"It is slow and late in part {n}" for n in range(30))]
    drop_files(desk, view, tmp_path / "x", **{"survey.csv": f"{header}\n{','.join(cells)}\n"})
    line = view.locator(".dr-settled").inner_text()
    assert "and 28 more (guessed)" in line and len(line) < 200
    view.locator(".dr-row summary").first.click()
    view.locator(".dr-columns > summary").click()
    eventually(desk.page, lambda: view.locator("[data-field^=column-quote]").count(), 31)
    picture(desk, "columns-many-360")
    view.locator("[data-field=column-quote-0]").focus()
    press(desk, "Home")
    assert "and 27 more" in view.locator(".dr-columns > summary").inner_text() and desk.errors == []
    desk.page.context.close()


def test_a_table_that_cannot_be_read_by_its_columns_is_put_right_there(browser, work, tmp_path):
    desk, view = opened(browser, Capture(work, today="2026-11-20"), 360)
    rows = "Company,Created,Feedback,Notes\nAcme,2026-11-17,,The import is slow\n"
    drop_files(desk, view, tmp_path / "x", **{"a.csv": rows})
    view.locator(".dr-row summary").first.click()
    view.locator(".dr-columns > summary").click()
    view.locator("[data-field=column-quote-0]").focus()
    view.locator("[data-field=column-quote-0]").select_option(label="Feedback")
    desk.settle(wait=500)
    assert "no row has words of a customer in Feedback" in view.locator(".dr-problems").inner_text()
    assert view.locator(".dr-area > .wb-acts .wb-main").inner_text() == "Answer 1 question first"
    picture(desk, "columns-wrong-360")
    quote = view.locator("[data-field=column-quote-0]")
    assert has_focus(quote)
    quote.select_option(label="Notes")
    desk.settle(wait=500)
    assert view.locator(".dr-problems").count() == 0
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    assert bring.inner_text() == "Bring in 1 call"
    assert view.locator(".dr-columns > summary").inner_text().count("Notes") == 1, "its words come in once"
    desk.page.context.close()


@pytest.mark.parametrize("widget", [Capture, Triage])
def test_after_bringing_in_the_next_open_question_is_in_hand(browser, work, tmp_path, widget):
    desk, view = opened(browser, widget(work, today="2026-11-20"))
    files = {"2026-11-17 Acme.txt": TALK, "call.txt": TALK.replace("export", "import")}
    drop_files(desk, view, tmp_path / "x", **files)
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    bring.focus()
    press(desk, "Enter")
    assert view.locator(".dr-state").inner_text().startswith("1 call in. 1 file with a question is still here.")
    assert has_focus(view.locator("[data-field=day]"))
    view.locator("[data-field=day]").fill("2026-11-18")
    view.locator("[data-field=customer]").fill("Bolt")
    press(desk, "Tab")
    bring.focus()
    press(desk, "Enter")
    place = ".dr-state" if widget is Capture else ".tg-card"
    assert has_focus(view.locator(place)) and view.locator(".dr-row").count() == 0
    assert desk.errors == []
    desk.page.context.close()


def test_nobody_is_called_away_from_a_note_when_files_were_looked_at(browser, work, tmp_path):
    desk, view = opened(browser, Capture(work, today="2026-11-20"))
    entry = view.locator("textarea.wb-entry")
    entry.focus()
    drop_files(desk, view, tmp_path / "x", away=True, **{"call.txt": TALK})
    assert has_focus(entry)
    desk.page.context.close()


def test_who_waits_for_a_large_table_reads_what_is_done_and_is_not_told_that_nobody_answers(browser, work, tmp_path):
    desk, view = opened(browser, Capture(work, today="2026-11-20"))
    rows = "\n".join(["Date,Account,Feedback", *(f"2026-11-{day},Acme,Slow {day}" for day in range(10, 27))])
    drop_files(desk, view, tmp_path / "x", **{"tickets.csv": rows})
    bring, state = view.locator(".dr-area > .wb-acts .wb-main"), view.locator(".dr-state")
    bring.click()
    bring.click(force=True)
    sent = desk.sent()
    assert [message["drop"]["do"] for message in sent] == ["bring"], "two clicks are one"
    (capture,) = desk.captures.values()
    answers = desk.receive(sent)
    assert answers[0]["drop"]["did"] == "progress"
    desk.tell(answers[:1], capture)
    assert state.inner_text() == "Bringing in tickets.csv … A large table can take half a minute."
    desk.page.screenshot(path=pictures() / "drop-at-work.png", full_page=True)
    desk.wait(60_000)
    assert "Bringing in" in state.inner_text()
    desk.tell(answers[1:2], capture)
    assert state.inner_text() == "10 of 17 calls in"
    desk.tell(answers[2:], capture)
    desk.carry()
    assert state.inner_text().startswith("17 calls in") and has_focus(state)
    assert desk.errors == []
    desk.page.context.close()


JAPANESE = "会社名,回答日,ご意見\n山田製作所,2026-11-10,エクスポートすると行が消えるので毎回手で直しています\n鈴木商店,2026-11-11,承認の画面が遅くて月末は二時間待つことがあります\n"


@pytest.mark.parametrize(("width", "light"), [(1000, True), (360, False)])
def test_the_next_export_of_a_survey_is_shown_as_it_was_said_of_the_first(browser, work, tmp_path, width, light):
    (first,) = plan_import(work, [Source("survey.csv", JAPANESE.encode())], kept_as="table")
    said = {"quote": "ご意見", "customer": "会社名", "date": "回答日"}
    bring_in(work, [settle(first, columns=said, confirm=True)])
    desk, view = opened(browser, Capture(work, today="2026-11-20"), width, light)
    drop_files(
        desk,
        view,
        tmp_path / "x",
        **{"survey (1).csv": f"{JAPANESE}青木物産,2026-11-18,請求書の金額が合わないので経理が毎月調べています\n"},
    )
    row = view.locator(".dr-row")
    row.locator("summary").first.focus()
    press(desk, "Enter")
    carry_until(desk, lambda: "quote: ご意見 (guessed)" in row.inner_text())
    view.locator(".dr-columns > summary").focus()
    press(desk, "Enter")
    view.locator("[data-field=column-quote-0]").wait_for()
    picture(desk, f"columns-as-before-{width}")
    shown = row.inner_text()
    assert "as when such a table came in before" in shown
    assert all(name in shown for name in said.values())
    view.locator(".dr-area > .wb-acts .wb-main").focus()
    press(desk, "Enter")
    carry_until(desk, lambda: "survey-1.csv" in calls(work))
    assert desk.errors == []
    desk.page.context.close()
