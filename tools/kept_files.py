"""Files about people that lie in the data directory, and their removal: recordings, transcripts, exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from tools import archives


def remove_files(paths: Sequence[str]) -> int:
    """Remove what is there of them. Blocking."""
    there = [Path(p) for p in paths if Path(p).is_file()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)


def remove_tenant_files(data_dir: Path, tenant_id: UUID) -> int:
    """Remove a tenant's recordings, transcripts and exports. Blocking."""
    count = 0
    for folder in (archives.recordings_of(data_dir, tenant_id), archives.archives_of(data_dir, tenant_id)):
        for path in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
                count += 1
        if folder.is_dir():
            folder.rmdir()
    return count
