"""Where pages come from (files, standard input, addresses on the web), and files of events that others coded.

What always holds: of a page a source yields bytes and says where they came from, and does not read them; of a file of
coded events every row is taken or told (`detente.sources.histories`).
"""

from detente.sources.page import Page, load

__all__ = ["Page", "load"]
