"""Main text against residue: where the article's own paragraphs begin and end, and what else the page carries.

What always holds: paragraphs are divided by blank lines; a paragraph is residue because of its own shape, or because it
stands behind the point where the article has ended, never because of what it says about whom. Where everything looks
like residue, nothing is taken for it: a list of headlines is then the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from detente.model import Residue, ResidueKind

_BLOCK = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_FINAL = re.compile(r"[.!?:;][\"”’')\]]*$")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\s*\]?$")
_BULLET = re.compile(r"^(?:[•*▪‣–—-]|\(?\d{1,2}[.)]|\(?[a-z]\)|[QA]:)\s")
_I = re.IGNORECASE
_SHAPES: tuple[tuple[ResidueKind, re.Pattern[str], int], ...] = (
    # (kind, what it looks like, at most so many words)
    ("byline", re.compile(r"^(?:by|von)\s+(?:our\s|[A-Z])|^(?:staff writers?|staff reporters?|news desk|agencies)\b|"
                          r"^[\w' ]{2,30}\bdesk\s*[|,/]|^(?:updated|published|posted|last modified)\b", _I), 14),
    ("byline", re.compile(r"^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:\d{1,2}\s+\w+|\w+\s+\d{1,2}),?\s+\d{4}"
                          r"(?:,?\s*\d{1,2}:\d\d.*)?$", _I), 10),
    ("caption", re.compile(r"^\[?(?:photos?|photographs?|pictures?|images?|captions?|file photo|video|graphic|illustration|map)"
                           r"\s*(?:credit)?\s*[:\]/|]|\b(?:photo|picture|image|credit)s?\s*:|\((?:reuters|ap|afp|ap photo|getty"
                           r"[\w ]*|file|file photo)\)\s*$|\bfile (?:photo|picture)\b|/\s*(?:reuters|afp|ap|getty images)\s*$", _I), 60),
    ("credit", re.compile(r"^(?:from|with) our partners?\b|^this (?:article|piece|story|post|column) (?:was|is|first|originally|"
                          r"appeared)|^(?:first|originally) published|^(?:re)?published (?:by|with)|^(?:additional )?reporting by|"
                          r"^(?:edited|compiled|translated|written) by|^writing by|^copyright\b|^©|all rights reserved|"
                          r"^source\s*:|^issued (?:simultaneously )?(?:in|by)|^a version of this", _I), 50),
    ("bio", re.compile(r"^(?:the )?(?:writer|author|columnist)s?,?\s(?:is|are|was|were|has|have|directs?|teach(?:es)?|works?|serves?|"
                       r"served|edits?|leads?|heads?|runs?|holds?|covers?)\b", _I), 60),
    ("bio", re.compile(r"^(?:dr |prof\.? |sir )?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3},? (?:is|was) (?:an?|the|our) (?:[\w-]+ ){0,4}"
                       r"(?:fellow|professor|lecturer|researcher|scholar|analyst|columnist|correspondent|journalist|editor|director|"
                       r"author|writer|student|consultant|historian)\b"), 60),
    ("bio", re.compile(r"^(?:director|president|chairman|chair|professor|senior|research|fellow|head|founder|editor|executive|"
                       r"deputy|former|visiting|associate|lecturer)\b[^.;]*\b(?:of|at|in)\b[^.;]*\.?$", _I), 22),
    ("link", re.compile(r"^(?:read|see|watch|listen|click|tap|learn|find out|view)\s+(?:more|also|next|here|our|the full|now)\b|"
                        r"\bread more\b|\bread our\b|^(?:sign up|subscribe|newsletter|follow (?:us|our|the)|share (?:this|on)|join (?:us|our)|"
                        r"download|donate|support (?:us|our)|advertisement|sponsored|log in|accept (?:all )?cookies|we use cookies)|"
                        r"\b(?:whatsapp|telegram|facebook|twitter|podcast)\b.*\b(?:follow|channel|join|share)|click to continue|"
                        r"^tags?\s*:|^topics?\s*:|^tip line|^comments?\s*(?:\(|$)|^\d+ comments", _I), 45),
)  # fmt: skip
_TAIL = re.compile(
    r"^(?:related\b|more (?:from|on|in|stories)\b|most (?:read|popular|viewed|shared)|top stories|also (?:today|in|on|read|by)\b|"
    r"(?:press|media) (?:office|service|contact|enquir|inquir)|(?:you (?:may|might) also)|recommended|trending|latest (?:news|stories)|editor'?s'? picks?|read next|up next|don'?t miss|"
    r"elsewhere\b|in other news|end of (?:text|article|document)|what'?s on\b|(?:pictures?|photos?) of the (?:day|week)|"
    r"other (?:stories|news|headlines)|in (?:this|our) (?:section|series|edition)\b|on the same page|further reading|about the author|"
    r"(?:join the )?(?:conversation|discussion)$|leave a (?:comment|reply))",
    _I,
)
_LABEL = re.compile(r"^(?![QA]:)[A-Z][\w'’ -]{1,24}\s?:\s+\S")
_FOOT = re.compile(
    r"^[>»→▶►#@*|]|^\(.*\)\.?$|^\[.*\]\.?$|^(?:see also|tomorrow|next week|this week|coming up|corrections?\b|editor'?s?'? note|"
    r"disclaimer|(?:the )?(?:views|opinions) (?:expressed|are)|contact\b|e-?mail\b|got a (?:tip|story)|help us|additional reporting|"
    r"with (?:agencies|reporting|additional)|source\b|in (?:pictures|brief|short|today'?s|tomorrow'?s)\b|(?:continued|turn to|see) "
    r"(?:on )?page|listen\b|watch\b|podcast\b|poll\b|quiz\b|weather\b|crossword\b)|https?://|www\.|\w@\w|"
    r"\bon social media\.|\bpages? \d+\b|\bour (?:newsletter|podcast|app|channel|website|readers)\b|\b(?:sub|pre)scribers?\b|"
    r"^\W*$",
    _I,
)
_BIO = re.compile(
    r"^(?:[Hh]e|[Ss]he|[Tt]hey|(?:[Tt]he )?(?:[Ww]riter|[Aa]uthor)|(?:Dr |Prof\.? |Sir |Dame )?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}),? "
    r"(?:(?:now |also |currently |formerly )?(?:writes|teaches|covers|reports|edits|lectures|lives|works|served|serves|directs|leads|"
    r"heads|runs|chairs|hosts|studies|researches|advises)\b|(?:is|was|has been) (?:(?:an?|the|our|his|her|\w+['’]s)\b.{0,60})?"
    r"\b(?:ambassador|diplomat|attach[ée]|consul|minister|commissioner|soldier|general|colonel|admiral|captain|officer|"
    r"negotiator|lawyer|judge|economist|reporter|adviser|advisor|official|envoy|expert|specialist|professor|fellow|teacher|"
    r"author|writer|analyst|historian|correspondent|editor|director|scholar|researcher|based)\b)"
)
_SHOUT = re.compile(r"^(?:[A-Z’']{3,}\s*[:|–-]?\s+){1,}(?=[A-Z]?[a-z])")
HEADLINE_WORDS = 18
FOOT_WORDS = 28
LONGEST_SHAPE = 2000
"""Characters beyond which a paragraph is no residue, however few its words: some patterns take the square of it."""
MOST_ELSEWHERE = 50
"""Teasers of other stories that are looked for at an article's foot; each is compared with all of the story."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is laid out.

    Attributes:
        main: offsets of the article's own first and last paragraph.
        residue: the rest, and what stands between.
        title: first line, where it looks like one.
        published: date of a date line above the text, where it has one.
    """

    main: tuple[int, int]
    residue: tuple[Residue, ...]
    title: str | None
    published: str | None


@dataclass(frozen=True)
class _Block:
    """A paragraph; what is found out about it is kept, since it is asked many times."""

    start: int
    end: int
    text: str

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def shape(self) -> ResidueKind | None:
        if len(self.text) > LONGEST_SHAPE:
            return None
        return next((kind for kind, pattern, most in _SHAPES if self.words <= most and pattern.search(self.text)), None)

    @cached_property
    def bullet(self) -> bool:
        return bool(_BULLET.match(self.text))

    @cached_property
    def prose(self) -> bool:
        """Whether it reads like running text: it ends a sentence."""
        return bool(_FINAL.search(self.text)) and not _CUT_OFF.search(self.text)

    @property
    def headline(self) -> bool:
        """Short, without a final stop, and no item of a list."""
        return not self.prose and not self.bullet and self.words <= HEADLINE_WORDS


def layout(text: str, title: str | None = None) -> Layout:
    """Tell a page's main text from its residue.

    Args:
        text: the page.
        title: its title, where known, so that its repetition is set aside.

    Returns:
        The layout; ``main`` is the whole text where nothing looks like running text.

    Example:
        >>> page = "A quarrel grows\\n\\nBy Ann Roe\\n\\nThe two envoys left.\\n\\nRELATED\\n\\nMore of this"
        >>> found = layout(page)
        >>> page[slice(*found.main)], found.title
        ('The two envoys left.', 'A quarrel grows')
    """
    blocks = [_Block(m.start(), m.end(), m.group().rstrip()) for m in _BLOCK.finditer(text)]
    blocks = [_Block(b.start, b.start + len(b.text), b.text) for b in blocks]
    first = _head(blocks, title)
    last = _tail(blocks, first)
    if first > last:
        first, last = 0, len(blocks) - 1
        if not blocks:
            return Layout((0, len(text)), (), None, None)
    residue = [
        _residue(b, "title" if i == 0 and b.headline else b.shape or "other") for i, b in enumerate(blocks[:first])
    ]
    residue += [
        _residue(b, b.shape) for b in blocks[first : last + 1] if b.shape in ("caption", "link") and not _is_story(b)
    ]
    residue += [_residue(b, b.shape or "teaser") for b in blocks[last + 1 :]]
    heading = next((b.text for b in blocks[:first] if b.headline and b.shape is None), None)
    dates = (date_line(b.text) for b in blocks[:first])
    return Layout((blocks[first].start, blocks[last].end), tuple(residue), heading, next((d for d in dates if d), None))


def _is_story(block: _Block) -> bool:
    """A long paragraph that happens to speak of a photo or a newsletter is still story."""
    return block.words > 30


def _residue(block: _Block, kind: ResidueKind | None) -> Residue:
    return Residue(kind=kind or "other", quote=block.text, start=block.start, end=block.end)


def _head(blocks: Sequence[_Block], title: str | None) -> int:
    """Number of the first main paragraph: title, byline, caption and labels above it are passed over."""
    known = (title or "").strip().casefold()
    last_told = max((i for i, block in enumerate(blocks) if block.prose or block.bullet), default=-1)
    for i, block in enumerate(blocks):
        if known and block.text.casefold() == known:
            continue
        if block.shape in ("byline", "caption", "link", "credit"):
            continue
        if block.headline and i < last_told:
            continue
        return i
    return 0


def _tail(blocks: Sequence[_Block], first: int) -> int:
    """Number of the last main paragraph."""
    end = len(blocks)
    last_told = max((i for i, block in enumerate(blocks) if block.prose and block.words > 40), default=-1)
    for i in range(first + 1, len(blocks)):
        block = blocks[i]
        label = block.words <= 40 and _TAIL.match(block.text)
        if label or (block.shape in ("bio", "credit") and i >= last_told):
            end = i
            break
    elsewhere = 0
    while end - 1 > first:
        block = blocks[end - 1]
        if block.shape or block.headline or (_CUT_OFF.search(block.text) and len(block.text) < 240) or _is_foot(block):
            end -= 1
        elif elsewhere < MOST_ELSEWHERE and _is_elsewhere(block, blocks[first : end - 1]):
            elsewhere += 1
            end -= 1
        else:
            break
    return end - 1


_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]{2,}")


def _is_elsewhere(block: _Block, story: Sequence[_Block]) -> bool:
    """A short last paragraph that names somebody, but nobody of whom the story tells: the teaser of another one."""
    if block.words > 20 or len(story) < 2 or block.bullet:
        return False
    told = " ".join(b.text for b in story)
    first = block.text.split()[0]
    names = [
        n
        for n in _NAME.findall(block.text)
        if n.lower() not in told
        and n.lower() not in _CALENDAR
        and not (
            n == first
            and n in ("The", "This", "That", "There", "These", "Those", "Both", "Each", "Nobody", "None", "His", "Her")
        )
    ]
    # compared by their beginnings, since "Finland" may come back as "Finnish" only once
    known = {n[:4].lower() for n in _NAME.findall(told)}
    return len(names) >= 2 and not any(n[:4].lower() in known for n in names)


def _is_foot(block: _Block) -> bool:
    """A short last paragraph that bears a label or points elsewhere ("Tomorrow: …", "(With agencies)", "See page 4.")."""
    if block.words > FOOT_WORDS or len(block.text) > LONGEST_SHAPE or block.bullet:
        return False
    return any(p.search(block.text) for p in (_FOOT, _BIO, _SHOUT, _LABEL))


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DATE = re.compile(r"\b(?:(?P<d1>\d{1,2})\s+(?P<m1>[A-Za-z]{3,9})\.?,?\s+(?P<y1>\d{4})|"
                   r"(?P<m2>[A-Za-z]{3,9})\.?\s+(?P<d2>\d{1,2}),?\s+(?P<y2>\d{4})|(?P<iso>\d{4}-\d\d-\d\d))\b")  # fmt: skip


def date_line(text: str) -> str | None:
    """The full date in a short line above the text, as ISO.

    Example:
        >>> date_line("Published October 22, 2021"), date_line("Oslo, 3 May")
        ('2021-10-22', None)
    """
    match = _DATE.search(text) if len(text) < 120 else None
    if not match:
        return None
    if match["iso"]:
        return _real(*map(int, match["iso"].split("-")))
    name = (match["m1"] or match["m2"]).lower()
    month = next((i for i, full in enumerate(_MONTHS, 1) if full.startswith(name) and len(name) >= 3), None)
    return _real(int(match["y1"] or match["y2"]), month, int(match["d1"] or match["d2"])) if month else None


def _real(year: int, month: int, day: int) -> str | None:
    """A day as an ISO date, if there is one."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
