from typing import Literal

LeadNewRepresentedType0 = Literal['exclusive', 'no', 'yes']

LEAD_NEW_REPRESENTED_TYPE_0_VALUES: set[LeadNewRepresentedType0] = { 'exclusive', 'no', 'yes',  }

def check_lead_new_represented_type_0(value: str) -> LeadNewRepresentedType0:
    if value in LEAD_NEW_REPRESENTED_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LEAD_NEW_REPRESENTED_TYPE_0_VALUES!r}")
