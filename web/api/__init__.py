"""The REST API under ``/api/v1``: one file a noun; ``routes.py`` puts them together."""
