"""Uncertain dates: the examples of the standard, what is refused, and what holds of every date."""

import re
from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.edtf import MAX_LENGTH, Edtf, EdtfError, atoms, is_valid, parse

DATES = st.dates()
# Texts near to what is accepted find more than texts of any kind.
NEAR_EDTF = st.text(alphabet="0123456789X-./,[]{}?~%YTZ:+", max_size=24)
PIECES = (
    "2021",
    "2021-10",
    "2021-10-05",
    "202X",
    "2021-22",
    "-0044",
    "Y12021",
    "..",
    "/",
    ",",
    "[",
    "]",
    "{",
    "}",
    "~",
)
SPANS = st.sampled_from(["../2020", "202X", "20XX", "2021", "2000/..", "/1000", "2021-10", "2021-10-05", "1XXX/2021"])
SCRAMBLED = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        # Level 0
        ("2021", "2021-01-01", "2021-12-31", "year"),
        ("2021-10", "2021-10-01", "2021-10-31", "month"),
        ("2021-10-05", "2021-10-05", "2021-10-05", "day"),
        ("2020-02", "2020-02-01", "2020-02-29", "month"),
        ("2000-02-29", "2000-02-29", "2000-02-29", "day"),
        ("1985-04-12T23:20:30", "1985-04-12", "1985-04-12", "day"),
        ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12", "day"),
        ("1985-04-12T23:20:30-04", "1985-04-12", "1985-04-12", "day"),
        ("1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12", "day"),
        ("2004-06/2006-08", "2004-06-01", "2006-08-31", "interval"),
        ("2005/2006-02", "2005-01-01", "2006-02-28", "interval"),
        ("2005-06/2005", "2005-06-01", "2005-12-31", "interval"),
        # Level 1
        ("1984?", "1984-01-01", "1984-12-31", "year"),
        ("201X", "2010-01-01", "2019-12-31", "decade"),
        ("20XX", "2000-01-01", "2099-12-31", "century"),
        ("2004-XX", "2004-01-01", "2004-12-31", "year"),
        ("1985-02-XX", "1985-02-01", "1985-02-28", "month"),
        ("1985-XX-XX", "1985-01-01", "1985-12-31", "year"),
        ("1985-04-12/..", "1985-04-12", None, "interval"),
        ("1985/", "1985-01-01", None, "interval"),
        ("../1985-04", None, "1985-04-30", "interval"),
        ("/1985", None, "1985-12-31", "interval"),
        ("2001-21", "2001-03-01", "2001-05-31", "season"),
        ("2001-22", "2001-06-01", "2001-08-31", "season"),
        ("2001-23", "2001-09-01", "2001-11-30", "season"),
        ("2003-24", "2003-12-01", "2004-02-29", "season"),
        # Level 2
        ("1XXX", "1000-01-01", "1999-12-31", "millennium"),
        ("1XXX-12", "1000-12-01", "1999-12-31", "millennium"),
        ("156X-12-25", "1560-12-25", "1569-12-25", "decade"),
        ("1984-1X", "1984-10-01", "1984-12-31", "year"),
        ("1984-XX-31", "1984-01-31", "1984-12-31", "year"),
        ("1X00-02-29", "1200-02-29", "1600-02-29", "millennium"),
        ("19XX-22", "1900-06-01", "1999-08-31", "century"),
        ("2001-28", "2001-12-01", "2002-02-28", "season"),
        ("2001-29", "2001-09-01", "2001-11-30", "season"),
        ("2001-30", "2001-12-01", "2002-02-28", "season"),
        ("2001-32", "2001-06-01", "2001-08-31", "season"),
        ("2001-34", "2001-04-01", "2001-06-30", "season"),
        ("2001-36", "2001-10-01", "2001-12-31", "season"),
        ("2001-39", "2001-09-01", "2001-12-31", "season"),
        ("2001-41", "2001-07-01", "2001-12-31", "season"),
        ("[2021-10..2022-07]", "2021-10-01", "2022-07-31", "set"),
        ("[2021,2022]", "2021-01-01", "2022-12-31", "set"),
        ("[2022,2021-05]", "2021-05-01", "2022-12-31", "set"),
        ("[..1760-12-03]", None, "1760-12-03", "set"),
        ("[1760-12..]", "1760-12-01", None, "set"),
        ("[1760-01,1760-02,1760-12..]", "1760-01-01", None, "set"),
        ("[..1760,1762]", None, "1762-12-31", "set"),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31", "set"),
    ],
)
def test_bounds_and_precision(text: str, earliest: str | None, latest: str | None, precision: str) -> None:
    parsed = parse(text)
    bounds = [None if day is None else day.isoformat() for day in (parsed.earliest, parsed.latest)]
    assert (parsed.text, bounds, parsed.precision) == (text, [earliest, latest], precision)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("0000", (0, 1, 1), (0, 12, 31)),
        ("-0044", (-44, 1, 1), (-44, 12, 31)),
        ("-0004-02", (-4, 2, 1), (-4, 2, 29)),
        ("-000X", (-9, 1, 1), (-1, 12, 31)),
        ("-01XX", (-199, 1, 1), (-100, 12, 31)),
        ("Y-170000002", (-170000002, 1, 1), (-170000002, 12, 31)),
    ],
)
def test_years_before_the_first_are_clamped_for_date_and_kept_in_span(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    parsed = parse(text)
    assert (parsed.earliest, parsed.latest, parsed.span) == (date.min, date.min, (first, last))


def test_years_after_9999_are_clamped_and_still_compared_as_written() -> None:
    assert _bounds("Y170000002") == _bounds("Y" + "9" * (MAX_LENGTH - 1)) == (date.max, date.max)
    assert _bounds("9999-24") == (date(9999, 12, 1), date.max)
    assert not parse("Y12021").overlaps(parse("Y12022"))
    assert not parse("-0044").contains(parse("-0043"))


@pytest.mark.parametrize(
    ("flags", "texts"),
    [
        ((False, False), "2004 2004-06-11 [2004,2005]"),
        ((True, False), "2004~ 2004-06-~11 2004-06~-11 2001-21~ Y170000~ 2004~/.. {2004..2005~}"),
        ((False, True), "2004? 2004?-06-11 ?2004-06 201X? -0044? [2004,2005?]"),
        ((True, True), "2004-06% %2004-06 ?2004-06-~11 ?2004~ 2004~/2005?"),
    ],
)
def test_qualifiers_set_flags_and_leave_the_bounds(flags: tuple[bool, bool], texts: str) -> None:
    for text in texts.split():
        parsed, plain = parse(text), parse(re.sub("[?~%]", "", text))
        assert (parsed.approximate, parsed.uncertain) == flags, text
        assert (parsed.span, parsed.precision) == (plain.span, plain.precision)


# What the message tells -> the texts that it is told of.
REFUSED = {
    "empty": [""],
    "blank": [" 2021", "2021 ", "2021\n", "[2021, 2022]", "spring 2021"],
    "ASCII": ["\ud800", "２０２１", "٢٠٢١", "2021‐10"],
    "too long": ["2021" * 26],
    "'2023-02-30' is not in the calendar: February 2023 has 28 days": ["2023-02-30"],
    "February 1900 has 28 days": ["1900-02-29", "1900-02-29T08:40:00Z", "1900-02-29/1901"],
    "April 2021 has 30 days": ["2021-04-31"],
    "October 2021 has 31 days": ["2021-10-00", "2021-10-32"],
    "no month that fits": ["XXXX-02-30", "X1X1-02-29", "2021-XX-32"],
    "is neither 01 to 12 nor 21 to 41": ["2021-13", "2021-00", "2021-20", "2021-42", "2021-3X-01"],
    "expected 2021-21 or a month": ["2021-21-05"],
    "expected 0000 for 1 BC": ["-0000"],
    "from 00:00:00 to 23:59:59": ["2018-10-11T24:00:00", "2018-10-11T23:60:00", "2018-10-11T23:59:60", "Tuesday"],
    "expected a whole date and time": ["2018-10-11T08:40", "2018-10T08:40:00", "2018-10-XXT08:40:00", "T08:40:00"],
    "an offset such as +05:30": ["2018-10-11T08:40:00-00:00", "2018-10-11T08:40:00-00", "2018-10-11T08:40:00+24:00"],
    "2018-10-11T08:40:00Z' is no EDTF date": ["2018-10-11T08:40:00Z/2019", "[2018-10-11T08:40:00Z]"],
    "2021 is later than 2020": ["2021/2020"],
    "starts after it ends": ["2021-10-05/2021-09", "[2022..2021]", "{2020,2022..2021}"],
    "no interval": ["/", "../..", "../", "2020/2021/2022", "2020//2022"],
    "no set": ["[..]", "[2021,..2022]", "[2021..,2022]", "[2021}", "[2021", "[", "[2021,2022]?", "[2020,2021]/2022"],
    "empty member": ["[]", "{2021,,2022}", "{2021,}"],
    "or [2021-10..2022-07]": ["2021..2022", "[2021/2022]", "2021??", "2021?~", "202x", "21", "20211005", "2021-1-5"],
    "expected a date such as 2021": ["2021-10-", "+2021", "12021", "Y2021", "Y012021", "Y17E8", "1950S2", "Y20211-05"],
}


@pytest.mark.parametrize(("told", "text"), [(told, text) for told, texts in REFUSED.items() for text in texts])
def test_what_is_no_date_is_refused_and_told_why(told: str, text: str) -> None:
    with pytest.raises(EdtfError, match=re.escape(told)) as refusal:
        parse(text)
    str(refusal.value).encode()
    assert not is_valid(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2021-10", ["2021-10"]),
        ("2018-10-11T08:40:15Z", ["2018-10-11T08:40:15Z"]),
        ("2021~/2022-05", ["2021~", "2022-05"]),
        ("2025/..", ["2025"]),
        ("/2020", ["2020"]),
        ("[2021-10..2022-07]", ["2021-10", "2022-07"]),
        ("[..1760,1762,1764-05..]", ["1760", "1762", "1764-05"]),
        ("{1960,1961-12?}", ["1960", "1961-12?"]),
    ],
)
def test_atoms(text: str, parts: list[str]) -> None:
    assert atoms(text) == [parse(part) for part in parts]


