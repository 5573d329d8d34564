"""The office's routers, for the composition root."""

from web.office import appointments, calendar_file, knowledge, routing

OFFICE = (knowledge.router, appointments.router, routing.router, calendar_file.router)
