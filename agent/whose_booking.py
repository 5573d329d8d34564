"""A wish about an appointment not proved to be theirs: whose it is, a code, else the office (A047, C41).

A chat proves nobody's number. The name and the number it was booked under are asked for once; where this
client can write to people, a code goes to the contact that was left, and opens it here. Otherwise, and until
then, the wish is an urgent task of the office: what was asked for, in the caller's words.
"""

from __future__ import annotations

import re
from typing import Any

from agent import acts
from agent.choosing import Choosing
from agent.form.state import Awaiting
from agent.lead_slots import INTENT
from agent.phrasing import Utterance
from agent.reply import Reply, ToolRun
from agent.understanding.of_meeting import asks_if_set
from agent.understanding.sentences import asks, farewell
from agent.understanding.spanish import gloss
from policies import wished_times as policy

WHO = ("name", "phone")
"""What an appointment is found by."""
ASKED = 2
"""How often whose it is, and a code, are asked for."""
_CODE = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)")
_NO_MORE = re.compile(
    r"(?:\W*\b(?:no|nope|nah|ok(?:ay)?|all right|great|good|fine|perfect|cool|thanks?|thank you|thx|so much"
    r"|that'?s (?:all|it|everything)|nothing(?: else)?|i'?m good|got it|will do|for now)\b)+\W*",
    re.I,
)
"""Nothing else is wanted, of who was asked for it."""


