"""How a caller would be reached is stored as it was said; nobody is struck off who did not ask (C01, C06)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.talk import Talk, lead_of

SEEKS = ("I want to rent a one bedroom in Denver under 1700", "march", "12 months", "none", "not now")


async def asked_for_consent(parts: Any, office: Any, *said: str) -> Talk:
    talk = await Talk.begin(parts, office, channel="chat")
    for words in (*SEEKS, "Kaylee Reyes", "yes", *said):
        await talk.say(words)
    return talk


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("sure, text me tho i never pick up", {"sms": True}),
        ("Yes, calls are fine", {"voice": True, "voice_ai": True}),
        ("call or text yea", {"sms": True, "voice": True, "voice_ai": True}),
        ("texts please, no calls", {"sms": True, "voice": False, "voice_ai": False}),
    ],
)
async def test_what_is_agreed_to_is_what_was_said(
    parts: Any, office: Any, said: str, kept: dict[str, bool]
) -> None:
    talk = await asked_for_consent(parts, office, said)
    assert talk.reply.ended and "list" not in talk.heard[-1], talk.heard[-1]
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead is not None and not lead.dnc
    assert {kind: proof["granted"] for kind, proof in lead.consent.items()} == kept


@pytest.mark.parametrize(
    "said", ["no calls please, e-mail me", "please no phone calls, just shoot me an email"]
)
async def test_an_e_mail_instead_is_asked_for_and_an_agent_writes(parts: Any, office: Any, said: str) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    for words in (SEEKS[0], said):
        await talk.say(words)
    assert talk.waits_for == "email"
    for words in ("hannah@example.com", "yes", *SEEKS[1:], "Hannah Cole"):
        await talk.say(words)
    assert talk.reply.ended and "e-mail you" in talk.heard[-1]
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead is not None and lead.emails == ["hannah@example.com"] and not lead.dnc
    assert "e-mail only" in str(lead.summary) and "phone" not in talk.asked


async def test_who_cannot_talk_and_asks_for_an_e_mail_is_on_no_list(parts: Any, office: Any) -> None:
    talk = await Talk.begin(parts, office, channel="chat")
    await talk.say("hi whats my condo worth? can someone just email me?")
    assert talk.waits_for == "email"
    await talk.say("theres no rush. so no email? im at work all day cant take calls")
    assert not talk.reply.ended and talk.waits_for == "email"
