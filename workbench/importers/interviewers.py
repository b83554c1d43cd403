"""What recorders and transcribers call those who ask, where nobody has said who is one of us: one list, for all who ask it."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.customers import fold_name

__all__ = ["INTERVIEWERS", "is_interviewer"]

INTERVIEWERS = frozenset(
    [
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
    >>> [is_interviewer(name) for name in ("Interviewer", "Moderator 2", "Q", "Q3", "Jane", "")]
    [True, True, True, False, False, False]
    """
    folded = fold_name(name)
    bare = re.sub(r"[\W\d_]+$", "", folded)
    return bare in INTERVIEWERS and (len(bare) > 1 or bare == folded)
