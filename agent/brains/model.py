"""An OpenAI-compatible endpoint asked for one answer: streamed, within limits, every failure named."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import openai
from openai import AsyncOpenAI
from pipecat.metrics.metrics import LLMTokenUsage
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.services.openai.llm import OpenAILLMService

from agent.brains.breaker import Breaker

MISCONFIGURED_SECONDS = 60.0
"""How long a wrong key, model or address is left alone: it does not mend in the next turn."""


class ModelFailure(Exception):
    """The model did not answer this turn. ``rest``: seconds to leave it alone; ``counts``: whether it
    speaks against the endpoint (and not only against this one answer)."""

    def __init__(self, reason: str, *, rest: float | None = None, counts: bool = True):
        super().__init__(reason)
        self.reason, self.rest, self.counts = reason, rest, counts


@dataclass(frozen=True)
class ModelLimits:
    """Seconds. ``first_token``: until the first word or call of a request; ``stall``: between two;
    ``turn``: all the model may use of one turn. ``rounds``: requests a turn."""

    first_token: float = 2.5
    stall: float = 2.5
    turn: float = 8.0
    rounds: int = 3


@dataclass
class ToolCall:
    """A call as the model wrote it; ``arguments`` is text that may not be JSON."""

    id: str
    name: str = ""
    arguments: str = ""


class Endpoint:
    """One model at one address: the connection pool and the breaker that all calls of a process share.

    ``developer_role``: whether the server knows that role (None: only api.openai.com is trusted to).
    ``wording``: ``model`` lets the model phrase plain questions, ``engine`` speaks the engine's words as
    they are and saves the second request.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: str = "",
        base_url: str | None = None,
        limits: ModelLimits | None = None,
        breaker: Breaker | None = None,
        developer_role: bool | None = None,
        wording: str = "model",
        extra: dict[str, Any] | None = None,
    ):
        self.model = model
        self.limits = limits or ModelLimits()
        self.breaker = breaker or Breaker()
        self.wording = wording
        self.extra = extra or {}
        host = urlparse(base_url).hostname if base_url else "api.openai.com"
        self.developer_role = host == "api.openai.com" if developer_role is None else developer_role
        # No retries of the library's own: the guided brain answers at once, and a caller is waiting.
        self.client = AsyncOpenAI(
            api_key=api_key or "none", base_url=base_url, max_retries=0, timeout=self.limits.turn
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self.client.close()


@dataclass
class Request:
    """What is asked: the history, with ``state`` put behind the caller's newest words."""

    context: LLMContext
    state: str
    tools: Sequence[dict[str, Any]]
    deadline: float
    usage: LLMTokenUsage | None = field(default=None, init=False)


class Model(OpenAILLMService):
    """pipecat's OpenAI service used as a client: it knows the parameters, we read the stream.

    Read here, not there: parallel calls in one chunk, limits on every wait, a stream cut short, and no
    transcript in debug logs.
    """

    def __init__(self, endpoint: Endpoint, role: str):
        self._endpoint = endpoint
        self.role = role
        super().__init__(
            api_key="none",
            settings=OpenAILLMService.Settings(model=endpoint.model, extra=endpoint.extra),
        )

    def create_client(self, *args: Any, **kwargs: Any) -> AsyncOpenAI:
        """The endpoint's client, shared by all calls."""
        return self._endpoint.client

    async def ask(self, request: Request) -> AsyncGenerator[str | list[ToolCall], None]:
        """The answer: pieces of text as they come, then the calls (maybe none).

        Raises ModelFailure for everything that can go wrong.
        """
        loop, limits = asyncio.get_running_loop(), self._endpoint.limits
        due = loop.time() + limits.first_token
        with _named("connection"):
            async with _until(min(due, request.deadline), "first token late"):
                stream = await self._endpoint.client.chat.completions.create(**await self._params(request))
        calls = _Calls()
        begun = finished = False
        chunks = stream.__aiter__()
        try:
            while True:
                late = "stalled" if begun else "first token late"
                with _named("broken stream"):
                    try:
                        async with _until(min(due, request.deadline), late):
                            chunk = await anext(chunks)
                    except StopAsyncIteration:
                        break
                if chunk.usage:
                    request.usage = self._token_usage(chunk.usage)
                choice = chunk.choices[0] if chunk.choices else None
                if choice is None:
                    continue
                finished = finished or choice.finish_reason is not None
                if choice.finish_reason == "content_filter":
                    raise ModelFailure("filtered", counts=False)
                delta = choice.delta
                if delta and (delta.content or delta.tool_calls):
                    begun, due = True, loop.time() + limits.stall
                    for part in delta.tool_calls or ():
                        calls.add(part)
                    if delta.content:
                        yield delta.content
        finally:
            # The iterator first: its cleanup runs through the whole chain under it.
            with contextlib.suppress(Exception):
                await chunks.aclose()
            with contextlib.suppress(Exception):
                await stream.close()
        if not finished:
            raise ModelFailure("cut short")
        if not begun:
            raise ModelFailure("empty")
        yield calls.found

    async def _params(self, request: Request) -> dict[str, Any]:
        developer = self._endpoint.developer_role
        given = await self.get_llm_adapter().get_llm_invocation_params(
            request.context, system_instruction=self.role, convert_developer_to_user=not developer
        )
        params = self.build_chat_completion_params(given)
        params["messages"] = _with_state(list(given["messages"]), request.state, developer)
        params["tools"] = list(request.tools)
        params.pop("tool_choice", None)
        return params


def _with_state(messages: list[Any], state: str, developer: bool) -> list[Any]:
    """Put the state behind the newest user message: everything before it stays as it was, so that the
    provider's prompt cache holds, and it stays there through the turn's further requests.

    Servers that do not know the developer role often insist on alternating roles: there it becomes part
    of that user message.
    """
    at = max((i for i, m in enumerate(messages) if m.get("role") == "user"), default=len(messages) - 1)
    if developer:
        return [*messages[: at + 1], {"role": "developer", "content": state}, *messages[at + 1 :]]
    heard = dict(messages[at])
    heard["content"] = (
        f"{heard.get('content', '')}\n\n[Where the form stands, not said by the caller]\n{state}"
    )
    return [*messages[:at], heard, *messages[at + 1 :]]


class _Calls:
    """Calls put together from fragments. Parallel ones may be interleaved; some servers number every
    call 0 and tell them apart by id only, some repeat the name in every fragment."""

    def __init__(self) -> None:
        self.found: list[ToolCall] = []
        self._newest: dict[int, ToolCall] = {}

    def add(self, part: Any) -> None:
        index = part.index or 0
        call = self._newest.get(index)
        if call is None or (part.id and part.id != call.id):
            call = ToolCall(id=part.id or f"call_{uuid4().hex[:24]}")
            self.found.append(call)
            self._newest[index] = call
        if part.function and part.function.name and part.function.name != call.name:
            call.name += part.function.name
        if part.function and part.function.arguments:
            call.arguments += part.function.arguments


@contextlib.asynccontextmanager
async def _until(when: float, reason: str) -> AsyncGenerator[None, None]:
    try:
        async with asyncio.timeout_at(when):
            yield
    except TimeoutError:
        raise ModelFailure(reason) from None


@contextlib.contextmanager
def _named(otherwise: str) -> Any:
    """Every failure of the library as ours. Its texts may quote the conversation, so only names are kept."""
    try:
        yield
    except ModelFailure:
        raise
    except openai.APIStatusError as error:
        raise _status(error) from None
    except openai.APITimeoutError:
        raise ModelFailure("timeout") from None
    except openai.APIConnectionError:
        raise ModelFailure("connection") from None
    except (json.JSONDecodeError, openai.APIResponseValidationError, UnicodeDecodeError):
        raise ModelFailure("malformed") from None
    except Exception as error:
        raise ModelFailure(f"{otherwise}: {type(error).__name__}") from None


def _status(error: openai.APIStatusError) -> ModelFailure:
    code = error.status_code
    if code == 429:
        return ModelFailure("429", rest=_retry_after(error.response.headers.get("retry-after")))
    if code in (401, 403, 404):
        return ModelFailure(str(code), rest=MISCONFIGURED_SECONDS)
    return ModelFailure(str(code))


def _retry_after(value: str | None) -> float | None:
    try:
        return max(float(value), 0.0) if value else None
    except ValueError:
        return None
