"""The words of dates, as patterns: what `dates` is built of.

What always holds: no pattern captures by number; names of months count only when capitalised; all else in any case.
"""

from __future__ import annotations

import re


def unnamed(pattern: str) -> str:
    """A pattern whose named groups capture nothing, so that it can be used twice."""
    return re.sub(r"[?]P<[a-z_0-9]+>", "?:", pattern)


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}

DOW = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
DOW_ANY = rf"(?:(?:{DOW}|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b\.?,?\s+\(?(?:the\s+)?)?"
NAMES = (r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
          r"Nov(?:ember)?|Dec(?:ember)?")  # fmt: skip
MONTH = rf"(?-i:(?P<m>(?:{NAMES}|{NAMES.upper()})\b))\.?"
MONTH_2 = unnamed(MONTH)


def lowered(pattern: str) -> str:
    """A pattern without named groups, for text in lower case."""
    return unnamed(pattern).replace(MONTH_2, rf"(?:(?:{NAMES.lower()})\b)\.?")


ORDINAL = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
ORDINALS = "|".join(ORDINAL)
D = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w%]|[.,:]\d)"
COUNTED = (r"(?:[a-z]+\s+)?(?:people|troops|soldiers|men|women|children|police|officers|personnel|staff|employees|"
            r"workers|diplomats|officials|civilians|refugees|migrants|prisoners|detainees|hostages|cases|kilomet\w+|km|miles|"
            r"metres|meters|tonnes|tons|dollars|euros|pounds|roubles|rubles|percent|per\s+cent|square|years|days|hours|"
            r"missiles|drones|tanks|homes|families|villages|members|protesters|demonstrators|students|fighters|"
            r"militants|rebels|passengers|flights|companies|words|deaths|others|more)\b")  # fmt: skip
Y = rf"(?:1[6-9]|20)\d\d(?![\w%°])(?![.,:]\d)(?!(?<=00)\s+{COUNTED})"
TO = r"(?:\s*[-–—]\s*|\s+(?:to|through|until|till)\s+)"
WHOSE_YEAR = r"(?P<ry>this|last|next|that|the\s+same|the\s+following|the\s+next|the\s+previous)\s+year"
OF_YEAR = rf"(?:,?\s+(?:of\s+)?(?P<y>{Y})|,?\s+(?:of\s+|in\s+)?{WHOSE_YEAR})?"
PHASE = (r"(?:(?:the\s+)?(?:very\s+)?(?:end|start|beginning|middle|close|course|first\s+half|second\s+half|turn)\s+of"
          r"\s+|(?:early|late|mid|earlier|later)[\s-]+(?:in\s+)?)")  # fmt: skip
PART = r"(?:early\s+|late\s+)?(?:morning|afternoon|evening|night|noon|midnight|lunchtime)"
ONES = "one|two|three|four|five|six|seven|eight|nine"
NUM = (rf"(?P<n>\d{{1,3}}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-](?:{ONES}))?|ten|eleven|"
        rf"twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|{ONES}|(?P<vague>several|many|some|"
        r"a\s+few|a\s+couple\s+of|few|a\s+half|half\s+a)|an?)")  # fmt: skip
ABOUT = (r"(?P<about>(?:nearly|almost|about|around|some|roughly|approximately|(?:more|less|fewer)\s+than|"
          r"(?:just\s+)?over|(?:just\s+)?under|barely|at\s+least|up\s+to)\s+)?")  # fmt: skip
UNIT = r"(?P<u>minute|hour|day|night|week|fortnight|month|year|decade)"
SPAN = (rf"(?:{ABOUT}{NUM}(?P<half>\s+and\s+a\s+half)?[\s-]+{UNIT}s?|"
        r"(?P<us>minute|hour|day|week|month|year|decade)s)\b(?!-)")  # fmt: skip

LEAVING = re.compile(r"\b(?:leave|quit|depart|go|get\s+out|out|home|withdraw|close|vacate|comply|pack)\b[^,;]*$", re.I)
GIVEN = re.compile(r"\b(?:g[ai]v(?:e|es|en|ing)|grant\w*|allow\w*|set|deadline|ultimatum|notice)\b[^.;]{0,50}$", re.I)
NEEDS_LEAD = re.compile(
    r"\b(?:in|since|until|till|last|next|this|that|late|early|mid|of|by|from|to|before|after|through|throughout|during|"
    r"between|and|or|around|for)[\s-]+(?:the\s+)?$", re.I)  # fmt: skip
YEAR_LEAD = re.compile(
    r"(?:\b(?:in|since|until|till|by|from|of|to|during|before|after|through|throughout|around|year|for|between|than|as)\s+"
    r"|\d{4}(?:,\s+|\s+(?:and|or)\s+)(?:in\s+)?|\()$", re.I)  # fmt: skip
