"""Slots of the lead's form that the conversation itself knows by name."""

from __future__ import annotations

OUTCOME = "outcome"
INTENT, ELSE = "intent", "else"
"""What the caller wants; noted among what came up: they were asked whether there was anything else."""
HOME = "property_address"
AGENT = "represented"
"""Whose client somebody is."""
VISITS = {"buyer": "appointment", "investor": "appointment", "renter": "visit"}
"""The slot that holds when a caller of that intent would like to see a home."""
DATED = frozenset({"showing_time", "message", "appointment", "visit"})
"""Slots that are read later, by somebody for whom "tomorrow" is another day."""
BRIEF = ("name", "phone")
"""What is still asked of somebody who has no time: enough to call back."""
WHOSE, CLIENT = "agent_named", "existing_client"
"""Which of our agents they work with, asked of our clients."""
NEXT = "buying_next"
"""Whether a seller buys again: an answer to it speaks of buying and renting, and changes no errand."""
SEEKERS = frozenset({"buyer", "renter", "investor"})
"""Who looks for a home."""
