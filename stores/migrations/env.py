"""Alembic's way in. Runs on the connection it is given (see run.py)."""

from typing import Any, Literal

from alembic import context

from stores.base import CleanText
from stores.schema import metadata


def _rendered(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Column types as plain SQLAlchemy: a revision imports nothing that may change under it."""
    return "sa.Text()" if kind == "type" and isinstance(item, CleanText) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_rendered,
)
with context.begin_transaction():
    context.run_migrations()
