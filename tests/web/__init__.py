"""The telephone line, in process and over real sockets."""

import warnings

with warnings.catch_warnings():
    # deprecated in 3.11, gone in 3.13 (audioop-lts takes over); pipecat imports it too
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop  # noqa: F401
