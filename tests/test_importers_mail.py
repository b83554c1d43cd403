"""Mail: a thread is a talk, each message a turn of its writer, and what is quoted is said once."""

import json
import re
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.importers import Source, Transcript, Unreadable, read_source
from workbench.importers.markup import words_of_html
from workbench.importers.replies import take_apart

MAIL = "Mail (eml, mbox)"
ANA, JANE = "Ana Ruiz <ana@us.example>", "Jane Doe <jane@acme.example>"
HOW, BY_HAND = "How do you do the month-end report today?", "I export it to Excel and redo the totals by hand."


def message(
    words,
    sender=JANE,
    subject="Re: Month-end",
    day="Tue, 17 Nov 2026 16:02:00 +0100",
    id="2",
    answers="",
    html="",
    to="",
    **more,
):
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"], made["Date"], made["Message-ID"] = (
        sender,
        to or (JANE if sender == ANA else ANA),
        subject,
        day,
        f"<{id}@acme.example>",
    )
    if answers:
        made["In-Reply-To"] = f"<{answers}@acme.example>"
    if words is not None:
        made.set_content(words, **more)
    if html:
        (made.add_alternative if words is not None else made.set_content)(html, subtype="html")
    return made


def mbox(*messages):
    return b"".join(
        b"From MAILER-DAEMON Tue Nov 17 16:02:00 2026\n"
        + re.sub(rb"(?m)^(>*From )", rb">\1", bytes(one).replace(b"\r\n", b"\n"))
        + b"\n"
        for one in messages
    )


def threads(data, name="a.eml"):
    importer, found = read_source(Source(name, data if isinstance(data, bytes) else bytes(data)))
    assert importer.name == MAIL and all(isinstance(one, Transcript) for one in found)
    return found


def thread(data, name="a.eml"):
    (found,) = threads(data, name)
    return found


def told(found):
    return [(turn.speaker, turn.text) for turn in found.turns]


ASKED = message(HOW, ANA, "Month-end", "Mon, 16 Nov 2026 09:00:00 +0100", "1")
QUOTED = f"{BY_HAND}\n-- \nJane Doe\nops lead, Acme\n\nOn Mon, 16 Nov 2026 at 09:00, {ANA} wrote:\n> How do you do the\n> month-end report today?\n"


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a"])
def test_a_message_is_a_turn_and_what_it_quotes_is_one_before_it(name):
    found = thread(message(QUOTED), name)
    assert told(found) == [("Ana Ruiz", HOW), ("Jane Doe", BY_HAND)]
    assert (found.title, found.date) == ("Month-end", date(2026, 11, 17))


def test_a_thread_is_one_talk_in_the_order_of_its_days_and_says_nothing_twice():
    found = thread(
        mbox(
            message(QUOTED, answers="1"),
            ASKED,
            message(
                "Thanks! One more thing: since when?", ANA, id="3", answers="2", day="Wed, 18 Nov 2026 08:00:00 +0100"
            ),
        ),
        "a.mbox",
    )
    assert told(found) == [
        ("Ana Ruiz", HOW),
        ("Jane Doe", BY_HAND),
        ("Ana Ruiz", "Thanks! One more thing: since when?"),
    ]
    assert (found.title, found.date) == ("Month-end", date(2026, 11, 16))
    assert found.turns[0].line > found.turns[1].line == 1


def test_threads_of_a_mailbox_are_talks_of_their_own_and_a_message_that_lies_in_it_twice_is_one():
    other = message("We leave at the end of the year.", subject="Cancelling", id="9")
    found = threads(mbox(ASKED, other, message(QUOTED, answers="1"), ASKED), "a.mbox")
    assert [one.title for one in found] == ["Month-end", "Cancelling"]
    assert len(found[0].turns) == 2


def test_answers_without_references_are_found_by_their_subject_and_others_of_the_same_are_not():
    def titles(subject):
        return [len(one.turns) for one in threads(mbox(ASKED, message("By hand.", subject=subject, id="2")), "a.mbox")]

    assert titles("AW: Month-end") == [2] and titles("Month-end") == [1, 1]


KIM = "Kim Poe <kim@bolt.example>"


