"""Who leaves a message and says more of it, where something else is asked, adds to it (A092)."""

from __future__ import annotations

from tests.conversation.test_strangers import chat


async def test_what_is_said_after_a_message_is_added_to_it(parts, homes) -> None:
    talk = await chat(
        parts, homes, "can i leave a message for one of your agents", "the appraisal came in low",
        "also the seller wants the keys back", "ask him to check the survey", "Rosa Lindt",
    )  # fmt: skip
    message = talk.value("message") or talk.conversation.state.best()["message"]
    assert message == (
        "The appraisal came in low. The seller wants the keys back. Ask him to check the survey"
    )
    assert talk.conversation.state.best()["name"]["display"] == "Rosa Lindt"
