from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.delivery_page import DeliveryPage
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    tenant: str,
    webhook_id: UUID,
    *,
    status: None | str | Unset = UNSET,
    before: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_status: None | str | Unset
    if isinstance(status, Unset):
        json_status = UNSET
    else:
        json_status = status
    params["status"] = json_status

    json_before: None | str | Unset
    if isinstance(before, Unset):
        json_before = UNSET
    elif isinstance(before, UUID):
        json_before = str(before)
    else:
        json_before = before
    params["before"] = json_before

    params["limit"] = limit


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/tenants/{tenant}/webhooks/{webhook_id}/deliveries".format(tenant=quote(str(tenant), safe=""),webhook_id=quote(str(webhook_id), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DeliveryPage | Problem | None:
    if response.status_code == 200:
        response_200 = DeliveryPage.from_dict(response.json())



        return response_200

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DeliveryPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    tenant: str,
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    status: None | str | Unset = UNSET,
    before: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,

) -> Response[DeliveryPage | Problem]:
    """ What was sent to an endpoint or waits for it, newest first

     What was sent to an endpoint or waits for it, newest first. ``status``: pending, delivered, failed.

    Args:
        tenant (str):
        webhook_id (UUID):
        status (None | str | Unset):
        before (None | Unset | UUID):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryPage | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
webhook_id=webhook_id,
status=status,
before=before,
limit=limit,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    tenant: str,
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    status: None | str | Unset = UNSET,
    before: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,

) -> DeliveryPage | Problem | None:
    """ What was sent to an endpoint or waits for it, newest first

     What was sent to an endpoint or waits for it, newest first. ``status``: pending, delivered, failed.

    Args:
        tenant (str):
        webhook_id (UUID):
        status (None | str | Unset):
        before (None | Unset | UUID):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryPage | Problem
     """


    return sync_detailed(
        tenant=tenant,
webhook_id=webhook_id,
client=client,
status=status,
before=before,
limit=limit,

    ).parsed

async def asyncio_detailed(
    tenant: str,
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    status: None | str | Unset = UNSET,
    before: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,

) -> Response[DeliveryPage | Problem]:
    """ What was sent to an endpoint or waits for it, newest first

     What was sent to an endpoint or waits for it, newest first. ``status``: pending, delivered, failed.

    Args:
        tenant (str):
        webhook_id (UUID):
        status (None | str | Unset):
        before (None | Unset | UUID):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryPage | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
webhook_id=webhook_id,
status=status,
before=before,
limit=limit,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    tenant: str,
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    status: None | str | Unset = UNSET,
    before: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,

) -> DeliveryPage | Problem | None:
    """ What was sent to an endpoint or waits for it, newest first

     What was sent to an endpoint or waits for it, newest first. ``status``: pending, delivered, failed.

    Args:
        tenant (str):
        webhook_id (UUID):
        status (None | str | Unset):
        before (None | Unset | UUID):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryPage | Problem
     """


    return (await asyncio_detailed(
        tenant=tenant,
webhook_id=webhook_id,
client=client,
status=status,
before=before,
limit=limit,

    )).parsed
