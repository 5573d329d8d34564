"""Makes the session of a call: its conversation, its voice, its recording. One a process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from loguru import logger

from agent import phrases
from agent.brains.guided import GuidedBrain
from agent.callbook import CallBook
from agent.conversation import Conversation
from agent.faults import OnEnd, OnFault
from agent.guardrails import guard
from agent.languages import SPANISH
from agent.latency import TurnRecord
from agent.limits import Limits
from agent.outbound import OutboundConversation
from agent.parts import Parts
from agent.ports import LiveCall
from agent.recording import Recording, recording_path, write_transcript
from agent.session import BrainFactory, Farewell, Session
from agent.session_facts import load_facts
from agent.speech.engine import SpeechEngine
from agent.speech.providers.base import SpeechProfile
from agent.transports import TWILIO_RATE
from agent.turns import spawn
from agent.warmup import rehearse_call
from core.errors import SeiketsuError
from core.ids import HOUSE_TENANT, new_id
from flows.languages import localized
from flows.schema import Flow
from policies.compliance import compliance, redisclosure
from policies.voices import beside, spoken_by
from prompts.phrases import phrase
from stores import conversations, file_keys
from stores.file_keys import FileKeys

PROVIDERS = {"hibari": "embedded", "piper": "piper_http", "openai": "openai"}
"""The policies' name of a voice engine -> the speech provider that speaks with it."""
NOT_TAKEN = frozenset({"busy", "no-answer", "failed", "canceled"})
"""Outcomes of a transfer after which the conversation goes on."""
DEFAULT_VOICE = "professional_female"

OnTurn = Callable[[LiveCall, TurnRecord], None]