ADJECTIVE = re.compile(r"\b(?:the|an?|its|their|his|her|this|that|our)\s+$|\bof\s+$", re.I)
SURNAME = re.compile(r"\b(?:Mrs|Ms|Mr|Theresa|Minister)\.?\s+May\b|\bMay's\b")
NO_DAY = re.compile(r"\b(?:every|each|good|bloody|black|easter|ash|palm|holy|super|cyber|shrove|per)\s+$", re.I)

CLOCK = r"(?:(?:noon|midnight|\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?|the\s+(?:night|morning|evening))\s+(?:on|of)\s+)?"
LEAD = re.compile(
    rf"(?:(?P<negated>\b(?:not|never|nor|only|n't)\b[^.;]*\buntil)|(?P<deadline>\b(?:by|before|until|till|pending|"
    rf"(?:not|no)\s+later\s+than|deadline\s+(?:of|is|on)))|(?P<since>\bsince)|(?P<from>\bfrom|\bas\s+(?:of|from)|"
    rf"\b(?:starting|beginning|effective|effect|force)(?:\s+(?:on|from|in|as\s+of|at))?))\s+(?:on\s+|at\s+)?{CLOCK}"
    r"(?:the\s+|about\s+|around\s+|as\s+early\s+as\s+)?$", re.I)  # fmt: skip
CLAUSE = re.compile(r"\s+(?:the\s+)?(?!(?:that|this|and|or|but)\b)(?=['\w])")
NO_THING = re.compile(r"\s*(?:[,.;:)]|$)|\s+(?:[Tt]he\s+)?[A-Z]|\s+(?:it|they|its|their|both|he|she)\b")
"""What follows "on the third" where no noun does ("on the third floor")."""
COMING = re.compile(r"\b(?:next|coming|tomorrow|later\s+this)\b", re.I)
EVE = re.compile(r"\bthe\s+eve\s+of\s+(?:the\s+)?$", re.I)
TENSE = re.compile(
    r"(?P<ahead>\b(?:will|shall|would|due|expected|scheduled|slated|planned|plans?|intends?|set\s+(?:to|for)|must|"
    r"(?:is|are|was|were)\s+to|going\s+to|to\s+be|expires?|lapses?|takes?\s+effect|next\s+meeting)\b|'ll\b)"
    r"|(?<!\bbe )(?<!\bbeen )(?P<report>\b(?:said|says|told|wrote|announced|added|warned|promised|pledged|vowed|"
    r"declared|confirmed|decided|agreed|ordered|reported|tweeted)\b)"
    r"|(?<!\bbe )(?<!\bbeen )(?P<past>\b(?:\w{2,}ed|was|were|had|did|gave|took|came|went|met|held|cut|began|left|broke|"
    r"shut|withdrew|sent|brought|threw|drew|made|became|saw|put|fell|won|struck)\b)", re.I)  # fmt: skip
WINDOW = 200
"""Characters either side of a date in which its verb is looked for."""
BREAK = re.compile(r"[,;:—–]|\s-\s|\b(?:and|but|while|after|which|who)\b", re.I)

_OLD = r"that(?:\s+(?:same|very))?|the\s+(?:very\s+)?same|the\s+following|the\s+previous"
_DET = rf"last|this\s+past|this\s+coming|this|next|{_OLD}"
_UNITS = unnamed(rf"(?:{NUM}\s+)?(?:few\s+)?{UNIT}s?")
_Y4 = r"(?:1[6-9]|20)\d\d"
_RANGE = rf"(?:{TO}|\s*/\s*|\s+(?:and|or)\s+){D}"
_M1 = MONTH.replace("<m>", "<m1>")
_SEASON = "|".join(SEASONS)
_PLURALS = r"(?P<us>minute|hour|day|week|month|year|decade)s"