class WhoseBooking(Choosing):
    """Takes wishes about appointments from callers whose number nothing proves."""

    async def _cancel(self, text: str) -> Reply:
        """Call the caller's appointment off."""
        raise NotImplementedError

    async def _move(self, text: str) -> Reply:
        """Move the caller's appointment."""
        raise NotImplementedError

    async def _recall(self, text: str) -> Reply:
        """Say when the caller's appointment is."""
        raise NotImplementedError

    async def _unproved(self, want: str, text: str, run: ToolRun | None = None) -> Reply:
        """A wish about an appointment that is not known to be theirs: kept at once, whatever comes of it."""
        about = self.state.about_booking
        words = ". ".join(w for w in (str(about.get("words", "")).rstrip(" ."), text.strip()) if w)[-1000:]
        kept = {"stage": "who", "tries": 0, **about, "want": want, "words": words}
        self.state = self.state.model_copy(update={"about_booking": kept, "wish": ""})
        self._words, self._wished = "", False
        self._take_who(text)
        if about.get("stage") == "done":
            return await self._for_the_office("booking_wish_added", run)
        return await self._find_out(run)

    async def _whose_booking(self, text: str) -> Reply | None:
        """The answer to what was asked about it; None for what is about something else."""
        about = self.state.about_booking
        if not about or self.state.closed:
            return None
        plain = gloss(text) if self.state.language == "es" else text
        if about["stage"] == "done":
            return await self._after_it(text, plain)
        code = _CODE.search(text) if about["stage"] == "code" else None
        if code is not None:
            return await self._with_code(code[1] + code[2])
        taken = self._take_who(text)
        if not taken and self._wish(plain) != policy.Wish():
            return await self._unproved(about["want"], text)
        if about["stage"] == "code":
            return None if asks(text) else await self._for_the_office(f"booking_{about['want']}_passed_on")
        if not taken and farewell(plain):
            await self._leave_wish()
            return None
        return await self._find_out()

    async def _after_it(self, text: str, plain: str) -> Reply | None:
        """What is said once the office has it: more about it, whether it is done, or goodbye."""
        about = self.state.about_booking
        if asks_if_set(plain) or (asks(plain) and re.search(r"\b(?:cancel+ed|moved|changed)\b", plain, re.I)):
            return await self._only([self._phraser().line("booking_wish_waits", self._facts_of_wish())], [])
        if self._wish(plain) != policy.Wish() and not self.state.peek(INTENT).counts:
            return await self._unproved(about["want"], text)
        if self.state.peek(INTENT).counts or asks(plain):
            return None
        if _NO_MORE.fullmatch(plain) or farewell(plain):
            return await self._turn([acts.Command("goodbye")])
        if all(isinstance(e, acts.Unclear | acts.No | acts.Yes) for e in self._understood(text, 1.0)):
            return await self._unproved(about["want"], text)
        return None

    def _take_who(self, text: str) -> bool:
        """The name and the number among these words, as they were typed; whether there were any."""
        told = [e for e in self._understood(text, 1.0) if isinstance(e, acts.Answer | acts.Fix)]
        found = {e.slot: e.reading.value for e in told if e.slot in WHO and e.reading.value is not None}
        self.state = self.state.model_copy(deep=True)
        for name, value in found.items():
            slot = self.state.slot(name)
            slot.value, slot.status, slot.proposal, slot.partial = value, "confirmed", None, None
        return bool(found)

    def _who(self) -> dict[str, str]:
        """The name and the number as far as they were given; a chat's own number will do."""
        name, phone = self.state.peek("name").value, self.state.peek("phone").value or self._caller
        display = str(name.get("display") or "") if isinstance(name, dict) else ""
        return {key: value for key, value in (("name", display), ("phone", str(phone or ""))) if value}

    async def _find_out(self, run: ToolRun | None = None) -> Reply:
        """Whose it is, asked for; then a code where one can be sent, else the office."""
        about, who = self.state.about_booking, self._who()
        runs = [run] if run is not None else []
        missing = [name for name in WHO if name not in who]
        if missing and about["tries"] < ASKED:
            self.state.about_booking = {**about, "tries": about["tries"] + 1}
            self.state.awaiting = Awaiting(kind="ask", slots=missing[:1])
            key = "booking_whose" if len(missing) > 1 else f"booking_whose_{missing[0]}"
            return await self._only([self._phraser().line(key)], runs)
        if not missing:
            result, asked = await self._run_tool("send_booking_code", who, f"code{self._turns}")
            if result.status == "asked":
                await self._pass_on()
                self.state.about_booking = {**self.state.about_booking, "stage": "code", "tries": 0}
                return await self._only([self._phraser().line("booking_code_asked")], [*runs, asked])
        return await self._for_the_office(f"booking_{about['want']}_passed_on", run)

    async def _with_code(self, code: str) -> Reply:
        """The code opens what it was sent for; a wrong one may be tried again, twice in all."""
        about = self.state.about_booking
        values = {"code": code, "phone": self._who()["phone"]}
        result, run = await self._run_tool("prove_booking", values, f"prove{self._turns}")
        if result.status != "proved":
            self.state.about_booking = {**about, "tries": about["tries"] + 1}
            if about["tries"] + 1 < ASKED:
                return await self._only([self._phraser().line("booking_code_wrong")], [run])
            return await self._for_the_office(f"booking_{about['want']}_passed_on", run)
        self.state.about_booking = {}
        await self._run_tool("booking_wish_met", {}, f"met{self._turns}")
        do = {"cancel": self._cancel, "move": self._move, "recall": self._recall}[about["want"]]
        return await do(about["words"])

    async def _for_the_office(self, key: str, run: ToolRun | None = None) -> Reply:
        """It is the office's now, and the caller hears what comes next."""
        passed = await self._pass_on()
        self.state.about_booking = {**self.state.about_booking, "stage": "done"}
        self.state.awaiting = Awaiting(kind="ask", slots=[INTENT])
        says: list[Utterance] = [self._phraser().line(key, self._facts_of_wish())]
        if key != "booking_wish_added":
            says.append(self._phraser().line("anything_else"))
        return await self._only(says, [*([run] if run is not None else []), passed])

    async def _pass_on(self) -> ToolRun:
        about = self.state.about_booking
        values = {"want": about["want"], "words": about["words"], **self._who()}
        result, run = await self._run_tool("pass_on_booking_wish", values, f"wish{self._turns}")
        self.state.about_booking = {**about, "when": str(result.facts.get("when") or "")}
        return run

    async def _leave_wish(self) -> None:
        """Who goes before it was said whose it is leaves the wish all the same."""
        if self.state.about_booking and "when" not in self.state.about_booking:
            await self._pass_on()

    def _facts_of_wish(self) -> dict[str, Any]:
        phone = self._who().get("phone", "")
        number = self._phraser().line("booking_number", {"ending": phone[-4:]}).text if phone else ""
        # the tool says by when in English only
        when = self.state.about_booking.get("when", "") if self.state.language == "en" else ""
        return {"when": when, "number": f" {number}" if number else ""}

    def _wish_as_message(self) -> dict[str, Any]:
        """The wish, for the lead record; nothing where there is another errand."""
        about = self.state.about_booking
        if not about or self.state.peek(INTENT).counts:
            return {}
        wants = {"cancel": "cancel", "move": "move"}.get(about["want"], "know about")
        return {"intent": "message", "message": f"Wants to {wants} an appointment: {about['words']}"}
