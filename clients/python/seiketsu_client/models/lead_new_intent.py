from typing import Literal

LeadNewIntent = Literal['buyer', 'investor', 'other', 'renter', 'seller']

LEAD_NEW_INTENT_VALUES: set[LeadNewIntent] = { 'buyer', 'investor', 'other', 'renter', 'seller',  }

def check_lead_new_intent(value: str) -> LeadNewIntent:
    if value in LEAD_NEW_INTENT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LEAD_NEW_INTENT_VALUES!r}")
