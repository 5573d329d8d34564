from typing import Literal

LeadChangeRepresentedType0 = Literal['exclusive', 'no', 'yes']

LEAD_CHANGE_REPRESENTED_TYPE_0_VALUES: set[LeadChangeRepresentedType0] = { 'exclusive', 'no', 'yes',  }

def check_lead_change_represented_type_0(value: str) -> LeadChangeRepresentedType0:
    if value in LEAD_CHANGE_REPRESENTED_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LEAD_CHANGE_REPRESENTED_TYPE_0_VALUES!r}")
