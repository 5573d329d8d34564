"""The office's own nouns of the API: what the agent knows, agendas and appointments, who has a lead."""

from web.office import appointments, knowledge, routing

OFFICE = (knowledge.router, appointments.router, routing.router)
"""For the composition root."""
