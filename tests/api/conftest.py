"""The desk of tests/web, for the API's own tests."""

from tests.web.conftest import desk, make_desk

__all__ = ["desk", "make_desk"]
