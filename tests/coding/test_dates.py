"""Dates as news writes them: what each expression gives, for a known publication date and story."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.coding.dates import Story, When, cut, days, earlier, find

WED = "2021-10-20"  # a Wednesday

# sentence with the date in brackets, value, role, kind
PLAIN = [
    # full dates
    ("The consulate shut on [6 October 2021].", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [the 6th of October 2021].", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [October 6th, 2021].", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [October 6, 2021], officials recall.", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [Oct. 6, 2021].", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [Wednesday, 6 October 2021].", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [Wed 6 Oct 2021].", "2021-10-06", "point", "absolute"),
    ("The consulate shut on [2021-10-06].", "2021-10-06", "point", "absolute"),
    ("NOTE OF [6 OCTOBER 2021]", "2021-10-06", "point", "absolute"),
    ("The note is dated [31 June 2020].", "2020-06", "point", "absolute"),
    ("The hall was rented on [1\xa0May\xa01956].", "1956-05-01", "point", "absolute"),
    ("The treaty lapses on [3 March 2024].", "2024-03-03", "future", "absolute"),
    # months and years
    ("The line was laid in [September 1971].", "1971-09", "point", "absolute"),
    ("The line was laid in [September, 1971].", "1971-09", "point", "absolute"),
    ("The line was laid in [September of 1971].", "1971-09", "point", "absolute"),
    ("The file says [2019-07].", "2019-07", "point", "absolute"),
    ("The season of [2009-10] was quiet.", "2009", "point", "absolute"),
    ("The embassy was sold in [2014].", "2014", "point", "absolute"),
    ("The embassy has stood empty since [2012].", "2012", "since", "absolute"),
    ("The post was vacant from [2018-2020].", "2018", "from", "absolute"),
    ("The post was vacant from [2018 to 2020].", "2018", "from", "absolute"),
    ("The thaw of [2013–14] did not last.", "2013", "point", "absolute"),
    ("Ties were warm in the [1990s].", None, "point", "absolute"),
    ("Ties were cold in [early 2015].", "2015", "point", "absolute"),
    ("Ties were cold in [late 2015].", "2015", "point", "absolute"),
    ("Ties had been cut by [the end of 2016].", "2016", "deadline", "absolute"),
    ("The legation was built in [1934] and burnt in 1964.", "1934", "point", "absolute"),
    ("They tore up the [1976] accord.", "1976", "point", "absolute"),
    ("It happened in [the summer of 2018].", "2018", "point", "absolute"),
    ("It happened in [the winter of 2018].", None, "point", "absolute"),
    # day and month without a year
    ("The envoy left on [6 October].", "2021-10-06", "point", "calendar"),
    ("The envoy left on [October 6].", "2021-10-06", "point", "calendar"),
    ("The envoy left on [Oct. 6].", "2021-10-06", "point", "calendar"),
    ("The envoy left on [6 Oct], we hear.", "2021-10-06", "point", "calendar"),
    ("The envoy left on [the 31st of July].", "2021-07-31", "point", "calendar"),
    ("The envoy left on [17 December].", "2020-12-17", "point", "calendar"),
    ("The envoy left on [29 February].", "2020-02-29", "point", "calendar"),
    ("The envoys meet on [28 October].", "2021-10-28", "future", "calendar"),
    ("The envoys will meet on [14 December].", "2021-12-14", "future", "calendar"),
    ("The rule holds from [1 November].", "2021-11-01", "from", "calendar"),
    ("The ban applies with effect from [30 April].", "2021-04-30", "from", "calendar"),
    ("The cap, effective [1 December], is ten.", "2021-12-01", "from", "calendar"),
    ("The cap takes effect on [1 December].", "2021-12-01", "from", "calendar"),
    ("As of [1 November] the desk is closed.", "2021-11-01", "from", "calendar"),
    ("Starting [Nov. 1], the desk is closed.", "2021-11-01", "from", "calendar"),
    ("They have to be gone by [7 December].", "2021-12-07", "deadline", "calendar"),
    ("They have to be gone before [7 December].", "2021-12-07", "deadline", "calendar"),
    ("They may stay no later than [7 December].", "2021-12-07", "deadline", "calendar"),
    ("They have not spoken since [7 December].", "2020-12-07", "since", "calendar"),
    ("Not until [1 February] did tempers cool.", "2021-02-01", "point", "calendar"),
    ("The talks ran from [3 to 5 May].", "2021-05-03", "from", "calendar"),
    ("The talks ran on [3-5 May].", "2021-05-03", "point", "calendar"),
    ("The talks ran on [May 3-5].", "2021-05-03", "point", "calendar"),
    ("The talks ran from [28 April to 5 May 2018].", "2018-04-28", "from", "absolute"),
    ("The lines came back on [27 July this year].", "2021-07-27", "point", "relative"),
    ("The lines went dead on [9 June last year].", "2020-06-09", "point", "relative"),
    ("They left on the eve of [9 May].", "2021-05-08", "point", "calendar"),
    ("They left on [the eve of] the summit.", None, "point", "relative"),
    # months without a year
    ("The leaders met in [June].", "2021-06", "point", "calendar"),
    ("The leaders met in [December].", "2020-12", "point", "calendar"),
    ("The leaders met in [May].", "2021-05", "point", "calendar"),
    ("The leaders will meet in [May].", "2022-05", "future", "calendar"),
    ("The leaders met [last June].", "2021-06", "point", "calendar"),
    ("The leaders met [last October].", "2020-10", "point", "calendar"),
    ("The leaders met [this March].", "2021-03", "point", "calendar"),
    ("The leaders meet [next May].", "2022-05", "future", "calendar"),
    ("The staff was cut in [December last year].", "2020-12", "point", "relative"),
    ("The staff was cut in [mid-October].", "2021-10", "point", "calendar"),
    ("The staff was cut at [the end of December].", "2020-12", "point", "calendar"),
    ("They have until [the end of November] to comply.", "2021-11", "deadline", "calendar"),
    ("They must comply by [November].", "2021-11", "deadline", "calendar"),
    # weekdays
    ("The envoy left on [Monday].", "2021-10-18", "point", "weekday"),
    ("The envoy left on [Wednesday].", "2021-10-20", "point", "weekday"),
    ("The envoy left on [Thursday].", "2021-10-14", "point", "weekday"),
    ("The envoy left late on [Tuesday night].", "2021-10-19", "point", "weekday"),
    ("The envoy left [last Friday].", "2021-10-15", "point", "weekday"),
    ("The envoy left [last Wednesday].", "2021-10-13", "point", "weekday"),
    ("The envoy leaves [next Friday].", "2021-10-22", "future", "weekday"),
    ("The envoy leaves [this coming Wednesday].", "2021-10-27", "future", "weekday"),
    ("The envoy leaves on [Thursday next].", "2021-10-21", "future", "weekday"),
    ("The envoy left on [Monday last week].", "2021-10-11", "point", "weekday"),
    ("The envoy left on [Tuesday of last week].", "2021-10-12", "point", "weekday"),
    ("The envoys meet [Tuesday next week].", "2021-10-26", "future", "weekday"),
    ("The return match is [a week on Saturday].", "2021-10-30", "future", "weekday"),
    ("It broke down [a week ago on Monday].", "2021-10-11", "point", "weekday"),
    ("They must be gone by [Friday].", "2021-10-22", "deadline", "weekday"),
    ("They must be gone by noon on [Friday].", "2021-10-22", "deadline", "weekday"),
    ("The desk is shut from [Monday].", "2021-10-25", "from", "weekday"),
    ("The desk has been shut since [Monday].", "2021-10-18", "since", "weekday"),
    ("The envoys will meet on [Monday].", "2021-10-25", "future", "weekday"),
    ("The envoys are to meet again on [Friday].", "2021-10-22", "future", "weekday"),
    ("Minsk said on [Monday] that it will answer.", "2021-10-18", "point", "weekday"),
    ("Minsk will answer, its minister said on [Monday].", "2021-10-18", "point", "weekday"),
    ("An agreement came from [Monday]'s talks.", "2021-10-18", "point", "weekday"),
    ("A [Sunday] newspaper had the story.", "2021-10-17", "point", "weekday"),
    ("They speak [this Friday].", "2021-10-22", "future", "weekday"),
    ("They spoke [this Monday].", "2021-10-18", "point", "weekday"),
    ("It expires on [31 December].", "2021-12-31", "future", "calendar"),
    ("They are free from the [2014] accord.", "2014", "point", "absolute"),
    # relative to publication
    ("The flag came down [today].", "2021-10-20", "point", "relative"),
    ("The flag came down [yesterday].", "2021-10-19", "point", "relative"),
    ("The flag comes down [tomorrow].", "2021-10-21", "future", "relative"),
    ("The flag comes down [tonight].", "2021-10-20", "point", "relative"),
    ("The flag came down [last night].", "2021-10-19", "point", "relative"),
    ("The flag came down [this morning].", "2021-10-20", "point", "relative"),
    ("The flag came down [the day before yesterday].", "2021-10-18", "point", "relative"),
    ("The flag comes down [the day after tomorrow].", "2021-10-22", "future", "relative"),
    ("The order takes effect [today].", "2021-10-20", "from", "relative"),
    ("The flag came down [last week].", "2021-10", "point", "relative"),
    ("The flag came down [this week].", "2021-10", "point", "relative"),
    ("The flag comes down [next week].", "2021-10", "future", "relative"),
    ("The flag came down [last month].", "2021-09", "point", "relative"),
    ("The flag came down [earlier this month].", "2021-10", "point", "relative"),
    ("The flag came down [last year].", "2020", "point", "relative"),
    ("The flag came down [early this year].", "2021", "point", "relative"),
    ("The flag comes down [next year].", "2022", "future", "relative"),
    ("The flag comes down [later this year].", "2021", "future", "relative"),
    ("The flag came down [last spring].", "2021", "point", "relative"),
    ("The flag came down [last autumn].", "2020", "point", "relative"),
    ("The flag came down [last winter].", None, "point", "relative"),
    ("They must leave by [the end of the month].", "2021-10", "deadline", "relative"),
    ("They may stay until [the end of the year].", "2021", "deadline", "relative"),
    ("Customs have been slow since [the start of the month].", "2021-10", "since", "relative"),
    ("The junta took power [two months ago].", "2021-08", "point", "relative"),
    ("The junta took power [three years ago].", "2018", "point", "relative"),
    ("The junta took power [five days ago].", "2021-10-15", "point", "relative"),
    ("The junta took power [a week ago].", "2021-10-13", "point", "relative"),
    ("The junta took power [a fortnight ago].", "2021-10", "point", "relative"),
    ("The junta took power [some two months ago].", None, "point", "relative"),
    ("The junta took power [several weeks ago].", None, "point", "relative"),
    ("The junta took power [the year before last].", "2019", "point", "relative"),
    ("The two have [recently] quarrelled.", None, "point", "relative"),
    ("They will talk in [the coming days].", None, "future", "relative"),
    ("They will talk over [the next few weeks].", None, "future", "relative"),
    # spans and deadlines
    ("The line was dead for [55 days].", None, "duration", "span"),
    ("They met for the first time in [five years].", None, "duration", "span"),
    ("The talks went nowhere for [years].", None, "duration", "span"),
    ("Little moved in [the past month].", None, "duration", "span"),
    ("Little moved in [recent months].", None, "duration", "span"),
    ("[Thirteen months] passed in silence.", None, "duration", "span"),
    ("It lasted [two and a half years].", None, "duration", "span"),
    ("They were told to leave within [72 hours].", None, "deadline", "span"),
    ("They were told to leave within [a week].", None, "deadline", "span"),
    ("Rabat gave them [48 hours].", None, "deadline", "span"),
    ("The staff had [48 hours] to pack.", None, "deadline", "span"),
    ("It set a [24-hour] ultimatum.", None, "deadline", "span"),
    ("They will meet again within [three months].", "2022-01", "deadline", "relative"),
]

NOTHING = [
    "Moscow may answer in kind.",
    "The prime minister, Theresa May, was not told.",
    "He was thrown out by May's government.",
    "A letter from Mrs May went unanswered.",
    "Some 2000 troops crossed the river.",
    "The rule was applied in 1500 cases.",
    "In 2000 cases out of ten thousand it failed.",
    "The second envoy sat down and did not march on.",
    "They began to march to the embassy.",
    "The march on the embassy was broken up.",
    "The council sat for good.",
    "The bill came to $2014 and 1,998 euros.",
    "It costs 2021.50 a head.",
    "The board meets every Thursday.",
    "Open on Mondays only.",
    "A two-year-old boy was hurt.",
    "June Carter and April Novak spoke.",
    "She reads the Sunday Times.",
    "The consul lives on the third floor.",
    "",
]

# the story's last date, sentence, value
TOLD = [
    ("2021-10-06", "[Three days later] Minsk answered.", "2021-10-09"),
    ("2021-10-06", "[Three days earlier] Minsk had answered.", "2021-10-03"),
    ("2021-10-06", "[A day earlier] Minsk had answered.", "2021-10-05"),
    ("2021-10-06", "[The next day] Minsk answered.", "2021-10-07"),
    ("2021-10-06", "[The following day] Minsk answered.", "2021-10-07"),
    ("2021-10-06", "[The day before], Minsk had answered.", "2021-10-05"),
    ("2021-10-06", "Minsk answered [the same day].", "2021-10-06"),
    ("2021-10-06", "Minsk [the same evening] answered.", "2021-10-06"),
    ("2021-10-06", "[That night] Minsk answered.", "2021-10-06"),
    ("2021-10-06", "[In the morning] Minsk answered.", "2021-10-06"),
    ("2021-10-06", "[Hours later] Minsk answered.", "2021-10-06"),
    ("2021-10-06", "Minsk answered within [hours].", "2021-10-06"),
    ("2021-10-06", "Minsk answered within [a day].", "2021-10-07"),
    ("2021-10-06", "[48 hours later] Minsk answered.", "2021-10-08"),
    ("2021-10-06", "[A week later] Minsk answered.", "2021-10-13"),
    ("2021-10-06", "[Two days after] that, Minsk answered.", "2021-10-08"),
    ("2021-10-04", "[The following Friday] Minsk answered.", "2021-10-08"),
    ("2019-08-05", "[Ten months later] Minsk answered.", "2020-06"),
    ("2019-08", "[Two years later] Minsk answered.", "2021"),
    ("2017-08", "It was lifted [three years after].", "2020"),
    ("2019-08", "It was lifted [almost two years later].", None),
    ("2019-08", "[The following month] Minsk answered.", "2019-09"),
    ("2019-12", "[The following month] Minsk answered.", "2020-01"),
    ("2019-12", "[The following year] Minsk answered.", "2020"),
    ("2017-06-05", "Minsk, [that August], did the opposite.", "2017-08"),
    ("2017-06-05", "[Later that month] Minsk answered.", "2017-06"),
    ("2017-06-05", "[Later that year] Minsk answered.", "2017"),
    ("2017-06-05", "Minsk answered [the same month].", "2017-06"),
    ("2010-05", "In [September of the following year] it gave up.", "2011-09"),
    ("2018-04", "In [September of the same year] it gave up.", "2018-09"),
    ("2017-06-05", "By [the end of the month] all had left.", "2017-06"),
    ("2019-02", "Within [weeks] all had left.", "2019"),
    ("2019-11-20", "[Weeks later] all had left.", None),
    ("2018-05", "Sanctions came back [soon afterwards].", "2018"),
    ("2018-05-20", "Quito followed on [the third].", "2018-05-03"),
    ("2018-05-20", "On [the 21st] its envoy left.", "2018-05-21"),
    ("2018-05-20", "It shut the desk [the day after] and left.", "2018-05-21"),
    ("2020-12", "Minsk opened an office [the following August].", "2021-08"),
    ("2020-06-09", "[Before the day was over] Minsk had answered.", "2020-06-09"),
    ("2018-05", "It called its envoy home [the same day].", "2018-05"),
    ("2018", "It called its envoy home [the next day].", "2018"),
    (None, "[Three days later] Minsk answered.", None),
    (None, "Minsk, [that August], did the opposite.", "2021-08"),
]


def bracketed(marked: str) -> tuple[str, int, int]:
    """The sentence without its brackets, and where they stood."""
    start, end = marked.index("["), marked.index("]") - 1
    return re.sub(r"[\[\]]", "", marked), start, end


@pytest.mark.parametrize(("marked", "value", "role", "kind"), PLAIN)
def test_reads(marked: str, value: str | None, role: str, kind: str) -> None:
    text, start, end = bracketed(marked)
    assert find(text, WED, Story(WED))[0] == When(start, end, value, role, kind)


@pytest.mark.parametrize("text", NOTHING)
def test_finds_nothing(text: str) -> None:
    assert find(text, WED, Story(WED)) == []


@pytest.mark.parametrize(("last", "marked", "value"), TOLD)
def test_follows_the_story(last: str | None, marked: str, value: str | None) -> None:
    text, start, end = bracketed(marked)
    (when,) = find(text, WED, Story(WED, last))
    assert (when.start, when.end, when.value) == (start, end, value)


MANY = [
    (
        "On Monday Lima threw out nine of its guests, two days after Quito had done so.",
        [("Monday", "2021-10-18"), ("two days after", "2021-10-16")],
    ),
    (
        "Three days after the 6 October vote Quito followed.",
        [("Three days after", "2021-10-09"), ("the 6 October", "2021-10-06")],
    ),
    (
        "The quarrel broke out on Saturday over a raid in 2014; the following day Quito hit back.",
        [("Saturday", "2021-10-16"), ("2014", "2014"), ("the following day", "2021-10-17")],
    ),
    (
        "Lima sent its envoy back in May 2018, pulled out of the deal of 2015 and a year later was alone.",
        [("May 2018", "2018-05"), ("2015", "2015"), ("a year later", "2019")],
    ),
    (
        "Lima left on Monday, Quito on Tuesday; Bogota did so the same day.",
        [("Monday", "2021-10-18"), ("Tuesday", "2021-10-19"), ("the same day", "2021-10-19")],
    ),
    (
        "They had not met since March and sat down on the same day.",
        [("March", "2021-03"), ("on the same day", "2021-10-15")],
    ),
    ("The embassies, opened in 1961 and 1962, were sold.", [("1961", "1961"), ("1962", "1962")]),
    ("In June 18 diplomats had to go.", [("June", "2021-06")]),
]


@pytest.mark.parametrize(("text", "expected"), MANY)
def test_reads_several(text: str, expected: list[tuple[str, str]]) -> None:
    found = find(text, WED, Story(WED, "2021-10-15"))
    assert [(text[w.start : w.end], w.value) for w in found] == expected


def test_the_story_goes_on_from_sentence_to_sentence() -> None:
    story = Story(WED)
    find("No envoy has been seen since August 2019.", WED, story)
    assert [w.value for w in find("Ten months later the staff was halved.", WED, story)] == ["2020-06"]
    find("A day earlier, on 5 June 2017, Quito had followed.", WED, story)
    assert story.last == "2017-06-05"
    find("The deal holds until 1 December.", WED, story)
    assert story.last == "2017-06-05"


@pytest.mark.parametrize(
    ("text", "calm", "ahead"),
    [
        ("Talks on Friday.", "2021-10-15", "2021-10-22"),
        ("Talks in February.", "2021-02", "2022-02"),
        ("The embassy closed on Friday.", "2021-10-15", "2021-10-15"),
        ("Quito, it said on Monday, would go.", "2021-10-18", "2021-10-18"),
    ],
)
def test_the_caller_decides_where_the_words_do_not(text: str, calm: str, ahead: str) -> None:
    assert [w.value for w in find(text, WED, Story(WED))] == [calm]
    assert [w.value for w in find(text, WED, Story(WED), future=True)] == [ahead]


@pytest.mark.parametrize(
    ("published", "text", "value"),
    [
        (None, "It shut on Monday.", None),
        (None, "It shut on 6 October.", None),
        (None, "It shut yesterday.", None),
        (None, "It shut on 6 October 2021.", "2021-10-06"),
        (None, "It shut in 2014.", "2014"),
        ("2021-10", "It shut on Monday.", None),
        ("2021-10", "It shut on 6 October.", "2021-10-06"),
        ("2021-10", "It shut last month.", "2021-09"),
        ("2021", "It shut last year.", "2020"),
        ("2021", "It shut last month.", None),
        ("soon", "It shut last year.", None),
        ("2021-13-45", "It shut last year.", None),
        ("2020-01-02", "It shut last week.", "2019-12"),
        ("2021-09-02", "It shut this week.", "2021"),
        ("2021-01-08", "It shut on Tuesday.", "2021-01-05"),
        ("2021-01-02", "It shut on Thursday.", "2020-12-31"),
        ("2021-01-26", "The two armed last summer.", "2020"),
    ],
)
def test_other_days(published: str | None, text: str, value: str | None) -> None:
    assert [w.value for w in find(text, published, Story(published))] == [value]


def test_cut_days_and_order() -> None:
    assert cut("2021-10-18", "year") == "2021"
    assert cut("2021", "month") is None
    assert days("2021-10-18", "2021-10-06") == -12
    assert days("2021-10", "2021-10-06") is None
    assert days(None, "2021-10-06") is None
    assert earlier("2021-09", "2021-10-01")
    assert not earlier("2021", "2021-10-01")
    assert not earlier("2021-10-01", "2021")


PIECES = st.sampled_from(
    "the a that last next same following of on in by from until since within for and to , . ' - – \xa0 \n İ ſunday K 5 "
    "31 29 99 999 2014 2000 1600 2099 0001 May march Sept. MAY Feb Monday sunday week days hours year month winter "
    "later earlier ago before after end early mid three several twenty-one eve tomorrow 48-hour 2021-02-30".split(" ")
)  # fmt: skip
DAYS = st.one_of(st.none(), st.dates().map(str), st.sampled_from(["2021", "2021-10", "0001-01-01", "9999-12-31", "x"]))


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map(" ".join)), DAYS, st.booleans())
def test_any_text_is_read(text: str, published: str | None, future: bool) -> None:
    story = Story(published)
    for _ in range(2):
        end = 0
        for when in find(text, published, story, future):
            assert end <= when.start < when.end <= len(text)
            assert when.value is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", when.value)
            end = when.end


def test_a_long_chain_is_no_trouble() -> None:
    assert len(find("a day after " * 5000, WED, Story(WED, "2021-10-06"))) == 5000
    assert len(find("in May " * 3000, WED, Story(WED))) == 3000
    assert find("the " * 5000 + "day " * 5000, WED, Story(WED)) == []


# Published on Monday, 10 June 2024. Text; the acts as "verb date status".
ACTS = [
    # whose date it is
    ("On Thursday, a day after gunmen killed nine people in Quito, Ecuador closed its border with Peru and recalled "
     "its ambassador from Lima.", ["closed 2024-06-06 actual", "recalled 2024-06-06 actual"]),
    ("Peru restored relations with Chile on Thursday, five months after severing them.",
     ["restored 2024-06-06 actual"]),
    ("Peru expelled the Cuban consul on Thursday and, two days later, closed its embassy in Havana.",
     ["expelled 2024-06-06 actual", "closed 2024-06-08 actual"]),
    ("Peru closed its embassy in Cuba on Thursday after Cuba had expelled the Peruvian consul.",
     ["closed 2024-06-06 actual", "expelled None past"]),
    ("Ghana welcomed an accord of March 2022 by which Togo reopened its embassy in Accra.", ["reopened 2022-03 past"]),
    ("Peru invited Chile on Thursday to send an envoy in August.", ["invited 2024-06-06 actual"]),
    ("Peru accused Chile of having shelled a village on Thursday.", ["accused None actual"]),
    # what goes on from the date told before
    ("Peru quarrelled with Cuba on Thursday. It closed its embassy in Havana and cut the hotline.",
     ["closed 2024-06-06 actual", "cut 2024-06-06 actual"]),
    ("Peru closed its embassy in Cuba on Thursday. Cuba deplored the decision.",
     ["closed 2024-06-06 actual", "deplored None actual"]),
    ("In March 2019 Peru expelled the Cuban consul. Cuba condemned the expulsion.",
     ["expelled 2019-03 past", "condemned 2019-03 past"]),
    ("Peru and Chile met on Thursday in Arica. Peru proposed a hotline. Chile rejected the proposal.",
     ["met 2024-06-06 actual", "proposed 2024-06-06 actual", "rejected 2024-06-06 actual"]),
    # announced and in effect
    ("On Thursday Peru capped the Cuban embassy in Lima at ten people with effect from 1 July.",
     ["capped 2024-07-01 planned"]),
    ("On Thursday Peru told the Cuban ambassador to leave by 1 July.", ["told 2024-06-06 actual"]),
    ("Peru will close its consulate in Cuba by the end of July.", ["close 2024-07 planned"]),
    ("Peru threatened on Thursday to expel the Cuban ambassador.", ["threatened 2024-06-06 planned"]),
]  # fmt: skip


@pytest.mark.models
@pytest.mark.parametrize(("text", "wanted"), ACTS)
def test_dates_of_acts(text: str, wanted: list[str]) -> None:
    from detente.coding.examples import read

    events = read(text).events
    for row in wanted:
        verb, date, status = row.split()
        found = [(str(e.date), e.status) for e in events if verb in e.quote]
        assert (date, status) in found, [(e.quote, e.date, e.status) for e in events]


@pytest.mark.models
def test_a_threatened_change_is_dated_to_its_effect_alone() -> None:
    from detente.coding.examples import read

    (line,) = read("Peru threatened on Thursday to close its embassy in Cuba.").lines
    assert (line.status, line.date) == ("planned", None)


@pytest.mark.models
def test_a_date_at_a_paragraphs_head_dates_all_of_it() -> None:
    from detente.coding.examples import read

    text = "4 May 2016 - Peru expels the Cuban ambassador. Chile recalls its ambassador from Cuba.\n\nAll this is past."
    assert [e.date for e in read(text).events] == ["2016-05-04", "2016-05-04"]


@pytest.mark.parametrize("words", ["a decade ago", "two decades ago", "ages ago", "a decade before", "decades later"])
def test_a_vague_age_is_no_fault(words: str) -> None:
    assert [w.value for w in find(f"Peru shut it {words}.", "2024-06-10", Story("2024-06-10"))] in ([], [None])
