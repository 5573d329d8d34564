"""A047, A091: a client's own rules, set in words, asked in the conversation, and said back."""

from __future__ import annotations

from core.ids import new_id
from tests.conversation.talk import Talk, lead_of
from tools import registry
from tools.base import ToolContext

LEAD = "+13035550177"


def context(parts, tenant_id):
    return ToolContext(
        db=parts.db,
        clock=parts.clock,
        ports=parts.ports,
        home=tenant_id,
        subject=tenant_id,
        conversation_id=new_id(),
        actor="member",
    )


async def test_rules_are_set_looked_through_and_said_back(parts, office):
    ctx = context(parts, office)
    asked = {"question": "whether they need a home office"}
    saved = await registry.run(ctx, "set_lead_rules", asked, key="one")
    assert saved.status == "saved" and "Do you need a home office?" in saved.facts["lead_rules"]
    refused = await registry.run(ctx, "set_lead_rules", {"question": "how many kids they have"}, key="two")
    assert not refused.ok and "kids" in refused.message
    needs = {"must_haves": [{"key": "price", "field": "price_max", "at_least": 300000}]}
    await registry.run(ctx, "set_lead_rules", needs, key="three")
    told = (await registry.run(ctx, "explain_rules", {}, key="four")).facts["rules_in_words"]
    assert "home office" in told and "300,000" in told


async def test_the_question_is_asked_once_where_it_fits_and_kept(parts, office):
    asked = {"question": "whether they need a home office"}
    await registry.run(context(parts, office), "set_lead_rules", asked, key="one")
    talk = await Talk.begin(parts, office, caller=LEAD)
    await talk.say("I'm looking to rent a two bedroom in Lakewood for 1800 a month, next month")
    for words in ("a year", "none"):
        await talk.say(words)
    assert talk.reply.text.endswith("Do you need a home office?")
    await talk.say("yes we do")
    await talk.conversation.close("hung up")
    lead = await lead_of(parts, office, talk.conversation.id)
    assert lead.extra["answers"] == {"whether_they_need_a_home": True}
    assert "home office? yes" in lead.summary


async def test_a_sound_that_is_no_words_is_asked_again_and_counts_for_nothing(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    said = await talk.say("...")
    assert "buying, selling, renting" in said.text and not talk.conversation.state.peek("intent").fails


async def test_what_a_flow_does_not_offer_is_no_command(parts, office):
    talk = await Talk.begin(parts, office, caller=LEAD)
    await talk.say("I want to sell my house at 12 Cherry Lane in Denver")
    said = await talk.say("how far along are we")
    assert "Step" not in said.text and "Done so far" not in said.text
