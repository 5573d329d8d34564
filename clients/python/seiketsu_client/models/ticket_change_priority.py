from typing import Literal

TicketChangePriority = Literal['critical', 'high', 'low', 'medium']

TICKET_CHANGE_PRIORITY_VALUES: set[TicketChangePriority] = { 'critical', 'high', 'low', 'medium',  }

def check_ticket_change_priority(value: str) -> TicketChangePriority:
    if value in TICKET_CHANGE_PRIORITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TICKET_CHANGE_PRIORITY_VALUES!r}")
