from typing import Literal

ListTicketsCategoryType0 = Literal['account', 'billing', 'feature', 'integration', 'technical']

LIST_TICKETS_CATEGORY_TYPE_0_VALUES: set[ListTicketsCategoryType0] = { 'account', 'billing', 'feature', 'integration', 'technical',  }

def check_list_tickets_category_type_0(value: str) -> ListTicketsCategoryType0:
    if value in LIST_TICKETS_CATEGORY_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TICKETS_CATEGORY_TYPE_0_VALUES!r}")
