from typing import Literal

BillingViewStatus = Literal['active', 'cancelled', 'none', 'past_due', 'pending']

BILLING_VIEW_STATUS_VALUES: set[BillingViewStatus] = { 'active', 'cancelled', 'none', 'past_due', 'pending',  }

def check_billing_view_status(value: str) -> BillingViewStatus:
    if value in BILLING_VIEW_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BILLING_VIEW_STATUS_VALUES!r}")
