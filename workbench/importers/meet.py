"""What Google Meet writes around a talk, in the language of whoever has the call: one table.

The words were seen in real transcripts, the Japanese ones in the tests of a public reader. Of German only the heading was found, of
Dutch nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["TRANSCRIPT", "has_ended", "is_meets_warning"]


class _Words(NamedTuple):
    transcript: str  # the heading of the talk, alone or behind the call's title
    ended: tuple[str, ...] = ()  # the line that closes it, with its time
    warning: str = ""  # what the line below that begins with


_LANGUAGES = {
    "English": _Words(
        "Transcript",
        ("Transcription ended after {time}", "Meeting ended after {time}", "Recording ended after {time}"),
        "This editable transcript was computer generated",
    ),
    "French": _Words(
        "Transcription",
        ("Transcription terminée après {time}",),
        "Cette transcription modifiable a été générée par ordinateur",
    ),
    "German": _Words("Transkript"),
    "Italian": _Words(
        "Trascrizione",
        ("Trascrizione terminata dopo {time}",),
        "Questa trascrizione modificabile è stata generata dal computer",
    ),
    "Japanese": _Words(
        "文字起こし", ("{time} より後に文字起こしが終了しました",), "この編集可能な文字起こしはコンピュータが生成した"
    ),
    "Portuguese": _Words(
        "Transcrição",
        ("A transcrição foi encerrada após {time}", "A reunião terminou depois de {time}"),
        "Esta transcrição editável foi gerada por computador",
    ),
    # In Spain "se ha generado por ordenador", in America "se generó por computadora" or "automáticamente".
    "Spanish": _Words(
        "Transcripción",
        ("La transcripción finalizó después de {time}", "La reunión finalizó después de {time}"),
        "Esta transcripción editable se",
    ),
}
# The headings, as a pattern.
TRANSCRIPT = "|".join(words.transcript for words in _LANGUAGES.values())
_ENDED = re.compile(
    r"[\s#*_]*(?:{})\W*".format(
        "|".join(
            ended.replace(" ", r"\s*").format(time=r"\d{1,3}:\d{2}:\d{2}")
            for words in _LANGUAGES.values()
            for ended in words.ended
        )
    ),
    re.IGNORECASE,
)
_WARNING = re.compile(
    r"[\s#*_]*(?:{})".format("|".join(words.warning for words in _LANGUAGES.values() if words.warning)), re.IGNORECASE
)


def has_ended(line: str) -> bool:
    """Whether a line closes a talk.

    Parameters
    ----------
    line : str
        A line, as text or as Markdown.

    Returns
    -------
    bool
        True for Meet's last line with its time.

    Examples
    --------
    >>> has_ended("### Transcription ended after 01:03:10"), has_ended("La transcripción finalizó después de 00:41:49")
    (True, True)
    """
    return _ENDED.fullmatch(line) is not None


def is_meets_warning(line: str) -> bool:
    """Whether a line says that a computer wrote the transcript.

    Parameters
    ----------
    line : str
        A line, as text or as Markdown.

    Returns
    -------
    bool
        True for what Meet writes below its last line.

    Examples
    --------
    >>> is_meets_warning("*This editable transcript was computer generated and might contain errors.*")
    True
    """
    return _WARNING.match(line) is not None