@pytest.mark.parametrize("cc", ["", ", Tom <tom@us.example>"])
@pytest.mark.parametrize("asked", [[], [ASKED]], ids=["answers alone", "with what was asked"])
def test_customers_who_answer_one_subject_are_threads_of_their_own(asked, cc):
    """All write to one of you, so that one shared address tells nothing; a colleague in copy neither."""
    answers = [message("By hand.", id="2", to=f"{ANA}{cc}"), message("I cannot log in.", KIM, id="3", to=f"{ANA}{cc}")]
    later = message("Since Monday.", KIM, id="4", to=ANA.upper(), day="Wed, 18 Nov 2026 08:00:00 +0100")
    found = threads(mbox(*asked, *answers, later), "a.mbox")
    assert [set(one.speakers) - {"Ana Ruiz"} for one in found] == [{"Jane Doe"}, {"Kim Poe"}]
    assert found[1].turns[-1].text == "I cannot log in. Since Monday."


def test_two_mails_with_one_subject_to_two_customers_each_have_their_own_answer():
    asked = [
        message(HOW, ANA, "Month-end", "Mon, 16 Nov 2026 09:00:00 +0100", id, to=to)
        for id, to in (("1", JANE), ("9", KIM))
    ]
    found = threads(mbox(*asked, message("By hand.", id="2"), message("I cannot log in.", KIM, id="3")), "a.mbox")
    assert [told(one) for one in found] == [
        [("Ana Ruiz", HOW), ("Jane Doe", "By hand.")],
        [("Ana Ruiz", HOW), ("Kim Poe", "I cannot log in.")],
    ]


def test_an_answer_that_names_fewer_or_more_people_is_of_the_thread():
    asked = message(HOW, ANA, "Month-end", "Mon, 16 Nov 2026 09:00:00 +0100", "1", to=f"{JANE}, {KIM}")
    fewer = message("I cannot log in.", KIM, id="3")
    assert [one.speakers for one in threads(mbox(asked, fewer), "a.mbox")] == [("Ana Ruiz", "Kim Poe")]
    more = message("By hand.", id="2", to=f"{ANA}, Tom <tom@us.example>")
    assert [one.speakers for one in threads(mbox(ASKED, more), "a.mbox")] == [("Ana Ruiz", "Jane Doe")]
    alone = message(HOW, ANA, "Month-end", "Mon, 16 Nov 2026 09:00:00 +0100", "1", to="undisclosed-recipients:;")
    assert len(threads(mbox(alone, message("By hand.", id="2"), fewer), "a.mbox")) == 3


def test_two_thousand_customers_who_answer_one_subject_are_two_thousand_threads():
    one = "From x Mon Nov 16 10:00:00 2026\nMessage-ID: <{0}@a>\nFrom: p{0}@c{0}.example\nTo: ana@us.example\nSubject: Re: x\n\nSlow {0}.\n\n"
    found = threads("".join(one.format(number) for number in range(2000)).encode(), "a.mbox")
    assert len(found) == 2000


def test_a_line_that_begins_with_from_is_no_new_message():
    found = thread(mbox(message("It broke.\n\nFrom here on it was slow.\n")), "a.mbox")
    assert told(found) == [("Jane Doe", "It broke. From here on it was slow.")]


HTML = (
    "<html><head><style>p {color: red}</style><title>x</title></head><body><p>I <b>redo</b> it&nbsp;by hand &amp; twice.</p>"
    "<script>alert(1)</script><img src='http://x.example/track.gif'><div class='gmail_quote'><div>On Mon, 16 Nov 2026 at 09:00, Ana Ruiz "
    "&lt;ana@us.example&gt; wrote:<br></div><blockquote>How do you do it?</blockquote></div></body></html>"
)


def test_html_is_read_where_there_is_no_text_and_its_scripts_are_not():
    assert told(thread(message(None, html=HTML))) == [
        ("Ana Ruiz", "How do you do it?"),
        ("Jane Doe", "I redo it by hand & twice."),
    ]
    assert told(thread(message("In words.", html=HTML))) == [("Jane Doe", "In words.")]


def test_what_is_attached_is_named_and_a_message_that_is_attached_is_read():
    one = message("See below.")
    one.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="list.pdf")
    one.add_attachment(ASKED)
    found = thread(one)
    assert told(found) == [("Ana Ruiz", HOW), ("Jane Doe", "See below.")]
    assert [("list.pdf" in problem.what, problem.line) for problem in found.problems] == [(True, 1)]


def test_of_forwarded_messages_without_an_id_each_is_read():
    one = message("See both.", "Tom <tom@us.example>")
    for sender, words in ((JANE, "The export breaks."), (KIM, "The filters are lost.")):
        inner = message(words, sender, "Fwd")
        del inner["Message-ID"]
        one.add_attachment(inner)
    found = thread(mbox(one, one), "a.mbox")
    assert sorted(turn.text for turn in found.turns) == ["See both.", "The export breaks.", "The filters are lost."]


