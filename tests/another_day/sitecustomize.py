"""A machine whose clock is on another day: put this folder on PYTHONPATH, and the day into ANOTHER_DAY.

Every Python that starts then, a notebook's kernel as well, takes that day's noon for the moment in which it started.
"""

import ctypes
import datetime
import gc
import os
import time


def move_clock(day):
    """Let all that tells the day in Python tell another."""
    noon = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), datetime.UTC).timestamp()
    shift = int(noon - time.time())
    real = {name: getattr(time, name) for name in ("time", "time_ns", "gmtime", "localtime", "ctime", "strftime")}
    now = datetime.datetime.now
    time.time = lambda: real["time"]() + shift  # which date.today and datetime.today ask
    time.time_ns = lambda: real["time_ns"]() + shift * 10**9
    for name in ("gmtime", "localtime", "ctime"):
        setattr(time, name, lambda at=None, tell=real[name]: tell(time.time() if at is None else at))
    time.strftime = lambda form, at=None: real["strftime"](form, time.localtime() if at is None else at)
    # The types themselves cannot be given another method, and others would be no datetime to C code.
    methods = gc.get_referents(datetime.datetime.__dict__)[0]
    methods["now"] = classmethod(lambda cls, tz=None: now(tz) + datetime.timedelta(seconds=shift))
    methods["utcnow"] = classmethod(
        lambda cls: now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(seconds=shift)
    )
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))


if "ANOTHER_DAY" in os.environ:
    move_clock(os.environ["ANOTHER_DAY"])
