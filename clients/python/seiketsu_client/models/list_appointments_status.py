from typing import Literal

ListAppointmentsStatus = Literal['booked', 'cancelled', 'done', 'no_show']

LIST_APPOINTMENTS_STATUS_VALUES: set[ListAppointmentsStatus] = { 'booked', 'cancelled', 'done', 'no_show',  }

def check_list_appointments_status(value: str) -> ListAppointmentsStatus:
    if value in LIST_APPOINTMENTS_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_APPOINTMENTS_STATUS_VALUES!r}")
