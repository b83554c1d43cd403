"""The report: claims as data, their view, and the nbconvert exporter that draws them for others.

``claims`` says what is claimed, ``view`` turns it into HTML through ``templates``, ``sections`` shows it in a
notebook, ``exporter`` makes the page that leaves. Only ``exporter`` knows nbconvert, and it knows no scikit-learn.
"""

__all__ = ["MIMETYPE", "VERSION"]

# How a cell's output carries its claims, and the version of their shape.
MIMETYPE = "application/vnd.discovery-workbench.claims+json"
VERSION = 3
