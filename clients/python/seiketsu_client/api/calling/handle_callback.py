from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.callback_act import CallbackAct
from ...models.calling_callback import CallingCallback
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    tenant: str,
    callback_id: UUID,
    *,
    body: CallbackAct,
    idempotency_key: None | str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/tenants/{tenant}/callbacks/{callback_id}/handle".format(tenant=quote(str(tenant), safe=""),callback_id=quote(str(callback_id), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CallingCallback | Problem | None:
    if response.status_code == 200:
        response_200 = CallingCallback.from_dict(response.json())



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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[CallingCallback | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    tenant: str,
    callback_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CallbackAct,
    idempotency_key: None | str | Unset = UNSET,

) -> Response[CallingCallback | Problem]:
    """ Take a call-back, give it back, or say how it ended

     Take a call-back, give it back, or say how it ended. Two people cannot take the same one.

    Args:
        tenant (str):
        callback_id (UUID):
        idempotency_key (None | str | Unset): Any text of your own (a UUID is good), at most 200
            characters. The same request sent again with it within 24 hours is not done again: you get
            the first reply, with `Idempotent-Replayed: true`.
        body (CallbackAct): ``claim``: I see to it; ``release``: somebody else shall; the others
            say how it ended.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CallingCallback | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
callback_id=callback_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    tenant: str,
    callback_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CallbackAct,
    idempotency_key: None | str | Unset = UNSET,

) -> CallingCallback | Problem | None:
    """ Take a call-back, give it back, or say how it ended

     Take a call-back, give it back, or say how it ended. Two people cannot take the same one.

    Args:
        tenant (str):
        callback_id (UUID):
        idempotency_key (None | str | Unset): Any text of your own (a UUID is good), at most 200
            characters. The same request sent again with it within 24 hours is not done again: you get
            the first reply, with `Idempotent-Replayed: true`.
        body (CallbackAct): ``claim``: I see to it; ``release``: somebody else shall; the others
            say how it ended.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CallingCallback | Problem
     """


    return sync_detailed(
        tenant=tenant,
callback_id=callback_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    tenant: str,
    callback_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CallbackAct,
    idempotency_key: None | str | Unset = UNSET,

) -> Response[CallingCallback | Problem]:
    """ Take a call-back, give it back, or say how it ended

     Take a call-back, give it back, or say how it ended. Two people cannot take the same one.

    Args:
        tenant (str):
        callback_id (UUID):
        idempotency_key (None | str | Unset): Any text of your own (a UUID is good), at most 200
            characters. The same request sent again with it within 24 hours is not done again: you get
            the first reply, with `Idempotent-Replayed: true`.
        body (CallbackAct): ``claim``: I see to it; ``release``: somebody else shall; the others
            say how it ended.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CallingCallback | Problem]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
callback_id=callback_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    tenant: str,
    callback_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CallbackAct,
    idempotency_key: None | str | Unset = UNSET,

) -> CallingCallback | Problem | None:
    """ Take a call-back, give it back, or say how it ended

     Take a call-back, give it back, or say how it ended. Two people cannot take the same one.

    Args:
        tenant (str):
        callback_id (UUID):
        idempotency_key (None | str | Unset): Any text of your own (a UUID is good), at most 200
            characters. The same request sent again with it within 24 hours is not done again: you get
            the first reply, with `Idempotent-Replayed: true`.
        body (CallbackAct): ``claim``: I see to it; ``release``: somebody else shall; the others
            say how it ended.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CallingCallback | Problem
     """


    return (await asyncio_detailed(
        tenant=tenant,
callback_id=callback_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
