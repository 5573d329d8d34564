from typing import Literal

TicketChangeStatus = Literal['cancelled', 'closed', 'open', 'solved', 'waiting']

TICKET_CHANGE_STATUS_VALUES: set[TicketChangeStatus] = { 'cancelled', 'closed', 'open', 'solved', 'waiting',  }

def check_ticket_change_status(value: str) -> TicketChangeStatus:
    if value in TICKET_CHANGE_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TICKET_CHANGE_STATUS_VALUES!r}")
