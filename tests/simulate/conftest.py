"""pipecat imports the standard library's audioop, which warns; taken in here once, before tests import it."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.audio.utils  # noqa: F401
