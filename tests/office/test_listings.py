"""Listings from CSV files and from an MLS (A047, C20)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from core.errors import InvalidInput, Unavailable
from integrations import reso
from integrations.http import Reply
from tools import listings

CSV = """MLS_ID,Address,City,Price,Beds,Baths,Status,Features,Remarks,Agent Name
A1,12 Cherry Lane,Denver,"$450,000",3,2.5,Active,"garage;yard","Nice, really",Bob
A2,400 Main St,Boulder,300000,2,1,Pending,,,
"""


def test_a_file_becomes_listings() -> None:
    parsed = listings.from_csv(CSV)
    assert parsed.problems == [] and parsed.ignored == ["agentname"]
    one, two = parsed.or_raise()
    assert (one["mls_id"], one["price"], one["baths"], one["features"]) == (
        "A1",
        450000,
        2.5,
        ["garage", "yard"],
    )
    assert (two["status"], two["remarks"]) == ("pending", None)
    assert (
        listings.from_csv("\ufeff" + CSV.replace(",", ";").replace('"$450;000"', "450000")).rows[0]["mls_id"]
        == "A1"
    )


def test_every_fault_is_named_with_line_and_column() -> None:
    bad = (
        "mls_id,address,price,beds,status,modified_at\nA1,,x,-1,Gone,yesterday\n,1 A St,5,1,Active,\n"
        "A3,1 B St,5,1,,\nA3,1 C St,5,1,,\n"
    )
    parsed = listings.from_csv(bad)
    where = [p.where for p in parsed.problems]
    assert where == [
        "line 2, address", "line 2, price", "line 2, beds", "line 2, status", "line 2, modified_at",
        "line 3, mls_id", "listing 2, mls_id",
    ]  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        parsed.or_raise()
    assert len(caught.value.problems) == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("address\n1 A St\n", "no column mls_id"),
        ("mls_id,address\nA1,1 A St,too,many\n", "more cells"),
        ('mls_id,address\nA1,"1 A St\n', "CSV"),
    ],
)
def test_a_file_that_is_none(text: str, words: str) -> None:
    assert any(words in str(p) for p in listings.from_csv(text).problems)
    assert listings.from_reso("{").problems and listings.from_reso("[1]").problems


HOME = {
    "ListingKey": "K1", "ListingId": "A1", "StandardStatus": "ActiveUnderContract", "ListPrice": 450000.0,
    "StreetNumber": "12", "StreetName": "Cherry", "StreetSuffix": "Lane", "City": "Denver",
    "SubdivisionName": "Oak Park", "BedroomsTotal": 3, "BathroomsTotalInteger": 2, "LivingArea": 1800.4,
    "PropertySubType": "SingleFamilyResidence", "ParkingFeatures": ["AttachedGarage"], "PoolFeatures": "None",
    "ModificationTimestamp": "2026-11-20T10:00:00Z", "ListAgentFullName": "Bob", "AssociationFee": 250,
    "AssociationFeeFrequency": "Monthly", "YearBuilt": 1987, "PetsAllowed": ["CatsOK"],
}  # fmt: skip


def test_data_dictionary_names_are_read() -> None:
    (row,) = listings.from_reso(json.dumps({"value": [HOME]})).or_raise()
    assert row == {
        "mls_id": "A1", "status": "active", "address": "12 Cherry Lane", "city": "Denver", "state": None,
        "zip": None, "neighborhood": "Oak Park", "price": 450000, "beds": 3, "baths": 2.0, "size": 1800,
        "type": "house", "features": ["Attached Garage"], "remarks": None,
        "details": {"hoa_fee": 250, "hoa_period": "a month", "year_built": 1987, "pets": ["cats ok"]},
        "modified_at": datetime(2026, 11, 20, 10, tzinfo=UTC),
    }  # fmt: skip


class Mls:
    """A RESO server that checks what it is asked, and fails as often as it is told to."""

    def __init__(self, rows: list[dict[str, Any]], *, fails: list[int] | None = None, page: int = 2):
        self.rows, self.fails, self.page = rows, fails or [], page
        self.asked: list[dict[str, list[str]]] = []
        self.next_link: Callable[[int], str] | None = None

    async def get(self, url: str, headers: Any, *, timeout: float, most: int) -> Reply:
        parts = urlsplit(url)
        assert parts.scheme == "https" and parts.path == "/reso/odata/Property"
        if headers["Authorization"] != "Bearer secret":
            return Reply(401, httpx.Headers(), b"")
        if self.fails:
            status = self.fails.pop(0)
            if status == 0:
                raise Unavailable("no answer")
            return Reply(
                status, httpx.Headers({"retry-after": "0"}), b'{"error":{"code":"X1","message":"m"}}'
            )
        query = parse_qs(parts.query, strict_parsing=True)
        self.asked.append(query)
        skip = int(query.get("$skip", ["0"])[0])
        body: dict[str, Any] = {"value": self.rows[skip : skip + self.page]}
        if skip + self.page < len(self.rows):
            link = self.next_link or (lambda n: f"https://mls.example/reso/odata/Property?$skip={n}")
            body["@odata.nextLink"] = link(skip + self.page)
        return Reply(200, httpx.Headers(), json.dumps(body).encode())


async def fetched(mls: Mls, condition: str = "x eq 1", token: str = "secret") -> list[Any]:
    feed = reso.Feed("https://mls.example/reso/odata/", token)
    return [row async for row in reso.listings(mls, feed, condition, size=2, pause=0.001)]


async def test_pages_are_followed_and_the_question_is_well_formed() -> None:
    mls = Mls([HOME | {"ListingId": f"A{n}"} for n in range(5)])
    condition = reso.filter_of(cities=["O'Fallon"], since=datetime(2026, 11, 1, tzinfo=UTC))
    assert [r["ListingId"] for r in await fetched(mls, condition)] == ["A0", "A1", "A2", "A3", "A4"]
    first = mls.asked[0]
    assert first["$filter"] == [
        "(StandardStatus eq 'Active' or StandardStatus eq 'ActiveUnderContract'"
        " or StandardStatus eq 'ComingSoon' or StandardStatus eq 'Pending')"
        " and City eq 'O''Fallon' and ModificationTimestamp gt 2026-11-01T00:00:00Z"
    ]
    assert first["$top"] == ["2"] and "ListAgent" not in first["$select"][0]


async def test_what_passes_is_tried_again_and_what_does_not_is_said() -> None:
    assert len(await fetched(Mls([HOME], fails=[503, 429, 0]))) == 1
    for fails, error, code in (
        ([503] * 9, Unavailable, "unavailable"),
        ([0] * 9, Unavailable, "unavailable"),
        ([400], reso.ResoRefused, "mls_refused"),
    ):
        with pytest.raises(error) as caught:
            await fetched(Mls([HOME], fails=fails))
        assert caught.value.code == code
    with pytest.raises(reso.ResoRefused) as refused:
        await fetched(Mls([HOME]), token="wrong")
    assert refused.value.code == "mls_token"


@pytest.mark.parametrize(
    "link",
    ["https://evil.example/reso/odata/Property?$skip=2", "https://mls.example/reso/odata/Property?$skip=0"],
)
async def test_the_token_goes_to_the_mls_alone_and_not_in_circles(link: str) -> None:
    mls = Mls([HOME] * 5)
    mls.next_link = lambda _: link
    with pytest.raises(reso.ResoRefused):
        await fetched(mls)
