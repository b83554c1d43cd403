"""Whose firm an address is of; one that anybody can have is of none."""

from __future__ import annotations

__all__ = ["domain_of", "firm_of"]

# Where people have addresses of their own, under any country's ending, and under one alone.
_ANYBODYS = {"aol", "gmail", "gmx", "googlemail", "hotmail", "icloud", "live", "outlook", "yahoo", "yandex", "ymail"}
_ANYBODYS_AT = set(
    """
    126.com 163.com bluewin.ch btinternet.com comcast.net fastmail.com free.fr freenet.de hey.com laposte.net libero.it mac.com
    mail.com mail.ru me.com msn.com naver.com orange.fr pm.me proton.me protonmail.com qq.com rocketmail.com sbcglobal.net seznam.cz
    t-online.de tutanota.com uol.com.br verizon.net virgilio.it wanadoo.fr web.de wp.pl zoho.com
    """.split()
)
# Before a country's ending they say nothing of whose it is: acme.co.uk.
_BEFORE_COUNTRY = {"ac", "co", "com", "edu", "gob", "gov", "ne", "net", "or", "org"}


def domain_of(address: str) -> str:
    """What stands behind the @ of a firm's address.

    Parameters
    ----------
    address : str
        Such as "jane@mail.acme.example".

    Returns
    -------
    str
        In small letters; empty for an address that anybody can have, and for what is none.

    Examples
    --------
    >>> domain_of("Jane@Acme.example"), domain_of("jane@gmail.com"), domain_of("jane@yahoo.co.uk"), domain_of("Jane")
    ('acme.example', '', '', '')
    """
    domain = address.rpartition("@")[2].casefold().strip(". ") if "@" in address else ""
    return "" if domain in _ANYBODYS_AT or _label(domain) in _ANYBODYS else domain


def firm_of(address: str) -> str:
    """What a firm may be called, going by an address of it.

    Parameters
    ----------
    address : str
        Such as "jane@mail.acme-freight.co.uk".

    Returns
    -------
    str
        Empty for an address that is of no firm.

    Examples
    --------
    >>> firm_of("jane@mail.acme-freight.co.uk"), firm_of("jane@gmail.com")
    ('Acme Freight', '')
    """
    return " ".join(word.capitalize() for word in _label(domain_of(address)).replace("_", "-").split("-") if word)


def _label(domain: str) -> str:
    """The part of a domain that somebody has chosen."""
    parts = domain.split(".")
    if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _BEFORE_COUNTRY:
        return parts[-3]
    return parts[-2] if len(parts) > 1 else parts[0]
