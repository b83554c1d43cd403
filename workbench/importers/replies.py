"""A message taken apart: what its writer says, and what others said whom it quotes below or between, each by name where it has one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import parseaddr
from typing import NamedTuple

__all__ = ["Passage", "address_of", "take_apart"]

DEEPEST = 20
_WROTE = r"wrote|writes|sent|schrieb|a écrit|escribió|ha scritto|scrisse|escreveu|schreef|skrev|napisał(?:a|\(a\))?"
# "On Tue, 17 Nov 2026 at 16:02, Jane Doe <jane@acme.example> wrote:", in German the name behind the verb; on up to three lines.
_ATTRIBUTION = re.compile(
    rf"[ \t]*(?:On|Am|Le|El|Il|Em|Op|Den|På|Dnia|W dniu)\s(?P<before>[^\n]{{4,200}}?(?:\n[^\n]{{0,200}}?){{0,2}})\s*\b(?:{_WROTE})\b(?P<after>[^\n:]{{0,150}}):[ \t]*",
    re.IGNORECASE,
)
# The name stands behind the last of day, year and time.
_NAME_BEFORE = re.compile(
    r".*(?:\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[AP]\.?M\.?)?|\b\d{4})(?:\s*\([^()]*\)|\s+(?:UTC|GMT|CES?T|E[SD]T|P[SD]T)\b|\s*[+-]\d{4})*"
    r"[\s,;]+(?P<name>[^\d\s,;].*)",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\W*(?:-+\s*)?(?:Original Message|Forwarded message|Begin forwarded message|Ursprüngliche Nachricht|Weitergeleitete Nachricht|Message d'origine"
    r"|Message transféré|Mensaje original|Mensaje reenviado|Messaggio originale|Mensagem original|Oorspronkelijk bericht)\s*:?\s*-*\W*",
    re.IGNORECASE,
)
_FROM = re.compile(r"[ \t]*\*?(?:From|Von|De|Da|Van|Från|Fra|Od)\s?:\*?\s+(?P<who>\S.*)", re.IGNORECASE)
_HEADER = re.compile(
    r"[ \t]*\*?(?:From|Von|De|Da|Van|Från|Fra|Od|Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha|Inviato|Data|Verzonden|Skickat|Sendt|Dato|To|An|À|Para|A|Aan|Till"
    r"|Til|Do|Cc|Kopie|Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Ämne|Emne|Temat|Reply-To)\s?:\*?(?:\s.*)?",
    re.IGNORECASE,
)
_RULE = re.compile(r"[ \t]*_{10,}[ \t]*")
_SIGNATURE = re.compile(r"[ \t]*--[ \t]*")
_DEVICE = re.compile(
    r"[ \t]*(?:Sent from my |Sent from (?:Outlook|Yahoo|Mail for )|Get Outlook for |Von meinem .{1,30} gesendet|Gesendet von |Envoyé de mon |Enviado desde ).{0,80}",
    re.IGNORECASE,
)


class Passage(NamedTuple):
    """What one person says in a message.

    Parameters
    ----------
    who : str
        A name or an address, as the message gives it; empty where it does not say, and for its writer.
    text : str
        The words.
    own : bool
        Whether they are the writer's.
    """

    who: str
    text: str
    own: bool


def take_apart(text: str) -> list[Passage]:
    r"""The passages of a message, those it quotes before the writer's own.

    Parameters
    ----------
    text : str
        The message's words, without its head.

    Returns
    -------
    list of Passage
        None of them empty. Signatures are left out.

    Examples
    --------
    >>> text = "By hand.\n-- \nJane\n\nOn Tue, 17 Nov 2026 at 16:02, Ana Ruiz <ana@us.example> wrote:\n> How do you do it?\n"
    >>> take_apart(text)
    [Passage(who='Ana Ruiz <ana@us.example>', text='How do you do it?', own=False), Passage(who='', text='By hand.', own=True)]
    """
    return _take_apart(text.split("\n"), "", True, 0)


def _take_apart(lines: Sequence[str], who: str, own: bool, depth: int) -> list[Passage]:
    quoted: list[Passage] = []
    said: list[str] = []
    by, place = "", 0
    signed = False
    while place < len(lines):
        line = lines[place]
        if line.lstrip(" \t").startswith(">"):
            end = place
            while end < len(lines) and lines[end].lstrip(" \t").startswith(">"):
                end += 1
            quoted += _below([one.lstrip(" \t")[1:].removeprefix(" ") for one in lines[place:end]], by, depth)
            by, place, signed = "", end, False
        elif found := _attribution(lines, place):
            by, place = found
            # Where no line below is marked, all of it is quoted.
            below = next((one for one in lines[place:] if one.strip()), "")
            if not below.lstrip(" \t").startswith(">"):
                quoted += _below(lines[place:], by, depth)
                break
            signed = False
        elif begins := _headers(lines, place):
            by, place = begins
            quoted += _below(lines[place:], by, depth)
            break
        else:
            signed = signed or _SIGNATURE.fullmatch(line) is not None or _DEVICE.fullmatch(line) is not None
            if not signed:
                said.append(line)
            place += 1
    words = "\n".join(said).strip()
    return [*quoted, *([Passage(who, words, own)] if words else [])]


def _below(lines: Sequence[str], who: str, depth: int) -> list[Passage]:
    if depth == DEEPEST:
        words = "\n".join(line.lstrip("> \t") for line in lines).strip()
        return [Passage(who, words, False)] if words else []
    return _take_apart(lines, who, False, depth + 1)


def _attribution(lines: Sequence[str], place: int) -> tuple[str, int] | None:
    """Who is quoted below a line that says so, and where that begins."""
    if not lines[place][:1].strip() or len(lines[place]) > 300:
        return None
    for n in (1, 2, 3):
        text = "\n".join(" ".join(line[:300].split()) for line in lines[place : place + n])
        if found := _ATTRIBUTION.fullmatch(text) if text.endswith(":") else None:
            if after := " ".join(found["after"].split()):
                return after, place + n
            before = " ".join(found["before"].split())
            name = _NAME_BEFORE.fullmatch(before)
            return (name["name"] if name else before.rpartition(",")[2]).strip(" ,"), place + n
    return None


def _headers(lines: Sequence[str], place: int) -> tuple[str, int] | None:
    """Who is quoted below the head of a message within one, and where its words begin."""
    start = place
    forwarded = _FORWARDED.fullmatch(lines[place][:120]) is not None
    if forwarded or _RULE.fullmatch(lines[place]):
        start = next((n for n in range(place + 1, min(place + 4, len(lines))) if lines[n].strip()), len(lines))
    end = start
    while end < len(lines) and end < start + 12 and _HEADER.fullmatch(lines[end][:500]):
        end += 1
    senders = [found["who"] for line in lines[start:end] if (found := _FROM.fullmatch(line[:500]))]
    if senders and end - start >= 3:
        return senders[0].strip(" *"), end
    return ("", place + 1) if forwarded else None


def address_of(who: str) -> tuple[str, str]:
    """A name and an address of what stands for somebody; either may be empty."""
    name, address = parseaddr(who.replace("[mailto:", "<").replace("]", ">"))
    return (name, address.casefold()) if "@" in address else (who.strip(' "'), "")
