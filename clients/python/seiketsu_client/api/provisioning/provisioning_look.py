from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.run_view import RunView
from typing import cast
from uuid import UUID



def _get_kwargs(
    provisioning_id: UUID,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/admin/provisionings/{provisioning_id}".format(provisioning_id=quote(str(provisioning_id), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | RunView | None:
    if response.status_code == 200:
        response_200 = RunView.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | RunView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    provisioning_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Problem | RunView]:
    """ One run: its steps, the results of its four checks, what is left to do

     One run: its steps, the results of its four checks, what is left to do.

    Args:
        provisioning_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunView]
     """


    kwargs = _get_kwargs(
        provisioning_id=provisioning_id,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    provisioning_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Problem | RunView | None:
    """ One run: its steps, the results of its four checks, what is left to do

     One run: its steps, the results of its four checks, what is left to do.

    Args:
        provisioning_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunView
     """


    return sync_detailed(
        provisioning_id=provisioning_id,
client=client,

    ).parsed

async def asyncio_detailed(
    provisioning_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Problem | RunView]:
    """ One run: its steps, the results of its four checks, what is left to do

     One run: its steps, the results of its four checks, what is left to do.

    Args:
        provisioning_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunView]
     """


    kwargs = _get_kwargs(
        provisioning_id=provisioning_id,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    provisioning_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Problem | RunView | None:
    """ One run: its steps, the results of its four checks, what is left to do

     One run: its steps, the results of its four checks, what is left to do.

    Args:
        provisioning_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunView
     """


    return (await asyncio_detailed(
        provisioning_id=provisioning_id,
client=client,

    )).parsed