QUOTES = {
    "gmail": f"Own.\n\nOn Mon, Nov 16, 2026 at 9:00 AM {ANA} wrote:\n\n> Theirs.\n",
    "wrapped": "Own.\n\nOn Mon, Nov 16, 2026 at 9:00 AM Ana Ruiz\n<ana@us.example>\nwrote:\n> Theirs.\n",
    "apple": "Own.\n\n> On 16 Nov 2026, at 09:00, Ana Ruiz <ana@us.example> wrote:\n> \n> Theirs.\n",
    "german": f"Own.\n\nAm 16.11.2026 um 09:00 schrieb {ANA}:\n> Theirs.\n",
    "french": f"Own.\n\nLe lun. 16 nov. 2026 à 09:00, {ANA} a écrit :\n> Theirs.\n",
    "outlook": f"Own.\n\n________________________________\nFrom: {ANA}\nSent: Monday, November 16, 2026 9:00 AM\nTo: Jane Doe\nSubject: Month-end\n\nTheirs.\n",
    "outlook old": "Own.\n\n-----Original Message-----\nFrom: Ana Ruiz [mailto:ana@us.example]\nSent: Monday\nTo: Jane\nSubject: x\n\nTheirs.\n",
    "outlook german": "Own.\n\nVon: Ana Ruiz <ana@us.example>\nGesendet: Montag\nAn: Jane Doe\nBetreff: x\n\nTheirs.\n",
    "forwarded": f"Own.\n\n---------- Forwarded message ---------\nFrom: {ANA}\nDate: Mon\nSubject: x\nTo: Jane\n\n\nTheirs.\n",
    "without marks": f"Own.\n\nOn Mon, Nov 16, 2026 at 9:00 AM {ANA} wrote:\n\nTheirs.\n",
    "phone": f"Own.\n\nSent from my iPhone\n\n> On Nov 16, 2026, at 9:00 AM, {ANA} wrote:\n> \n> Theirs.\n",
}


@pytest.mark.parametrize("kind", QUOTES)
def test_what_is_quoted_is_told_from_what_is_answered_however_the_program_writes_it(kind):
    assert told(thread(message(QUOTES[kind]))) == [("Ana Ruiz", "Theirs."), ("Jane Doe", "Own.")]


def test_an_answer_between_the_lines_and_one_within_one_are_told_apart():
    text = f"On Mon, 16 Nov 2026, {ANA} wrote:\n> First question?\nFirst answer.\n> On Sun, 15 Nov 2026, {JANE} wrote:\n>> The oldest.\n>\n> Second question?\nSecond answer.\n-- \nJane\n"
    assert [(passage.text, passage.own) for passage in take_apart(text)] == [
        ("First question?", False), ("The oldest.", False), ("Second question?", False), ("First answer.\nSecond answer.", True),
    ]  # fmt: skip


def test_words_that_look_like_a_quote_and_are_none_stay():
    for text in ("On Monday she wrote: all is well.", "From: the top", "On top of it:\nit is slow", "I said > 50 rows"):
        assert [passage.text for passage in take_apart(text) if passage.own] == [text]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("cte", ["quoted-printable", "base64"])
def test_any_encoding_gives_the_same_words(charset, cte):
    words = "Zoë said déjà vu, again and again."
    found = thread(message(words, "Zoë Dœ <z@x.example>", charset=charset, cte=cte))
    assert told(found) == [("Zoë Dœ", words)]


def test_a_charset_that_nobody_knows_and_one_that_is_wrong_are_read_all_the_same():
    for charset in (b"x-unknown", b"us-ascii", b"utf-8"):
        data = (
            b"From: Jane <j@x.example>\nDate: Tue, 17 Nov 2026 16:02:00 +0100\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset="
            + charset
            + b"\nContent-Transfer-Encoding: 8bit\n\nd\xe9j\xe0 vu\n"
        )
        assert told(thread(data)) == [("Jane", "déjà vu")]
    raw = "From: Zoë <z@x.example>\nDate: Tue, 17 Nov 2026 16:02:00 +0100\nSubject: é\n\nslow\n"
    for encoding in ("utf-8", "cp1252"):
        assert (told(thread(raw.encode(encoding))), thread(raw.encode(encoding)).title) == ([("Zoë", "slow")], "é")


