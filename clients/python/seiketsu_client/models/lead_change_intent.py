from typing import Literal

LeadChangeIntent = Literal['buyer', 'investor', 'other', 'renter', 'seller']

LEAD_CHANGE_INTENT_VALUES: set[LeadChangeIntent] = { 'buyer', 'investor', 'other', 'renter', 'seller',  }

def check_lead_change_intent(value: str) -> LeadChangeIntent:
    if value in LEAD_CHANGE_INTENT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LEAD_CHANGE_INTENT_VALUES!r}")
