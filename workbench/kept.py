"""What was computed from files, kept beside them so that it is not computed anew.

It is a cache and nothing else: it is made again whenever it is missing, damaged, or written by another version of what
computes it, and whoever keeps something names the bytes that it holds for. A workspace that came from elsewhere must not be
able to run code by being read, so it is JSON; nor to put words into a customer's mouth, so it is sealed with a key that lies
with this user and not in the workspace.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from workbench.save import SaveError, fingerprint, save_bytes

__all__ = ["keep", "load_kept", "version_of"]


def load_kept(path: Path, version: str) -> tuple[Any, bytes | None]:
    """What was kept.

    Parameters
    ----------
    path : pathlib.Path
        Where.
    version : str
        What computes it; what another version has computed is of no use.

    Returns
    -------
    content : dict or list or None
        As :func:`keep` was given it; None where there is none that is of use.
    data : bytes or None
        The file's bytes, for :func:`keep`; None where there is no file.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "kept", "sums.json")
    >>> keep(path, "1", {"a": 3}, None)
    >>> load_kept(path, "1")[0], load_kept(path, "2")[0]
    ({'a': 3}, None)
    """
    data = None
    with suppress(OSError, ValueError):
        data = path.read_bytes()
        seal, _, content = data.partition(b"\n")
        if hmac.compare_digest(seal, _seal(content)):
            loaded = json.loads(content)
            if loaded["version"] == version:
                return loaded["content"], data
    return None, data


def keep(path: Path, version: str, content: Any, old: bytes | None) -> None:
    """Keep something; a cache that cannot be written is no reason to fail a read.

    Parameters
    ----------
    path : pathlib.Path
        Where. Its folder keeps itself out of git.
    version : str
        What has computed it.
    content : dict or list
        Anything that JSON can hold.
    old : bytes or None
        What :func:`load_kept` found there.
    """
    with suppress(OSError, ValueError, SaveError):
        data = json.dumps({"version": version, "content": content}, separators=(",", ":")).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        # The folder keeps itself out of git, wherever it comes to be; what stands there already may be a link to elsewhere.
        with suppress(FileExistsError), open(path.parent / ".gitignore", "x") as ignored:
            ignored.write("*\n")
        save_bytes(path, _seal(data) + b"\n" + data, expected=fingerprint(old) if old is not None else None)


def version_of(patterns: Iterable[str], *packages: str) -> str:
    """What computes something, as :func:`load_kept` takes it: another version where a line of it is another.

    Parameters
    ----------
    patterns : iterable of str
        Files of this package, such as ``importers/*.py``.
    *packages : str
        Others' packages that have a part in it.

    Returns
    -------
    str
        A fingerprint.

    Examples
    --------
    >>> version_of(["kept.py"]) == version_of(["kept.py"]), version_of(["kept.py"]) == version_of(["save.py"])
    (True, False)
    """
    files = [path.read_bytes() for pattern in patterns for path in sorted(Path(__file__).parent.glob(pattern))]
    return fingerprint(b"".join([*(version(name).encode() for name in packages), sys.version.encode(), *files]))


def _seal(data: bytes) -> bytes:
    """A keyed hash that only this user can make (BLAKE2, RFC 7693)."""
    file = user_data_path("discovery-workbench") / "cache-key"
    with suppress(FileExistsError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
            stream.write(secrets.token_bytes(32))
    key = file.read_bytes()
    if len(key) != 32:
        raise ValueError(f"{file} holds no key")
    return hashlib.blake2b(data, key=key).hexdigest().encode()