PATTERNS = {
    "iso": rf"(?P<y>{_Y4})-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>0[1-9]|[12]\d|3[01]))?(?![\w-])",
    "british": rf"{DOW_ANY}(?:the\s+)?(?P<d>{D})(?:\s+{_M1}{TO}{D}|{_RANGE})?(?:\s+of)?\s+{MONTH}{OF_YEAR}",
    "american": rf"{DOW_ANY}(?<!\bin ){MONTH}\s+(?:the\s+)?(?P<d>{D})(?:{TO}{MONTH_2}\s+{D}|{_RANGE})?{OF_YEAR}",
    "month": rf"(?P<phase>{PHASE})?(?:(?P<det>{_DET})\s+)?{MONTH}{OF_YEAR}",
    "season": rf"(?:{PHASE})?(?:the\s+)?(?P<u>{_SEASON})\s+(?:of\s+)?(?P<y>{Y})",
    "weekday": rf"(?:(?P<pre>a\s+week\s+(?:on|from|last|ago(?:\s+on)?))\s+|(?P<det>{_DET})\s+)?(?P<w>{DOW})\b"
               rf"(?!\s+(?:Times|Telegraph|Express|Mirror|Mail|Herald)\b)(?:\s+{PART})?"
               rf"(?:,?\s+(?:of\s+)?(?P<wk>last|next|this|{_OLD})\s+week|\s+(?P<post>next|last|week)\b)?",
    "this_day": rf"the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)|(?:yesterday|tomorrow)(?:\s+{PART})?|today|"
                r"tonight|last\s+night|this\s+(?:morning|afternoon|evening)",
    "apart": rf"(?:{ABOUT}(?:{NUM}|the)(?P<half>\s+and\s+a\s+half)?\s+{UNIT}s?|{_PLURALS})\s+"
             r"(?P<way>ago|later|earlier|previously|before\s+last|after\s+next|before|after(?:wards?)?)",
    "coming": rf"(?:the|this)\s+coming\s+{_UNITS}|the\s+next\s+(?:few|{unnamed(NUM)})\s+{unnamed(UNIT)}s?|"
              rf"coming\s+{_UNITS}|{unnamed(UNIT)}s\s+(?:ahead|to\s+come)",
    "past": rf"(?:the|this)\s+(?:past|last)\s+{_UNITS}|past\s+{_UNITS}|recent\s+{unnamed(UNIT)}s",
    "period": rf"(?P<phase>{PHASE}(?:on\s+)?)?(?P<det>{_DET}|the\s+next|the)\s+"
              rf"(?P<u>weekend|week|month|year|{_SEASON})(?P<out>\s+(?:is|was)\s+(?:out|over))?",
    "moment": rf"(?:later\s+|earlier\s+|late\s+)?(?:on\s+)?(?:(?P<det>{_OLD}|(?:the\s+)?next)\s+|^in\s+the\s+(?=morn|"
              r"even|after))(?P<u>day|night|evening|morning|afternoon|moment|hour)|before\s+the\s+day\s+(?:was|is)\s+"
              r"(?:over|out)",
    "nth": rf"(?<=\bon )the\s+(?P<nth>\d{{1,2}}(?:st|nd|rd|th)|{ORDINALS})",
    "span": SPAN,
    "year": rf"(?:(?P<phase>{PHASE})(?:the\s+)?)?(?<![\d,.$€£#/])(?<!\d-)(?:(?P<decade>\d{{3}}0s)|(?P<y>{Y})"
            rf"(?:(?:\s*[-–—/]\s*(?:{_Y4}|\d\d)|\s+(?:to|until|through)\s+{_Y4})(?![\w-]))?)",
    "eve": r"the\s+eve\s+of",
    "soon": r"(?:soon|shortly)\s+(?:after(?:wards?)?)(?=\W*$|[,;:.])|soon\s+afterwards?",
    "vague": r"recently|lately|of\s+late",
}  # fmt: skip
"""What a date looks like, by rule; where two fit, the first counts. `dates` reads what a rule has matched."""
_CUES = (
    "day", "week", "month", "year", "hour", "minute", "night", "decade", "tomorrow", "morning", "evening", "afternoon",
    "recent", "lately", "moment", "eve of", "spring", "summer", "autumn", "fall", "winter", "soon", "shortly",
    "of late", "on the",
)  # fmt: skip
_MONTH_CUES = tuple(name for month in MONTHS for name in (month.capitalize(), month.upper()))
_FIGURE = re.compile(r"[0-9]")


def may_hold_date(text: str) -> bool:
    """Whether the costly search is worth while: every date has a cue in it or a figure, most sentences have none."""
    low = text.lower()
    return any(c in low for c in _CUES) or any(c in text for c in _MONTH_CUES) or bool(_FIGURE.search(text))


def looks_ahead(text: str, start: int, end: int, future: bool) -> bool:
    """Whether the clause around a date looks ahead: its verbs decide, and where they do not, the caller."""
    left = max((m.end() for m in BREAK.finditer(text, max(0, start - WINDOW), start)), default=max(0, start - WINDOW))
    stop = BREAK.search(text, end, end + WINDOW)
    cues = [m.lastgroup for m in TENSE.finditer(text, left, start)]
    if strong := [c for c in cues if c != "past"]:
        return strong[-1] == "ahead"
    if cues:
        return False
    right = TENSE.search(text, end, stop.start() if stop else end + WINDOW)
    return right.lastgroup == "ahead" if right else future
