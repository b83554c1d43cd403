"""Words that hint at what a note means. They rank and hint; they never decide.

A rule (:mod:`~workbench.signals.rule`) is a regular expression with an id and a kind, and what before or behind it voids it: a
denial, a condition, a report. To add a kind, add its rules to one of the files below; :func:`find_signals` then finds it.

===============  ==============================================================================================
``struggles``    pain, intensity, workaround: what goes wrong, how much it matters, how people get by
``costs``        cost, frequency: time, money and people, with their :class:`Amount`; how often
``forces``       trigger, wish, anxiety, habit: with the pain, which is the push, the forces of a switch
``events``       event: a thing that did happen
``talk``         hypothetical, compliment, commitment: what is said about us, and what it costs who says it
``ease``         :func:`says_it_works`, for evidence against a pain
===============  ==============================================================================================

What the kinds are worth comes from two schools of interviewing. *The Mom Test* (Fitzpatrick 2013): what people did is
evidence; compliments, fluff ("I usually", "I would") and ideas are none, until somebody commits time, reputation or money. *Jobs
to be done* (Moesta and Spiek's switch interviews; Christensen et al. 2016, "Know your customers' jobs to be done"): a trigger
sets a switch off, the push of a pain and the pull of a wish work for it, anxiety about the new and the habit of the old against.
Words alone are weak evidence of any of these: hence the figures.

The rules know English only. No rule looks further than a few words back or ahead, so that the time taken grows with
the text's length and no faster, whatever the text: half a millisecond a note.

How often they are right, as "right of found, of those there", a note counting once for a kind:

============  ====================  ====================  ==================  ================
kind          sample, 95 notes (a)  sample, 89 notes (b)  ONRR, 60 notes (c)  PDPilot, 150 (d)
============  ====================  ====================  ==================  ================
pain          26 of 28, of 45       23 of 26, of 45       17 of 17, of 27     8 of 15, of 18
intensity     1 of 1, of 1          0 of 1, of 0          0 of 1, of 0        0 of 0, of 0
workaround    18 of 22, of 22       13 of 19, of 21       0 of 0, of 0        1 of 1, of 1
cost          14 of 14, of 15       14 of 14, of 15       0 of 0, of 0        0 of 1, of 0
frequency     6 of 9, of 6          7 of 7, of 8          0 of 2, of 0        0 of 3, of 0
trigger       5 of 6, of 5          2 of 3, of 2          0 of 4, of 0        1 of 6, of 1
wish          9 of 9, of 12         6 of 8, of 8          19 of 19, of 26     2 of 9, of 5
anxiety       0 of 0, of 0          3 of 4, of 5          0 of 0, of 0        0 of 1, of 1
habit         0 of 0, of 1          3 of 4, of 5          0 of 0, of 0        0 of 2, of 0
event         37 of 37, of 45       35 of 36, of 39       8 of 13, of 13      8 of 23, of 11
hypothetical  0 of 0, of 0          0 of 0, of 0          8 of 11, of 8       12 of 20, of 14
compliment    0 of 0, of 0          0 of 0, of 0          7 of 7, of 16       12 of 12, of 20
commitment    1 of 1, of 2          4 of 4, of 4          0 of 0, of 0        1 of 1, of 1
all           117 of 127, of 154    110 of 126, of 152    59 of 74, of 90     45 of 94, of 72
============  ====================  ====================  ==================  ================

All labels are by the author of the rules. (a), (b) Not independent: the sample study, which was invented for this
repository, labelled before the rules of the new kinds were written; mistakes in (a) were looked at, those in (b) were not, but
were read when labelled. The rules for event and cost were mended on both. (c) The most independent: five usability
interviews, read and labelled only after the rules were fixed. (d) Sentences of talk recorded word for word, labelled before;
its mistakes were not looked at. Talk is far harder than notes: right in 48 of 100, against 80 to 92. ``benchmarks/README.md``
has keywords beside these, and a study coded by other people.
"""

from workbench.signals.amount import Amount
from workbench.signals.ease import says_it_works
from workbench.signals.find import (
    SIGNAL_COLUMNS,
    SIGNAL_KINDS,
    compliment,
    cost,
    find_in_turns,
    find_signals,
    frequency,
    hypothetical,
    note_signals,
    past_event,
)
from workbench.signals.rule import Signal

__all__ = [
    "SIGNAL_COLUMNS",
    "SIGNAL_KINDS",
    "Amount",
    "Signal",
    "compliment",
    "cost",
    "find_in_turns",
    "find_signals",
    "frequency",
    "hypothetical",
    "note_signals",
    "past_event",
    "says_it_works",
]
