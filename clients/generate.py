"""Make the Python client and the Postman collection anew from the application's OpenAPI document.

``make client``. Tests make both in a temporary folder and compare, so neither can drift from the routes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from clients.postman import collection
from core.settings import Settings
from service.app import create_app

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "clients" / "python"
COLLECTION = ROOT / "docs" / "api" / "seiketsu.postman_collection.json"
CONFIG = {
    "project_name_override": "seiketsu-client",
    "package_name_override": "seiketsu_client",
    "literal_enums": True,
    "docstrings_on_attributes": True,
    "generate_all_tags": False,
    "content_type_overrides": {
        "audio/wav": "application/octet-stream",
        "text/csv": "application/octet-stream",
    },
    "post_hooks": [],
}


def document() -> dict[str, Any]:
    """The document of the application as it is served; no database, no models."""
    with tempfile.TemporaryDirectory() as folder:
        given: dict[str, Any] = {
            "data_dir": Path(folder),
            "admin_key": "not-used-for-anything",
            "speech": False,
        }
        return create_app(Settings(_env_file=None, **given)).openapi()


def make_client(described: dict[str, Any], folder: Path) -> str:
    """Write the client's project into ``folder``, replacing it; what the generator warned of."""
    with tempfile.TemporaryDirectory() as work:
        spec, config = Path(work) / "openapi.json", Path(work) / "config.json"
        spec.write_text(json.dumps(described))
        config.write_text(json.dumps(CONFIG))
        made = Path(work) / "made"
        tool = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "uv"]
        done = subprocess.run(  # noqa: S603 (our own arguments)
            [*tool, "--path", str(spec), "--config", str(config), "--output-path", str(made)],
            capture_output=True,
            text=True,
            check=True,
        )
        (made / ".gitignore").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.move(made, folder)
    return done.stdout


def collection_text(described: dict[str, Any]) -> str:
    """The collection as it is written."""
    return json.dumps(collection(described), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write both; 1 when the generator could not understand something."""
    described = document()
    words = make_client(described, CLIENT)
    COLLECTION.parent.mkdir(parents=True, exist_ok=True)
    COLLECTION.write_text(collection_text(described), encoding="utf-8")
    if "WARNING" in words or "ERROR" in words:
        sys.stderr.write(words)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
