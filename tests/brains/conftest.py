import warnings

with warnings.catch_warnings():
    # audioop, deprecated in Python 3.11 and 3.12, is their import, not ours; once imported it is quiet.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.audio.utils  # noqa: F401
