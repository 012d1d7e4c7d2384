"""The console that everything in the terminal is printed on.

What always holds: nothing that is printed is taken for markup, a highlight or an emoji's name.
"""

from typing import TextIO

from rich.console import Console


def console(stream: TextIO, *, width: int | None = None) -> Console:
    """A console on a stream: colour on a terminal only, 80 columns where the width is not known."""
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
