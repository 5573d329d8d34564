from typing import Literal

ListTicketsStatusType0 = Literal['cancelled', 'closed', 'open', 'solved', 'waiting']

LIST_TICKETS_STATUS_TYPE_0_VALUES: set[ListTicketsStatusType0] = { 'cancelled', 'closed', 'open', 'solved', 'waiting',  }

def check_list_tickets_status_type_0(value: str) -> ListTicketsStatusType0:
    if value in LIST_TICKETS_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TICKETS_STATUS_TYPE_0_VALUES!r}")
