from typing import Literal

ListingStatus = Literal['active', 'closed', 'coming_soon', 'pending', 'withdrawn']

LISTING_STATUS_VALUES: set[ListingStatus] = { 'active', 'closed', 'coming_soon', 'pending', 'withdrawn',  }

def check_listing_status(value: str) -> ListingStatus:
    if value in LISTING_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LISTING_STATUS_VALUES!r}")
