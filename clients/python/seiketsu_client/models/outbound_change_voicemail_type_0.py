from typing import Literal

OutboundChangeVoicemailType0 = Literal['hang_up', 'message']

OUTBOUND_CHANGE_VOICEMAIL_TYPE_0_VALUES: set[OutboundChangeVoicemailType0] = { 'hang_up', 'message',  }

def check_outbound_change_voicemail_type_0(value: str) -> OutboundChangeVoicemailType0:
    if value in OUTBOUND_CHANGE_VOICEMAIL_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTBOUND_CHANGE_VOICEMAIL_TYPE_0_VALUES!r}")