def test_a_message_copied_as_text_is_mail_and_a_talk_and_notes_are_none():
    copied = b"From: Jane Doe <jane@acme.example>\nSent: Tuesday, November 17, 2026 4:02 PM\nTo: Ana Ruiz\nSubject: Reports\n\nBy hand.\n"
    found = thread(copied, "a.txt")
    assert told(found) == [("Jane Doe", "By hand.")] and found.date == date(2026, 11, 17)
    for text in (
        b"Ana: How?\n\nJane: By hand.\n\nAna: And then?\n",
        b"From: Jane\n\nIt is slow\n",
        b"---\ncustomer: Acme\n---\n- slow\n",
    ):
        assert read_source(Source("a.txt", text))[0].name != MAIL


def test_a_message_without_words_says_so():
    with pytest.raises(Unreadable, match="words"):
        threads(message("\n"))


def test_html_however_broken_gives_words():
    for html, words in (
        ("<p>a<p>b", "a\nb"), ("<b>a</i>b", "ab"), ("a<br>b", "a\nb"), ("<script>x</script>a<script>b", "a"), ("&lt;b&gt; &#65;", "<b> A"),
        ("<ul><li>a<li>b</ul>", "a\nb"), ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>> b\nc"), ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ):  # fmt: skip
        assert words_of_html(html) == words


@pytest.mark.parametrize("mark", ["<div>", "<blockquote>", "<p", "<!--", "<![", "<a href='", "<b>", "<table>", "&"])
def test_a_long_page_of_marks_takes_no_longer_than_it_is_long(mark):
    """Where one of them took the square of it, the test would not end."""
    words_of_html(mark * (200_000 // len(mark)) + "end")
    assert "start" in words_of_html("start" + mark * 1000)


def test_a_thread_of_four_hundred_messages_is_one_talk():
    messages = [
        message(f"{number} is slow", subject="Re: x", id=str(number), answers=str(number - 1)) for number in range(400)
    ]
    found = thread(mbox(*messages), "a.mbox")
    assert sum(len(turn.pieces) for turn in found.turns) == 400


def test_hostile_words_are_words():
    for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines():
        payload = json.loads(line)["payload"]
        payload = payload if isinstance(payload, str) else json.dumps(payload)
        data = payload.encode("utf-8", "surrogatepass")
        for whole in (
            b"From: " + data + b"\nSubject: " + data + b"\nDate: " + data + b"\nMessage-ID: " + data + b"\n\n" + data,
            b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: "
            + data
            + b"\nContent-Disposition: "
            + data
            + b"\n\n"
            + data,
            b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n" + data,
            b"From a Tue Nov 17 16:02:00 2026\nFrom: a\n\n" + data + b"\n" + data,
        ):
            try:
                assert read_source(Source("a.eml", whole))[1]
            except Unreadable:
                continue


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 3000),
    st.binary(max_size=20) | st.sampled_from([b"\n\n", b"From ", b"=?utf-8?q?", b"charset=", b'"', b"\r\n>", b"--"]),
    st.integers(0, 20),
)
def test_any_bytes_give_turns_or_say_why_not(place, other, gone):
    place %= len(WHOLE)
    try:
        assert read_source(Source("a.mbox", WHOLE[:place] + other + WHOLE[place + gone :]))[1]
    except Unreadable:
        pass


WHOLE = mbox(ASKED, message(QUOTED, answers="1", html=HTML))


def test_who_writes_stands_with_the_address_and_whose_mailbox_it_is_where_something_tells():
    asked = message(HOW, ANA, id="1", subject="Month-end")
    answered = message(
        f"{BY_HAND}\n\nOn Mon, Kim Poe <kim@cargo.example> wrote:\n> Rows are lost.\n", id="2", answers="1"
    )
    found = thread(mbox(asked, answered), "a.mbox")
    assert dict(found.addresses) == {
        "Ana Ruiz": "ana@us.example", "Jane Doe": "jane@acme.example", "Kim Poe": "kim@cargo.example",
    }  # fmt: skip
    assert found.owner == ""
    answered["Delivered-To"] = "Ana@us.example"
    assert thread(answered).owner == "ana@us.example"
    other = message("Slow.", "Bo Li <bo@bolt.example>", id="9", subject="Speed")
    assert {one.owner for one in threads(mbox(message(BY_HAND), other), "a.mbox")} == {"ana@us.example"}
