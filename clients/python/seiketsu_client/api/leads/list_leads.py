from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.lead_page import LeadPage
from ...models.list_leads_intent_type_0 import check_list_leads_intent_type_0
from ...models.list_leads_intent_type_0 import ListLeadsIntentType0
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
import datetime



def _get_kwargs(
    tenant: str,
    *,
    limit: int | Unset = 50,
    after: None | str | Unset = UNSET,
    q: None | str | Unset = UNSET,
    intent: ListLeadsIntentType0 | None | Unset = UNSET,
    disposition: None | str | Unset = UNSET,
    phone: None | str | Unset = UNSET,
    score_min: int | None | Unset = UNSET,
    score_max: int | None | Unset = UNSET,
    created_from: datetime.datetime | None | Unset = UNSET,
    created_to: datetime.datetime | None | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match



    

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_after: None | str | Unset
    if isinstance(after, Unset):
        json_after = UNSET
    else:
        json_after = after
    params["after"] = json_after

    json_q: None | str | Unset
    if isinstance(q, Unset):
        json_q = UNSET
    else:
        json_q = q
    params["q"] = json_q

    json_intent: None | str | Unset
    if isinstance(intent, Unset):
        json_intent = UNSET
    elif isinstance(intent, str):
        json_intent = intent
    else:
        json_intent = intent
    params["intent"] = json_intent

    json_disposition: None | str | Unset
    if isinstance(disposition, Unset):
        json_disposition = UNSET
    else:
        json_disposition = disposition
    params["disposition"] = json_disposition

    json_phone: None | str | Unset
    if isinstance(phone, Unset):
        json_phone = UNSET
    else:
        json_phone = phone
    params["phone"] = json_phone

    json_score_min: int | None | Unset
    if isinstance(score_min, Unset):
        json_score_min = UNSET
    else:
        json_score_min = score_min
    params["score_min"] = json_score_min

    json_score_max: int | None | Unset
    if isinstance(score_max, Unset):
        json_score_max = UNSET
    else:
        json_score_max = score_max
    params["score_max"] = json_score_max

    json_created_from: None | str | Unset
    if isinstance(created_from, Unset):
        json_created_from = UNSET
    elif isinstance(created_from, datetime.datetime):
        json_created_from = created_from.isoformat()
    else:
        json_created_from = created_from
    params["created_from"] = json_created_from

    json_created_to: None | str | Unset
    if isinstance(created_to, Unset):
        json_created_to = UNSET
    elif isinstance(created_to, datetime.datetime):
        json_created_to = created_to.isoformat()
    else:
        json_created_to = created_to
    params["created_to"] = json_created_to


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/tenants/{tenant}/leads".format(tenant=quote(str(tenant), safe=""),),
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | LeadPage | Problem | None:
    if response.status_code == 200:
        response_200 = LeadPage.from_dict(response.json())



        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | LeadPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    tenant: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    after: None | str | Unset = UNSET,
    q: None | str | Unset = UNSET,
    intent: ListLeadsIntentType0 | None | Unset = UNSET,
    disposition: None | str | Unset = UNSET,
    phone: None | str | Unset = UNSET,
    score_min: int | None | Unset = UNSET,
    score_max: int | None | Unset = UNSET,
    created_from: datetime.datetime | None | Unset = UNSET,
    created_to: datetime.datetime | None | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,

) -> Response[Any | LeadPage | Problem]:
    """ Leads, newest first

     Leads, newest first. Rehearsals are left out.

    Args:
        tenant (str):
        limit (int | Unset): How many to a page. Default: 50.
        after (None | str | Unset): The `next` of the page before. It belongs to the same filters.
        q (None | str | Unset): Part of name, phone, e-mail, address or summary.
        intent (ListLeadsIntentType0 | None | Unset):
        disposition (None | str | Unset):
        phone (None | str | Unset): E.164.
        score_min (int | None | Unset):
        score_max (int | None | Unset):
        created_from (datetime.datetime | None | Unset): From this moment on.
        created_to (datetime.datetime | None | Unset): Before this moment.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | LeadPage | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
limit=limit,
after=after,
q=q,
intent=intent,
disposition=disposition,
phone=phone,
score_min=score_min,
score_max=score_max,
created_from=created_from,
created_to=created_to,
if_none_match=if_none_match,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    tenant: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    after: None | str | Unset = UNSET,
    q: None | str | Unset = UNSET,
    intent: ListLeadsIntentType0 | None | Unset = UNSET,
    disposition: None | str | Unset = UNSET,
    phone: None | str | Unset = UNSET,
    score_min: int | None | Unset = UNSET,
    score_max: int | None | Unset = UNSET,
    created_from: datetime.datetime | None | Unset = UNSET,
    created_to: datetime.datetime | None | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,

) -> Any | LeadPage | Problem | None:
    """ Leads, newest first

     Leads, newest first. Rehearsals are left out.

    Args:
        tenant (str):
        limit (int | Unset): How many to a page. Default: 50.
        after (None | str | Unset): The `next` of the page before. It belongs to the same filters.
        q (None | str | Unset): Part of name, phone, e-mail, address or summary.
        intent (ListLeadsIntentType0 | None | Unset):
        disposition (None | str | Unset):
        phone (None | str | Unset): E.164.
        score_min (int | None | Unset):
        score_max (int | None | Unset):
        created_from (datetime.datetime | None | Unset): From this moment on.
        created_to (datetime.datetime | None | Unset): Before this moment.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | LeadPage | Problem
     """


    return sync_detailed(
        tenant=tenant,
client=client,
limit=limit,
after=after,
q=q,
intent=intent,
disposition=disposition,
phone=phone,
score_min=score_min,
score_max=score_max,
created_from=created_from,
created_to=created_to,
if_none_match=if_none_match,

    ).parsed

async def asyncio_detailed(
    tenant: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    after: None | str | Unset = UNSET,
    q: None | str | Unset = UNSET,
    intent: ListLeadsIntentType0 | None | Unset = UNSET,
    disposition: None | str | Unset = UNSET,
    phone: None | str | Unset = UNSET,
    score_min: int | None | Unset = UNSET,
    score_max: int | None | Unset = UNSET,
    created_from: datetime.datetime | None | Unset = UNSET,
    created_to: datetime.datetime | None | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,

) -> Response[Any | LeadPage | Problem]:
    """ Leads, newest first

     Leads, newest first. Rehearsals are left out.

    Args:
        tenant (str):
        limit (int | Unset): How many to a page. Default: 50.
        after (None | str | Unset): The `next` of the page before. It belongs to the same filters.
        q (None | str | Unset): Part of name, phone, e-mail, address or summary.
        intent (ListLeadsIntentType0 | None | Unset):
        disposition (None | str | Unset):
        phone (None | str | Unset): E.164.
        score_min (int | None | Unset):
        score_max (int | None | Unset):
        created_from (datetime.datetime | None | Unset): From this moment on.
        created_to (datetime.datetime | None | Unset): Before this moment.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | LeadPage | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
