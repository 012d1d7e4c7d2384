"""Where pages come from: files, standard input, and addresses on the web.

What always holds: a source yields bytes and says where they came from; it does not read them.
"""

from detente.sources.page import Page, load

__all__ = ["Page", "load"]
