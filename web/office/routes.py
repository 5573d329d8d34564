"""The office's routers, for the composition root."""

from web.office import appointments, calendar_file, calling, desk, feeds, knowledge, routing

OFFICE = (
    knowledge.router,
    feeds.router,
    appointments.router,
    routing.router,
    calling.router,
    calendar_file.router,
    desk.router,
)