limit=limit,
after=after,
q=q,
intent=intent,
disposition=disposition,
phone=phone,
score_min=score_min,
score_max=score_max,
created_from=created_from,
created_to=created_to,
if_none_match=if_none_match,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    tenant: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    after: None | str | Unset = UNSET,
    q: None | str | Unset = UNSET,
    intent: ListLeadsIntentType0 | None | Unset = UNSET,
    disposition: None | str | Unset = UNSET,
    phone: None | str | Unset = UNSET,
    score_min: int | None | Unset = UNSET,
    score_max: int | None | Unset = UNSET,
    created_from: datetime.datetime | None | Unset = UNSET,
    created_to: datetime.datetime | None | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,

) -> Any | LeadPage | Problem | None:
    """ Leads, newest first

     Leads, newest first. Rehearsals are left out.

    Args:
        tenant (str):
        limit (int | Unset): How many to a page. Default: 50.
        after (None | str | Unset): The `next` of the page before. It belongs to the same filters.
        q (None | str | Unset): Part of name, phone, e-mail, address or summary.
        intent (ListLeadsIntentType0 | None | Unset):
        disposition (None | str | Unset):
        phone (None | str | Unset): E.164.
        score_min (int | None | Unset):
        score_max (int | None | Unset):
        created_from (datetime.datetime | None | Unset): From this moment on.
        created_to (datetime.datetime | None | Unset): Before this moment.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | LeadPage | Problem
     """


    return (await asyncio_detailed(
        tenant=tenant,
client=client,
limit=limit,
after=after,
q=q,
intent=intent,
disposition=disposition,
phone=phone,
score_min=score_min,
score_max=score_max,
created_from=created_from,
created_to=created_to,
if_none_match=if_none_match,

    )).parsed
