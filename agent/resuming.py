"""Going on with an earlier conversation: only its six-digit code opens it, never a number (A021)."""

from __future__ import annotations

from loguru import logger

from agent import acts
from agent.acts import Event
from agent.phrasing import Utterance
from agent.record import LEASE_SECONDS, restored
from agent.standing import Standing
from agent.understanding.commands import NO_CODE, has_digits, resume_code
from agent.understanding.polarity import polarity
from core.errors import SeiketsuError
from stores import conversations as store

RESUME_TRIES = 3
"""Wrong codes after which a conversation opens no other any more (A021)."""


class Resuming(Standing):
    """Codes told and codes given."""

    async def _resume(self, code: str, says: list[Utterance]) -> list[Event]:
        """Go on with an earlier set-up: only its six-digit code opens it, never the caller's number."""
        phraser = self._phraser()
        if self._tries >= RESUME_TRIES:
            says.append(phraser.line("resume_too_many"))
            return []
        if not code:
            says.append(phraser.line("resume_ask_code"))
            self.state.code_asked = True
            return []
        async with self.parts.db.tenant(self.tenant_id) as session:
            found = await store.find_by_resume_code(session, code)
            now = self.parts.clock.now()
            if found is None:
                self._tries = await store.count_resume_failure(session, self.id)
                again = self._tries < RESUME_TRIES
                if await store.finished_by_resume_code(session, code):
                    page = f" at {self.parts.public_url}/account" if self.channel != "voice" else ""
                    says.append(phraser.line("resume_finished", {"page": page}))
                    return []
                says.append(phraser.line("resume_wrong_code" if again else "resume_too_many"))
                self.state.code_asked = again
                return []
            if found.id == self.id:
                return []
            owner = self.record.owner
            if not await store.take_lease(session, found.id, owner, now=now, seconds=LEASE_SECONDS):
                says.append(phraser.line("resume_in_use"))
                return []
            if self.state.done:
                # what was begun here is somebody's too, and stays open under its own code
                await store.release_lease(session, self.id, owner)
            else:
                await store.end(session, self.id, at=now, reason=f"merged:{found.id}")
        self._adopt(found)
        await self._refresh_facts()
        says.append(self._phraser().line("resumed", self._progress()))
        return [acts.Command("repeat")]

    def _adopt(self, row: store.Conversation) -> None:
        self.record.follow(row)
        self._subject, self._turns = row.subject_tenant_id, row.version
        self.state = restored(self.flow, row.state, reopen=True)

    def _given_code(self, text: str) -> list[Event] | None:
        """What the answer to "what's your code?" means; None when it is about something else."""
        self.state = self.state.model_copy(update={"code_asked": False})
        code = resume_code(text)
        if code:
            return [acts.Command("resume", code)]
        if has_digits(text):
            return [acts.Command("resume")]
        return [acts.Command("repeat")] if polarity(text) == "no" or NO_CODE.search(text.lower()) else None

    def _tells_the_code(self, key: str) -> bool:
        """Whether this is a step's closing sentence that names the code."""
        _, _, rest = key.partition("step:")
        name, _, part = rest.partition(":")
        return part == "done" and "{resume_" in self.flow.step(name).done

    async def _know_resume_code(self) -> bool:
        """Have a code to tell: made when first needed, stored as a hash only. False when there is none."""
        if not self._resumable:
            return False
        if not self.facts.values.get("resume_code"):
            try:
                async with self.parts.db.tenant(self.tenant_id) as session:
                    earlier = (await store.load(session, self.id)).resume_code_hash is not None
                    code = await store.give_resume_code(session, self.id)
            except SeiketsuError as error:
                logger.warning("no resume code: {}", error.code)
                return False
            self._newest = f" {self._phraser().line('resume_newest').text}" if earlier else ""
            self._tell_code(code)
        return True
