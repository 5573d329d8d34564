from typing import Literal

MustHaveField = Literal['areas', 'beds', 'financing', 'price_max', 'price_min', 'represented', 'timeline_days']

MUST_HAVE_FIELD_VALUES: set[MustHaveField] = { 'areas', 'beds', 'financing', 'price_max', 'price_min', 'represented', 'timeline_days',  }

def check_must_have_field(value: str) -> MustHaveField:
    if value in MUST_HAVE_FIELD_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MUST_HAVE_FIELD_VALUES!r}")
