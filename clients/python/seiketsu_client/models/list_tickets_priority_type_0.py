from typing import Literal

ListTicketsPriorityType0 = Literal['critical', 'high', 'low', 'medium']

LIST_TICKETS_PRIORITY_TYPE_0_VALUES: set[ListTicketsPriorityType0] = { 'critical', 'high', 'low', 'medium',  }

def check_list_tickets_priority_type_0(value: str) -> ListTicketsPriorityType0:
    if value in LIST_TICKETS_PRIORITY_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TICKETS_PRIORITY_TYPE_0_VALUES!r}")
