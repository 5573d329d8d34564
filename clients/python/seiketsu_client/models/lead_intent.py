from typing import Literal

LeadIntent = Literal['buyer', 'investor', 'other', 'renter', 'seller']

LEAD_INTENT_VALUES: set[LeadIntent] = { 'buyer', 'investor', 'other', 'renter', 'seller',  }

def check_lead_intent(value: str) -> LeadIntent:
    if value in LEAD_INTENT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LEAD_INTENT_VALUES!r}")
