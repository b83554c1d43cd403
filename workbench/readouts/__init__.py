"""What others were told, read as findings: who is counted, who is listed, who is quoted.

`counts` reads how many people a sentence speaks of, `names` who they are, `quoted` whose words are given; `json_lines` and
`passages` say on which line each thing stands; `readout` puts it together.
"""

from workbench.readouts.counts import Count, find_counts
from workbench.readouts.names import Names
from workbench.readouts.passages import Passage
from workbench.readouts.quoted import Quote, find_quotes
from workbench.readouts.readout import Finding, Readout, parse_readout

__all__ = [
    "Count",
    "Finding",
    "Names",
    "Passage",
    "Quote",
    "Readout",
    "find_counts",
    "find_quotes",
    "parse_readout",
]