def test_atoms_refuses_what_parse_refuses() -> None:
    with pytest.raises(EdtfError, match="starts after it ends"):
        atoms("2022/2021")


@pytest.mark.parametrize(
    ("one", "other", "contains", "overlaps"),
    [
        ("2021", "2021-10-05", True, True),
        ("2021-10-05", "2021", False, True),
        ("2021", "2021~", True, True),
        ("2021", "2022", False, False),
        ("2021-10-05", "2021-10-06", False, False),
        ("202X", "2021", True, True),
        ("2021/2022", "2022-12-31", True, True),
        ("2021/2022", "2022-07/2023", False, True),
        ("[2021-10..2022-07]", "2021-12", True, True),
        ("2025/..", "2030", True, True),
        ("2025/..", "2024", False, False),
        ("../2020", "2019/..", False, True),
        ("../2020", "2021/..", False, False),
        ("2025/..", "2026/", True, True),
        ("2025/..", "../2030", False, True),
        ("2021", "2021/..", False, True),
        ("2001-24", "2002-02", True, True),
    ],
)
def test_contains_and_overlaps(one: str, other: str, contains: bool, overlaps: bool) -> None:
    assert parse(one).contains(parse(other)) is contains
    assert parse(one).overlaps(parse(other)) is overlaps
    assert parse(other).overlaps(parse(one)) is overlaps


