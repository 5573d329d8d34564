from typing import Literal

ImportNewFormat = Literal['csv', 'reso']

IMPORT_NEW_FORMAT_VALUES: set[ImportNewFormat] = { 'csv', 'reso',  }

def check_import_new_format(value: str) -> ImportNewFormat:
    if value in IMPORT_NEW_FORMAT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMPORT_NEW_FORMAT_VALUES!r}")
