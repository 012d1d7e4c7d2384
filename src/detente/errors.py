"""What can go wrong, as one tree; every message says what, where, and what to do.

Exit statuses are part of the public face (see ``docs/errors.md``); a traceback is never shown to a user.

    DetenteError            1
    ├── UsageFault          2   an option or argument makes no sense (click's own status, too)
    ├── PageError           3   the page cannot be read
    │   ├── PageMissing         no such file
    │   ├── PageEmpty           nothing in it
    │   ├── PageUnreadable      binary, broken, or in an unknown encoding
    │   ├── PageTooLarge        more than the limit
    │   ├── NoArticle           it was read, but holds no article
    │   └── NotEnglish          its language is not one that the coder knows
    ├── FetchError          4   an address does not give a page
    │   └── AddressRefused      the address is not one that we fetch (private network, file:, …)
    ├── BatchFaults         5   a batch ran to its end, but some lines were bad
    └── CodebookError       6   an entry of the codebook is wrong
"""


class DetenteError(Exception):
    """Root of all errors that this program raises on purpose.

    Attributes:
        exit_status: the status with which the command line ends.
    """

    exit_status = 1


class UsageFault(DetenteError):
    """An option or an argument makes no sense."""

    exit_status = 2


class PageError(DetenteError):
    """A page cannot be read as an article."""

    exit_status = 3


class PageMissing(PageError):
    """There is no such file."""


class PageEmpty(PageError):
    """The page holds nothing."""


class PageUnreadable(PageError):
    """The page is binary, broken, or in an encoding that cannot be told."""


class PageTooLarge(PageError):
    """The page is over the size limit."""


class NoArticle(PageError):
    """The page was read but holds no article."""


class NotEnglish(PageError):
    """The article is in a language that the coder does not know."""


class FetchError(DetenteError):
    """An address does not give a page."""

    exit_status = 4


class AddressRefused(FetchError):
    """The address is one that is never fetched, or only with ``--allow-private``."""


class BatchFaults(DetenteError):
    """A batch ran to its end, but some of its lines could not be read."""

    exit_status = 5


class CodebookError(DetenteError):
    """An entry of the codebook is wrong; the message names file, entry and cure."""

    exit_status = 6