@given(DATES)
def test_each_precision_of_a_day_is_bound_by_its_unit(day: date) -> None:
    year, month, number = day.isoformat().split("-")
    last_of_month = day.replace(day=monthrange(day.year, day.month)[1])
    assert _bounds(f"{year}-{month}-{number}") == (day, day)
    assert _bounds(f"{year}-{month}") == (day.replace(day=1), last_of_month)
    assert _bounds(year) == (date(day.year, 1, 1), date(day.year, 12, 31))
    decade, century = day.year // 10 * 10, day.year // 100 * 100
    assert _bounds(f"{year[:3]}X") == (date(max(decade, 1), 1, 1), date(decade + 9, 12, 31))
    assert _bounds(f"{year[:2]}XX") == (date(max(century, 1), 1, 1), date(century + 99, 12, 31))


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 99))
def test_a_day_is_accepted_when_the_calendar_has_it(year: int, month: int, day: int) -> None:
    assert is_valid(f"{year:04}-{month:02}-{day:02}") is (day <= monthrange(year, month)[1])


@given(st.dates(date(2000, 1, 1), date(2009, 12, 31)), st.sets(st.sampled_from([3, 5, 6, 8, 9]), min_size=1))
def test_bounds_of_a_mask_are_the_first_and_last_day_that_fits(day: date, unspecified: set[int]) -> None:
    mask = "".join("X" if place in unspecified else digit for place, digit in enumerate(day.isoformat()))
    decade = (date(2000, 1, 1) + timedelta(days) for days in range(3653))
    fitting = [one for one in decade if re.fullmatch(mask.replace("X", "."), one.isoformat())]
    assert _bounds(mask) == (fitting[0], fitting[-1])


