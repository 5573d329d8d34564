from typing import Literal

BookingNewKind = Literal['call', 'consult', 'tour', 'valuation', 'viewing']

BOOKING_NEW_KIND_VALUES: set[BookingNewKind] = { 'call', 'consult', 'tour', 'valuation', 'viewing',  }

def check_booking_new_kind(value: str) -> BookingNewKind:
    if value in BOOKING_NEW_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BOOKING_NEW_KIND_VALUES!r}")
