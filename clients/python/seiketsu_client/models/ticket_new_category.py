from typing import Literal

TicketNewCategory = Literal['account', 'billing', 'feature', 'integration', 'technical']

TICKET_NEW_CATEGORY_VALUES: set[TicketNewCategory] = { 'account', 'billing', 'feature', 'integration', 'technical',  }

def check_ticket_new_category(value: str) -> TicketNewCategory:
    if value in TICKET_NEW_CATEGORY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TICKET_NEW_CATEGORY_VALUES!r}")