class Lines:
    """Everything a live call is made of.

    ``stt`` and ``tts`` name speech providers; a tenant's voice profile picks among the voices of ``tts``.
    ``on_turn`` is told of every exchange (metrics, live transcript), ``on_fault`` of what went wrong and
    was dealt with, ``on_end`` how a call left.
    """

    def __init__(
        self,
        parts: Parts,
        engine: SpeechEngine,
        book: CallBook,
        *,
        data_dir: Path,
        stt: str = "embedded",
        tts: str = "embedded",
        max_call_minutes: int = 20,
        brain: BrainFactory = GuidedBrain,
        on_turn: OnTurn = lambda call, record: None,
        on_fault: OnFault = lambda call, kind: None,
        on_end: OnEnd = lambda call, outcome: None,
    ):
        self._parts, self._engine, self._book = parts, engine, book
        self._data_dir = data_dir
        self._stt, self._tts = stt, tts
        self._max_call_minutes = max_call_minutes
        self._brain, self._on_turn = brain, on_turn
        self._on_fault, self._on_end = on_fault, on_end
        self._tasks: set[asyncio.Task[Any]] = set()

    async def phone(self, call: LiveCall, farewell: Farewell) -> Session:
        """The session of a claimed telephone call: a new conversation, or the one it carries already."""
        conversation = await self._conversation(call)
        if call.conversation_id is None:
            await self._book.joined(call, conversation.id)
            call = replace(call, conversation_id=conversation.id)
        missed = conversation.nobody_took_it = call.facts.get("dial") in NOT_TAKEN
        reminder = partial(self._reminder, conversation)
        path = recording_path(self._data_dir, call.tenant_id, call.id)
        keys = await self._file_keys(call.tenant_id)
        return Session(
            call,
            conversation,
            self._speech(conversation),
            limits=Limits(
                call=60.0 * min(self._max_call_minutes, conversation.facts.max_call_minutes),
                remind=60.0 * compliance().redisclose.minutes,
            ),
            recording=Recording(path, keys, rate=TWILIO_RATE, on_start=partial(self._noticed, call))
            if keys is not None and call.facts.get("record", True)
            else None,
            farewell=farewell,
            on_turn=self._following(call, conversation),
            on_fault=partial(self._on_fault, call),
            on_end=partial(self._on_end, call),
            brain=self._brain,
            preface=(reminder(), phrases.NOBODY_THERE) if missed else (),
            reminder=reminder,
            archive=partial(self._archive, conversation, path.with_suffix(".json"), keys) if keys else None,
        )

    def _noticed(self, call: LiveCall) -> None:
        spawn(self._tasks, self._book.noticed(call), "notice")

    async def _file_keys(self, tenant_id: UUID) -> FileKeys | None:
        """What this call's files are sealed with; without it the call goes on and leaves no files."""
        vault = self._parts.ports.vault
        try:
            async with self._parts.db.tenant(tenant_id) as session:
                return await file_keys.to_write(session, vault) if vault is not None else None
        except SeiketsuError as error:
            logger.error("a call is not recorded, its files could not be sealed: {}", error.code)
            return None

    async def _conversation(self, call: LiveCall) -> Conversation:
        """The call's own, or the one it carries already; of a call that we placed, one that knows why."""
        given: dict[str, Any] = {
            "tenant_id": call.tenant_id,
            "channel": "voice",
            "caller": call.caller,
            "call_id": call.id,
            "conversation_id": call.conversation_id,
        }
        if placed := call.facts.get("placed"):
            return await OutboundConversation.begin(self._parts, placed, **given)
        return await Conversation.start(self._parts, **given)

    async def talk(self, tenant_id: UUID, *, conversation_id: UUID | None = None) -> Session:
        """The session of a browser that speaks; ``conversation_id`` goes on with what was typed."""
        conversation = await Conversation.start(
            self._parts, tenant_id=tenant_id, channel="voice", conversation_id=conversation_id
        )
        call = LiveCall(new_id(), tenant_id, conversation_id=conversation.id, channel="talk")
        return Session(
            call,
            conversation,
            self._speech(conversation),
            limits=Limits(call=60.0 * self._max_call_minutes),
            on_turn=partial(self._on_turn, call),
            on_fault=partial(self._on_fault, call),
            on_end=partial(self._on_end, call),
            brain=self._brain,
        )

    async def close_left_open(self, call: LiveCall) -> None:
        """The carrier says a call is over whose conversation no process holds any more."""
        if call.conversation_id is None:
            return
        try:
            conversation = await self._conversation(call)
            await conversation.close("caller hung up")
        except SeiketsuError as error:
            logger.warning("a conversation left open could not be closed: {}", error.code)

    async def warm(self) -> None:
        """Have everything a first call would otherwise wait for: sentences in the voice, a rehearsed call."""
        await asyncio.to_thread(guard.warm)
        primed = await self.prime()
        seconds = await rehearse_call(self._parts, self._engine.for_call(self._profile(DEFAULT_VOICE, ())))
        logger.info("lines are warm: {} sentences, a rehearsed call in {:.1f} s", primed, seconds)

    async def prime(self, tenant_id: UUID = HOUSE_TENANT) -> int:
        """Make the sentences a call is sure to need before it comes. Returns how many were new."""
        facts = await load_facts(self._parts, tenant_id, caller=None)
        flow = self._parts.flows["onboarding" if tenant_id == HOUSE_TENANT else "lead"]
        opening = [text.format_map(_Facts(facts.values)) for _, text in facts.opening("voice", flow.opening)]
        return await self._engine.prime(
            [*opening, *(phrase.text for phrase in phrases.ALL), *_asks(flow)],
            profile=self._profile(facts.voice_profile, ()),
            rate=TWILIO_RATE,
        )

    @staticmethod
    def _reminder(conversation: Conversation) -> phrases.Phrase:
        """Who is speaking, in the language that is spoken by then (C11, C47)."""
        brand, language = conversation.facts.values["brand"], conversation.state.language
        return phrases.Phrase(redisclosure(brand, language), "redisclose", language=language)

    def _speech(self, conversation: Conversation) -> Any:
        facts = conversation.facts
        profile = self._profile(facts.voice_profile, facts.languages)
        if profile.spanish:
            spawn(self._tasks, self._prime_spanish(conversation, profile), "spanish sentences")
        return self._engine.for_call(profile, vocabulary=facts.names())

    async def _prime_spanish(self, conversation: Conversation, profile: SpeechProfile) -> None:
        """What a caller who changes to Spanish is sure to hear, made while the opening is being said; then
        the questions, which are the same for every client."""
        flow = localized(self._parts.flows["lead"], SPANISH)
        first = [phrase("now_spanish", "voice", {}, n, SPANISH) for n in range(2)]
        disclosed = conversation.disclosure_in(SPANISH)
        lines = [line.text for line in phrases.spoken_in(SPANISH)]
        await self._engine.prime(
            [*first, disclosed, *_first_asks(flow), *lines],
            profile=profile,
            rate=TWILIO_RATE,
            language=SPANISH,
        )

    def _profile(self, wanted: str, languages: Sequence[str]) -> SpeechProfile:
        """The profile's voice where an installed engine has it, else the nearest that is there; and who
        speaks Spanish beside it, where that is among the call's languages."""
        if self._tts not in PROVIDERS.values():
            return SpeechProfile(stt=self._stt, tts=self._tts)
        engines = [name for name, provider in PROVIDERS.items() if provider == self._tts]
        if self._engine.options.get("piper_url"):
            engines.append("piper")
        spoken = spoken_by(wanted, engines)
        embedded = PROVIDERS[spoken.engine] == "embedded"
        spanish = beside(SPANISH, spoken.voice, self._parts.ports.engines) if SPANISH in languages else ""
        several = len(languages) > 1
        return SpeechProfile(
            stt=self._stt,
            tts=PROVIDERS[spoken.engine],
            voice=spoken.voice,
            speed=spoken.speed,
            language="" if several else "en",
            spanish=spanish if embedded else "",
        )

    def _following(self, call: LiveCall, conversation: Conversation) -> Callable[[TurnRecord], None]:
        """Tells of every exchange, and keeps the book right: a resume code joins a call to another
        conversation, which is the one a reconnection has to go on with.
        """
        carried = conversation.id

        def told(record: TurnRecord) -> None:
            nonlocal carried
            if conversation.id != carried:
                carried = conversation.id
                spawn(self._tasks, self._book.joined(call, carried), "joining")
            self._on_turn(call, record)

        return told

    async def _archive(self, conversation: Conversation, path: Path, keys: FileKeys) -> dict[str, str]:
        """Write the transcript beside the recording; where it lies, by kind."""
        async with self._parts.db.tenant(conversation.tenant_id) as session:
            turns = await conversations.turns(session, conversation.id)
        lines = [
            {
                "n": turn.n,
                "role": turn.role,
                "text": turn.text,
                "at": turn.started_at,
                "latency": turn.latency,
                "tools": turn.tools,
            }
            for turn in turns
        ]
        await asyncio.to_thread(write_transcript, path, keys, lines)
        return {"transcript": str(path)}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _first_asks(flow: Flow) -> Iterable[str]:
    """The questions as they are asked first, without those that hold a fact."""
    return (slot.ask.voice for slot in flow.slots.values() if "{" not in slot.ask.voice)


def _asks(flow: Flow) -> Iterable[str]:
    """Questions without placeholders: those are always the same sound."""
    for slot in flow.slots.values():
        yield from (text for text in (slot.ask.voice, *slot.ask.again) if "{" not in text)
