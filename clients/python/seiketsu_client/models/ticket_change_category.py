from typing import Literal

TicketChangeCategory = Literal['account', 'billing', 'feature', 'integration', 'technical']

TICKET_CHANGE_CATEGORY_VALUES: set[TicketChangeCategory] = { 'account', 'billing', 'feature', 'integration', 'technical',  }

def check_ticket_change_category(value: str) -> TicketChangeCategory:
    if value in TICKET_CHANGE_CATEGORY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TICKET_CHANGE_CATEGORY_VALUES!r}")
