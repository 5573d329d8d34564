from typing import Literal

RulesNewRecordingType0 = Literal['announce', 'off']

RULES_NEW_RECORDING_TYPE_0_VALUES: set[RulesNewRecordingType0] = { 'announce', 'off',  }

def check_rules_new_recording_type_0(value: str) -> RulesNewRecordingType0:
    if value in RULES_NEW_RECORDING_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {RULES_NEW_RECORDING_TYPE_0_VALUES!r}")
