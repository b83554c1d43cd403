"""What all widgets share: their source on disk, and the still picture that stands in for them where no kernel answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
from IPython.display import display

__all__ = ["Widget", "read_script", "read_style"]

HERE = Path(__file__).parent
# Where the picture is all there is, JupyterLab's word on the widget that it does not find says nothing more. (The other way
# round, the picture beside a living widget, look.css hides.)
ALONE = (
    "<style>.jp-OutputArea-child:has(.wb-still) + .jp-OutputArea-child:not(:has(.wb-face)) { display: none; }</style>"
)


def read_script(*names: str) -> str:
    """The module of a widget: what all share, then its own; there is no bundler, and a module in a notebook has no neighbours.

    Parameters
    ----------
    *names : str
        Such as ``capture`` for ``capture.js``; where a widget has several, in their order.

    Returns
    -------
    str
        JavaScript.
    """
    return "\n".join((HERE / f"{part}.js").read_text("utf-8") for part in ("look", *names))


def read_style(*names: str) -> str:
    """The style of a widget, with what all share before it.

    Parameters
    ----------
    *names : str
        Such as ``capture`` for ``capture.css``; where a widget has several, in their order.

    Returns
    -------
    str
        CSS.
    """
    return "\n".join((HERE / f"{part}.css").read_text("utf-8") for part in ("look", *names))


class Widget(anywidget.AnyWidget):
    """A widget that leaves a still picture of itself behind.

    Shown in a notebook it gives two outputs: the picture as plain HTML, and the live widget, beside which the picture
    hides. Where there is no kernel (exported, opened elsewhere, not run again) the picture is what is seen.
    """

    def picture(self) -> str:
        """The widget's state as static HTML, everything escaped, the same bytes for the same state.

        Returns
        -------
        str
            HTML without scripts, in one element of the class ``wb-still``.
        """
        raise NotImplementedError

    def _ipython_display_(self, **_: Any) -> None:
        name = {"text/plain": f"{type(self).__name__}()"}  # without an address, which would be another one on each run
        display({"text/html": ALONE + self.picture(), **name}, metadata={"workbench": "still"}, raw=True)
        data, _ = self._repr_mimebundle_()
        display({**data, **name}, metadata={"workbench": "live"}, raw=True)
