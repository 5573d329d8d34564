"""Every kind of durable work by its name. A name that was ever asked for stays."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.closing import close_tenant
from jobs.provisioning import provision
from jobs.work import Job

CATALOGUE: Mapping[str, Job] = {"provision": provision, "close_tenant": close_tenant}
