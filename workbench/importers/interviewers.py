"""What recorders and transcribers call those who ask, where nobody has said who is one of us: one list, for all who ask it."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.customers import fold_name

__all__ = ["INTERVIEWERS", "is_interviewer"]

# As such words stand in German, French, Spanish and Portuguese, Italian, Dutch, Russian, Japanese, Chinese and Korean.
_ELSEWHERE = (
    "interviewerin moderatorin forscher forscherin enquêteur enquêtrice intervieweur intervieweuse modérateur modératrice"
    " entrevistador entrevistadora moderador moderadora intervistatore intervistatrice moderatore moderatrice onderzoeker"
    " интервьюер модератор インタビュアー 聞き手 質問者 采访者 采访人 访谈者 访谈员 主持人 訪談者 인터뷰어 면접관 진행자"
)
INTERVIEWERS = frozenset(
    [
        *map(fold_name, _ELSEWHERE.split()),
        "facilitator",
        "host",
        "interviewer",
        "moderator",
        "researcher",
        "pm",  # a customer who is one has a name
        "me",  # whoever wrote it down, and so do "us" and "we"
        "us",
        "we",
        "you",  # recorders call so whoever is at the computer that records
        "q",  # the question, of an interview set as Q and A; Q1 or Q3 may be a quarter
    ]
)
# "I" is left out: it may be the interviewer's, or the first letter of a customer's name.


# Asked of each row of a table.
@lru_cache(maxsize=10_000)
def is_interviewer(name: str) -> bool:
    """Whether somebody is called by what those who ask are called.

    Parameters
    ----------
    name : str
        A speaker's name.

    Returns
    -------
    bool
        True for "Interviewer", "Moderator 2" and the like.

    Examples
    --------
    >>> [is_interviewer(name) for name in ("Interviewer", "Moderator 2", "インタビュアー", "Q", "Q3", "Jane", "")]
    [True, True, True, True, False, False, False]
    """
    folded = fold_name(name)
    bare = re.sub(r"[\W\d_]+$", "", folded)
    return bare in INTERVIEWERS and (len(bare) > 1 or bare == folded)
