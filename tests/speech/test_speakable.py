"""How written things are said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.speech.speakable import speakable

TABLE = {
    # telephone numbers: 3-3-4 with pauses, the country code of NANP unsaid
    "Call (303) 555-0142 now.": "Call 3 0 3, 5 5 5, 0 1 4 2 now.",
    "Is it +13035550142?": "Is it 3 0 3, 5 5 5, 0 1 4 2?",
    "303-555-0142 ext. 12": "3 0 3, 5 5 5, 0 1 4 2 extension 1 2",
    "+1 303.555.0142.": "3 0 3, 5 5 5, 0 1 4 2.",
    "Ring +442079460958.": "Ring 4 4 2 0, 7 9 4 6, 0 9 5 8.",
    # codes and reference numbers: one by one
    "Your code is 472911.": "Your code is 4 7 2, 9 1 1.",
    "Ticket SK-10482 is open.": "Ticket S K, 1 0 4, 8 2 is open.",
    "Enter AB12CD.": "Enter A B 1, 2 C D.",
    "The reference is 4711.": "The reference is 4 7 1 1.",
    "Your order is ready.": "Your order is ready.",
    # mail and web
    "Write to priya.nguyen@oakhill.com.": "Write to priya dot nguyen at oakhill dot com.",
    "amy_lee+home22@gmail.com": "amy underscore lee plus home 22 at gmail dot com",
    "See https://www.oakhillrealty.com/listings for it.": "See oakhillrealty dot com slash listings for it.",
    "Go to seiketsu.ai, please.": "Go to seiketsu dot ai, please.",
    # money
    "It is $499 a month.": "It is 499 dollars a month.",
    "$1 or $42.50": "1 dollar or 42 dollars and 50 cents",
    "$1,250,000 at most": "1,250,000 dollars at most",
    "between $450k and $1.2 million": "between 450 thousand dollars and 1.2 million dollars",
    "$400k-$500k": "400 thousand dollars to 500 thousand dollars",
    "$2,400/mo": "2,400 dollars per month",
    # times
    "Open 9:00 AM to 5:30 pm.": "Open 9 AM to 5 30 PM.",
    "At 7:05 p.m. we close.": "At 7 oh 5 PM we close.",
    "We close at 6 p.m.": "We close at 6 PM.",
    "9am-5pm": "9 AM to 5 PM",
    "At 14:30 sharp": "At 2 30 PM sharp",
    # addresses and abbreviations
    "123 Main St., Apt. 4B, Denver, CO 80202": "123 Main Street, Apartment 4 B, Denver, Colorado 8 0 2 0 2",
    "1600 N. Oak Hill Ave. is sold.": "1600 North Oak Hill Avenue is sold.",
    "St. Louis and Dr. Smith": "St. Louis and Dr. Smith",
    "Are you in Austin, TX?": "Are you in Austin, Texas?",
    "approx. 1,800 sq. ft.": "approximately 1,800 square feet",
    "3 bd, 2 ba": "3 bedroom, 2 bath",
    "Unit #4": "Unit number 4",
    "20% down & no fee": "20 percent down and no fee",
    # left alone
    "P as in Papa, R as in Romeo, A as in Alpha.": "P as in Papa, R as in Romeo, A as in Alpha.",
    "P-R-I-Y-A": "P, R, I, Y, A",
    "3 0 3, 5 5 5, 0 1 4 2": "3 0 3, 5 5 5, 0 1 4 2",
    "We have 12 agents and 3 offices.": "We have 12 agents and 3 offices.",
    "In 2026 we sold 1,250 homes.": "In 2026 we sold 1,250 homes.",
    "Do you use an MLS or a CRM?": "Do you use an MLS or a CRM?",
    "One min, please; it was ok, or so I hear.": "One min, please; it was ok, or so I hear.",
    "**Great!** Let's go.": "Great! Let's go.",
}


@pytest.mark.parametrize("written", TABLE)
def test_table(written):
    assert speakable(written) == TABLE[written]


@pytest.mark.parametrize("written", TABLE)
def test_saying_it_twice_changes_nothing(written):
    assert speakable(speakable(written)) == speakable(written)


@given(st.text(alphabet="abcXYZ 023456789.,-+@%&#/()'", max_size=60))
def test_no_digit_is_ever_lost(text):
    """But for the cases that are no loss: a country code 1, a full hour, cents of zero."""
    assert re.sub(r"\D", "", speakable(text)) == re.sub(r"\D", "", text)
