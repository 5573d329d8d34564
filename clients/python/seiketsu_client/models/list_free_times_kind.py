from typing import Literal

ListFreeTimesKind = Literal['call', 'consult', 'tour', 'valuation', 'viewing']

LIST_FREE_TIMES_KIND_VALUES: set[ListFreeTimesKind] = { 'call', 'consult', 'tour', 'valuation', 'viewing',  }

def check_list_free_times_kind(value: str) -> ListFreeTimesKind:
    if value in LIST_FREE_TIMES_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_FREE_TIMES_KIND_VALUES!r}")
