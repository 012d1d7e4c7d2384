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
    ├── CodebookError       6   an entry of the codebook is wrong
    ├── LedgerError         7   a ledger cannot be opened, read or written, or refuses what it is given
    │   ├── LedgerMissing       there is none
    │   ├── LedgerNewer         it was written by a newer program
    │   ├── LedgerBusy          another program is writing for too long
    │   ├── LedgerFull          no room is left
    │   └── NotInLedger         it holds nothing of that name
    ├── ForecastError       8   a forecast cannot be made of what was given
    └── PriorsError         9   an entry of the priors of a risk is wrong
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


class LedgerError(DetenteError):
    """A ledger cannot be opened, read or written, or refuses what it is given."""

    exit_status = 7


class LedgerMissing(LedgerError):
    """There is no ledger at this place."""


class LedgerNewer(LedgerError):
    """The ledger was written by a newer program; nothing in it was touched."""


class LedgerBusy(LedgerError):
    """Another program is writing, and did not end in time."""


class LedgerFull(LedgerError):
    """No room is left; what was being written is not there, all else is."""


class NotInLedger(LedgerError):
    """The ledger holds no report, line, event or article of that name."""


class ForecastError(DetenteError):
    """A forecast cannot be made of what was given."""

    exit_status = 8


class PriorsError(DetenteError):
    """An entry of the priors of a risk is wrong; the message names file, entry and cure."""

    exit_status = 9
