from typing import Literal

TicketSummaryStatus = Literal['cancelled', 'closed', 'open', 'solved', 'waiting']

TICKET_SUMMARY_STATUS_VALUES: set[TicketSummaryStatus] = { 'cancelled', 'closed', 'open', 'solved', 'waiting',  }

def check_ticket_summary_status(value: str) -> TicketSummaryStatus:
    if value in TICKET_SUMMARY_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TICKET_SUMMARY_STATUS_VALUES!r}")
