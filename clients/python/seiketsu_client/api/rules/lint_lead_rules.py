from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.lead_rules_new import LeadRulesNew
from ...models.problem import Problem
from ...models.rules_lint import RulesLint
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    tenant: str,
    *,
    body: LeadRulesNew,
    idempotency_key: None | str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/tenants/{tenant}/lead-rules/lint".format(tenant=quote(str(tenant), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | RulesLint | None:
    if response.status_code == 200:
        response_200 = RulesLint.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | RulesLint]:
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
    body: LeadRulesNew,
    idempotency_key: None | str | Unset = UNSET,

) -> Response[Problem | RulesLint]:
    """ Look them through without keeping them

     Look them through without keeping them.

    Args:
        tenant (str):
        idempotency_key (None | str | Unset):
        body (LeadRulesNew): All questions and must-haves, in the order in which they are asked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RulesLint]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    tenant: str,
    *,
    client: AuthenticatedClient,
    body: LeadRulesNew,
    idempotency_key: None | str | Unset = UNSET,

) -> Problem | RulesLint | None:
    """ Look them through without keeping them

     Look them through without keeping them.

    Args:
        tenant (str):
        idempotency_key (None | str | Unset):
        body (LeadRulesNew): All questions and must-haves, in the order in which they are asked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RulesLint
     """


    return sync_detailed(
        tenant=tenant,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    tenant: str,
    *,
    client: AuthenticatedClient,
    body: LeadRulesNew,
    idempotency_key: None | str | Unset = UNSET,

) -> Response[Problem | RulesLint]:
    """ Look them through without keeping them

     Look them through without keeping them.

    Args:
        tenant (str):
        idempotency_key (None | str | Unset):
        body (LeadRulesNew): All questions and must-haves, in the order in which they are asked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RulesLint]
     """


    kwargs = _get_kwargs(
        tenant=tenant,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    tenant: str,
    *,
    client: AuthenticatedClient,
    body: LeadRulesNew,
    idempotency_key: None | str | Unset = UNSET,

) -> Problem | RulesLint | None:
    """ Look them through without keeping them

     Look them through without keeping them.

    Args:
        tenant (str):
        idempotency_key (None | str | Unset):
        body (LeadRulesNew): All questions and must-haves, in the order in which they are asked.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RulesLint
     """


    return (await asyncio_detailed(
        tenant=tenant,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