@given(DATES, DATES)
def test_an_interval_and_a_set_span_their_ends_in_order(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert _bounds(f"{first}/{last}") == _bounds(f"[{first}..{last}]") == (first, last)
    assert _bounds(f"{{{last},{first}}}") == (first, last)
    assert is_valid(f"{last}/{first}") is is_valid(f"{{{last}..{first}}}") is (first == last)


@given(st.text(max_size=2 * MAX_LENGTH) | NEAR_EDTF | SCRAMBLED)
@example("[" * MAX_LENGTH)
@example("XXXX," * 20)
@example("Y" + "9" * (MAX_LENGTH - 1))
@example("Y" + "9" * MAX_LENGTH)
def test_any_text_is_refused_or_keeps_every_promise(text: str) -> None:
    try:
        parsed = parse(text)
    except EdtfError:
        assert not is_valid(text)
        return
    assert parsed.text == text
    assert len(text) <= MAX_LENGTH
    _assert_bounds_in_order(parsed)
    assert parsed.contains(parsed)
    assert parsed.overlaps(parsed)
    assert all(parsed.overlaps(part) for part in atoms(text))


@given(SPANS, SPANS, DATES | st.dates(date(2020, 12, 1), date(2022, 1, 31)))
def test_comparing_two_spans_says_of_every_day_what_it_says_of_both(one: str, other: str, day: date) -> None:
    outer, inner, moment = parse(one), parse(other), parse(day.isoformat())
    is_in_both = outer.contains(moment) and inner.contains(moment)
    assert outer.contains(moment) is ((outer.earliest or day) <= day <= (outer.latest or day))
    assert outer.overlaps(inner) or not is_in_both
    if outer.contains(inner):
        assert outer.overlaps(inner)
        assert outer.contains(moment) or not inner.contains(moment)


def _bounds(text: str) -> tuple[date | None, date | None]:
    parsed = parse(text)
    return parsed.earliest, parsed.latest


def _assert_bounds_in_order(parsed: Edtf) -> None:
    first, last = parsed.span
    assert first is None or last is None or first <= last
    assert parsed.earliest is None or parsed.latest is None or parsed.earliest <= parsed.latest
    assert ((parsed.earliest is None), (parsed.latest is None)) == ((first is None), (last is None))
