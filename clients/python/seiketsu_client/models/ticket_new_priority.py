from typing import Literal

TicketNewPriority = Literal['critical', 'high', 'low', 'medium']

TICKET_NEW_PRIORITY_VALUES: set[TicketNewPriority] = { 'critical', 'high', 'low', 'medium',  }

def check_ticket_new_priority(value: str) -> TicketNewPriority:
    if value in TICKET_NEW_PRIORITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TICKET_NEW_PRIORITY_VALUES!r}")
