from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.booking_page import BookingPage
from ...models.list_appointments_status import check_list_appointments_status
from ...models.list_appointments_status import ListAppointmentsStatus
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime



def _get_kwargs(
    tenant: str,
    *,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    member_id: None | Unset | UUID = UNSET,
    lead_id: None | Unset | UUID = UNSET,
    status: ListAppointmentsStatus | Unset = 'booked',
    limit: int | Unset = 100,
    if_none_match: None | str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match



    

    params: dict[str, Any] = {}

    json_since: None | str | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    elif isinstance(since, datetime.datetime):
        json_since = since.isoformat()
    else:
        json_since = since
    params["since"] = json_since

    json_until: None | str | Unset
    if isinstance(until, Unset):
        json_until = UNSET
    elif isinstance(until, datetime.datetime):
        json_until = until.isoformat()
    else:
        json_until = until
    params["until"] = json_until

    json_member_id: None | str | Unset
    if isinstance(member_id, Unset):
        json_member_id = UNSET
    elif isinstance(member_id, UUID):
        json_member_id = str(member_id)
    else:
        json_member_id = member_id
    params["member_id"] = json_member_id

    json_lead_id: None | str | Unset
    if isinstance(lead_id, Unset):
        json_lead_id = UNSET
    elif isinstance(lead_id, UUID):
        json_lead_id = str(lead_id)
    else:
        json_lead_id = lead_id
    params["lead_id"] = json_lead_id

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    params["limit"] = limit


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/tenants/{tenant}/appointments".format(tenant=quote(str(tenant), safe=""),),
        "params": params,
    }


    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | BookingPage | Problem | None:
    if response.status_code == 200:
        response_200 = BookingPage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | BookingPage | Problem]:
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
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    member_id: None | Unset | UUID = UNSET,
    lead_id: None | Unset | UUID = UNSET,
    status: ListAppointmentsStatus | Unset = 'booked',
    limit: int | Unset = 100,
    if_none_match: None | str | Unset = UNSET,

) -> Response[Any | BookingPage | Problem]:
    """ Appointments in the order of time

     Appointments in the order of time.

    Args:
        tenant (str):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        member_id (None | Unset | UUID):
        lead_id (None | Unset | UUID):
        status (ListAppointmentsStatus | Unset):  Default: 'booked'.
        limit (int | Unset):  Default: 100.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | BookingPage | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
since=since,
until=until,
member_id=member_id,
lead_id=lead_id,
status=status,
limit=limit,
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
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    member_id: None | Unset | UUID = UNSET,
    lead_id: None | Unset | UUID = UNSET,
    status: ListAppointmentsStatus | Unset = 'booked',
    limit: int | Unset = 100,
    if_none_match: None | str | Unset = UNSET,

) -> Any | BookingPage | Problem | None:
    """ Appointments in the order of time

     Appointments in the order of time.

    Args:
        tenant (str):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        member_id (None | Unset | UUID):
        lead_id (None | Unset | UUID):
        status (ListAppointmentsStatus | Unset):  Default: 'booked'.
        limit (int | Unset):  Default: 100.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | BookingPage | Problem
     """


    return sync_detailed(
        tenant=tenant,
client=client,
since=since,
until=until,
member_id=member_id,
lead_id=lead_id,
status=status,
limit=limit,
if_none_match=if_none_match,

    ).parsed

async def asyncio_detailed(
    tenant: str,
    *,
    client: AuthenticatedClient,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    member_id: None | Unset | UUID = UNSET,
    lead_id: None | Unset | UUID = UNSET,
    status: ListAppointmentsStatus | Unset = 'booked',
    limit: int | Unset = 100,
    if_none_match: None | str | Unset = UNSET,

) -> Response[Any | BookingPage | Problem]:
    """ Appointments in the order of time

     Appointments in the order of time.

    Args:
        tenant (str):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        member_id (None | Unset | UUID):
        lead_id (None | Unset | UUID):
        status (ListAppointmentsStatus | Unset):  Default: 'booked'.
        limit (int | Unset):  Default: 100.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | BookingPage | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
since=since,
until=until,
member_id=member_id,
lead_id=lead_id,
status=status,
limit=limit,
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
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    member_id: None | Unset | UUID = UNSET,
    lead_id: None | Unset | UUID = UNSET,
    status: ListAppointmentsStatus | Unset = 'booked',
    limit: int | Unset = 100,
    if_none_match: None | str | Unset = UNSET,

) -> Any | BookingPage | Problem | None:
    """ Appointments in the order of time

     Appointments in the order of time.

    Args:
        tenant (str):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        member_id (None | Unset | UUID):
        lead_id (None | Unset | UUID):
        status (ListAppointmentsStatus | Unset):  Default: 'booked'.
        limit (int | Unset):  Default: 100.
        if_none_match (None | str | Unset): An `ETag` you have: 304 if it is still the same.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | BookingPage | Problem
     """


    return (await asyncio_detailed(
        tenant=tenant,
client=client,
since=since,
until=until,
member_id=member_id,
lead_id=lead_id,
status=status,
limit=limit,
if_none_match=if_none_match,

    )).parsed
