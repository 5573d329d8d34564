from typing import Literal

ImportResultStatus = Literal['checked', 'imported', 'unchanged']

IMPORT_RESULT_STATUS_VALUES: set[ImportResultStatus] = { 'checked', 'imported', 'unchanged',  }

def check_import_result_status(value: str) -> ImportResultStatus:
    if value in IMPORT_RESULT_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMPORT_RESULT_STATUS_VALUES!r}")
