"""Numbers, sums, times and dates as they are read aloud and written.

Everything is in words, so that no voice has to guess how to read a figure; what is said here is
understood by the readers of numbers, times and dates.
"""

from __future__ import annotations

from datetime import date

Num = int | float

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINAL_ONES = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
    "seventeenth", "eighteenth", "nineteenth",
]  # fmt: skip


def tidy(value: float) -> Num:
    """An int when the value is whole, else the float rounded to cents of cents."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _below_thousand(n: int) -> list[str]:
    words = []
    if n >= 100:
        words += [ONES[n // 100], "hundred"]
        n %= 100
    if n >= 20:
        words.append(TENS[n // 10 - 2])
        n %= 10
        if n:
            words.append(ONES[n])
    elif n or not words:
        words.append(ONES[n])
    return words


def number_words(value: Num) -> str:
    """A number as it is said: 450000 is "four hundred fifty thousand", 2.5 "two point five"."""
    value = tidy(float(value))
    if value < 0:
        return "minus " + number_words(-value)
    if isinstance(value, float):
        whole, _, digits = f"{value:.4f}".rstrip("0").partition(".")
        return f"{number_words(int(whole))} point {' '.join(ONES[int(d)] for d in digits)}"
    if value == 0:
        return "zero"
    words: list[str] = []
    for name, size in (("billion", 10**9), ("million", 10**6), ("thousand", 10**3)):
        if value >= size:
            words += [number_words(value // size), name]
            value %= size
    if value:
        words += _below_thousand(int(value))
    return " ".join(words)


def ordinal_words(n: int) -> str:
    """21 is "twenty first". For 1..99; ValueError otherwise."""
    if not 1 <= n <= 99:
        raise ValueError("ordinals are spoken for 1 to 99")
    if n < 20:
        return ORDINAL_ONES[n]
    tens, ones = divmod(n, 10)
    return f"{TENS[tens - 2]} {ORDINAL_ONES[ones]}" if ones else TENS[tens - 2][:-1] + "ieth"


def say_dollars(value: Num) -> str:
    """ "four hundred fifty thousand dollars", "five dollars and fifty cents"."""
    dollars, cents = divmod(round(value * 100), 100)
    words = f"{number_words(dollars)} dollar{'' if dollars == 1 else 's'}"
    return f"{words} and {number_words(cents)} cent{'' if cents == 1 else 's'}" if cents else words


def show_dollars(value: Num) -> str:
    """ "$450,000", "$5.50"."""
    return f"${value:,.2f}" if value != int(value) else f"${int(value):,}"


def say_clock(minutes: int, *, period: bool) -> str:
    """A time in words: "nine", "nine thirty", "two oh five", "noon", with "a.m."/"p.m." when asked."""
    if minutes % 1440 == 0:
        return "midnight"
    if minutes == 720:
        return "noon"
    hour, minute = divmod(minutes % 1440, 60)
    words = number_words(hour % 12 or 12)
    if minute:
        words += f" oh {number_words(minute)}" if minute < 10 else f" {number_words(minute)}"
    return f"{words} {'a.m.' if hour < 12 else 'p.m.'}" if period else words


def show_clock(minutes: int) -> str:
    """A time as it is written: "9:30 AM", "12:00 PM"; midnight is "12:00 AM"."""
    hour, minute = divmod(minutes % 1440, 60)
    return f"{hour % 12 or 12}:{minute:02d} {'AM' if hour < 12 else 'PM'}"


def year_words(year: int) -> str:
    """2026 is "twenty twenty six", 2005 "two thousand five", 1999 "nineteen ninety nine"."""
    high, low = divmod(year, 100)
    if low >= 10 and high in range(10, 100) and year not in range(2000, 2010):
        return f"{number_words(high)} {number_words(low)}"
    return number_words(year)


def say_date(day: date, today: date) -> str:
    """ "Tuesday, December first"; with the year when it is not within the coming ten months."""
    text = (
        f"{WEEKDAYS[day.weekday()].capitalize()}, {MONTHS[day.month - 1].capitalize()} "
        f"{ordinal_words(day.day)}"
    )
    near = (day - today).days in range(301)
    return text if near else f"{text}, {year_words(day.year)}"


def show_date(day: date) -> str:
    """ "Tue, Dec 1, 2026"."""
    weekday, month = WEEKDAYS[day.weekday()][:3].capitalize(), MONTHS[day.month - 1][:3].capitalize()
    return f"{weekday}, {month} {day.day}, {day.year:04d}"
