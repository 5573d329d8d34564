from typing import Literal

OutboundVoicemail = Literal['hang_up', 'message']

OUTBOUND_VOICEMAIL_VALUES: set[OutboundVoicemail] = { 'hang_up', 'message',  }

def check_outbound_voicemail(value: str) -> OutboundVoicemail:
    if value in OUTBOUND_VOICEMAIL_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTBOUND_VOICEMAIL_VALUES!r}")
