from typing import Literal

BookingKind = Literal['call', 'consult', 'tour', 'valuation', 'viewing']

BOOKING_KIND_VALUES: set[BookingKind] = { 'call', 'consult', 'tour', 'valuation', 'viewing',  }

def check_booking_kind(value: str) -> BookingKind:
    if value in BOOKING_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BOOKING_KIND_VALUES!r}")
