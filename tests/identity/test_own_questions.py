"""A091: a client's own questions on a page and over the API, looked through and said back in words."""

from __future__ import annotations

from uuid import UUID

from tests.identity.conftest import House

PAGE = "/account/questions"
API = "/tenants/me/lead-rules"


async def test_questions_are_added_and_removed_on_the_page(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    added = await browser.http.post(
        PAGE, data={"question": "whether they have a car"}, headers=browser.headers
    )
    assert added.status_code == 303, added.text
    sheet = await browser.http.get(PAGE)
    assert "Do you have a car?" in sheet.text and "I also ask everybody" in sheet.text
    refused = await browser.http.post(
        PAGE, data={"question": "how many kids they have"}, headers=browser.headers
    )
    assert refused.status_code == 422 and "Fair-housing" in refused.text and "how many kids" in refused.text
    key = sheet.text.split('name="key" value="')[1].split('"')[0]
    assert (
        await browser.http.post(f"{PAGE}/remove", data={"key": key}, headers=browser.headers)
    ).status_code == 303
    assert "Do you have a car?" not in (await browser.http.get(PAGE)).text


async def test_who_may_only_read_sees_no_form(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id, "agent")
    sheet = await browser.http.get(PAGE)
    assert sheet.status_code == 200 and "<form" not in sheet.text
    assert (await browser.http.post(PAGE, data={"question": "whether they have a car"})).status_code == 403


async def test_questions_and_must_haves_over_the_api(house: House, tenant_id: UUID) -> None:
    browser = await house.signed_in(tenant_id)
    body = {
        "questions": [{"key": "car", "ask": "Do you have a car?", "type": "yes_no", "of": ["renter"]}],
        "must_haves": [{"key": "money", "field": "price_max", "at_least": 300000, "of": ["buyer"]}],
    }
    looked = await browser.ask("POST", f"{API}/lint", json=body)
    assert looked.status_code == 200 and looked.json()["problems"] == {}
    assert "Do you have a car?" in looked.json()["explained"][0]
    empty = await browser.ask("GET", API)
    assert empty.json()["questions"] == []
    kept = await browser.ask("PUT", API, json=body, headers={"If-Match": empty.headers["etag"]})
    assert kept.status_code == 200, kept.text
    assert [q["key"] for q in kept.json()["questions"]] == ["car"] and "300,000" in str(
        kept.json()["explained"]
    )
    stale = await browser.ask("PUT", API, json={"questions": []}, headers={"If-Match": empty.headers["etag"]})
    assert stale.status_code == 412
    wrong = {"questions": [{"key": "faith", "ask": "Which church do you go to?"}]}
    assert "questions" in (await browser.ask("POST", f"{API}/lint", json=wrong)).json()["problems"]
    assert (await browser.ask("PUT", API, json=wrong, headers={"If-Match": "*"})).status_code == 422
