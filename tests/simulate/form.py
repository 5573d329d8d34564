"""A conversation with three slots: enough for a caller to be asked, misheard, corrected and thanked."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, HTTPException


class TinyForm:
    """Asks for a name and a plan, reads them back one by one, sums up, registers, says goodbye.

    ``mishears`` maps words to what the form makes of them. ``shy`` hides what is awaited.
    """

    def __init__(self, *, mishears: dict[str, str] | None = None, shy: bool = False):
        self.values: dict[str, Any] = {"organization_name": None, "plan": None, "phone": None}
        self.statuses = dict.fromkeys(self.values, "empty")
        self.mishears = mishears or {}
        self.shy = shy
        self.awaiting: dict[str, Any] = {}
        self.transcript: list[dict[str, Any]] = []
        self.tools: list[dict[str, Any]] = []
        self.ended = False

    def open(self) -> list[str]:
        self.ended = False
        return self._say("Hi, this is Kei.", *self._next())

    def hear(self, text: str) -> list[str]:
        self.transcript.append({"role": "caller", "text": text})
        text = self.mishears.get(text, text)
        kind, slots = self.awaiting.get("kind"), self.awaiting.get("slots", [])
        if kind in ("confirm", "offer") and text.startswith("Yes"):
            self.statuses[slots[0]] = "confirmed"
            return self._say(*self._next())
        if kind == "summary" and text.startswith("Yes"):
            self.tools.append({"name": "register_organization", "arguments": {}, "status": "registered"})
            self.ended, self.awaiting = True, {"kind": "closed", "slots": []}
            said = self._say("Goodbye. Your code is 1 2 3, 4 5 6.")
            self.transcript[-1]["tools"] = self.tools[-1:]
            return said
        if kind == "summary":
            name = next(slot for slot in self.values if slot.replace("_", " ") in text)
            self.statuses[name] = "empty"
            return self._say(*self._next())
        self.values[slots[0]] = text.removeprefix("No. ").rstrip(".")
        self.statuses[slots[0]] = "proposed"
        return self._say(*self._next())

    def view(self) -> dict[str, Any]:
        slots = {n: {"status": self.statuses[n], "value": v} for n, v in self.values.items()}
        awaiting = {} if self.shy else self.awaiting
        return {
            "step": "account",
            "slots": slots,
            "awaiting": awaiting,
            "ended": self.ended,
            "transcript": self.transcript,
        }

    def _next(self) -> list[str]:
        for name in self.values:
            if self.statuses[name] == "proposed":
                self.awaiting = {"kind": "confirm", "slots": [name]}
                return [f"{self.values[name]}. Is that right?"]
            if self.statuses[name] == "empty" and name == "phone":
                self.values[name] = "+13035550142"
                self.awaiting = {"kind": "offer", "slots": [name], "offer": "+13035550142"}
                return ["Shall I use this number?"]
            if self.statuses[name] == "empty":
                self.awaiting = {"kind": "ask", "slots": [name]}
                return [f"What is your {name.replace('_', ' ')}?"]
        self.awaiting = {"kind": "summary", "slots": []}
        return ["All of it once more. Is all of that right?"]

    def _say(self, *texts: str) -> list[str]:
        self.transcript += [{"role": "agent", "text": text} for text in texts]
        return list(texts)


def api_of(app: FastAPI, form: TinyForm) -> None:
    """The chat doors over the form."""

    @app.post("/api/v1/conversations")
    async def start(body: dict[str, Any]) -> dict[str, Any]:
        return {"id": "c1", "replies": form.open(), "ended": False}

    @app.post("/api/v1/conversations/c1/messages")
    async def message(body: dict[str, Any]) -> dict[str, Any]:
        before = len(form.tools)
        replies = form.hear(body["text"])
        return {"id": "c1", "replies": replies, "ended": form.ended, "tools": form.tools[before:]}

    @app.get("/api/v1/conversations/c1")
    async def look() -> dict[str, Any]:
        return form.view()

    @app.get("/api/v1/conversations/{other}")
    async def missing(other: str) -> None:
        raise HTTPException(404, "no such conversation")

    @app.get("/api/v1/calls/{sid}")
    async def call(sid: str) -> dict[str, Any]:
        return {"id": sid, "conversation_id": "c1"}
