from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.integration_kind import check_integration_kind
from ..models.integration_kind import IntegrationKind
from ..models.integration_state import check_integration_state
from ..models.integration_state import IntegrationState
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.integration_config import IntegrationConfig
  from ..models.integration_last_test_type_0 import IntegrationLastTestType0





T = TypeVar("T", bound="Integration")



@_attrs_define
class Integration:
    """ A connection and how far it is.

     """

    id: UUID
    kind: IntegrationKind
    vendor: str
    state: IntegrationState
    config: IntegrationConfig
    last_test: IntegrationLastTestType0 | None
    created_at: datetime.datetime
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        from ..models.integration_config import IntegrationConfig # noqa: PLC0415
        from ..models.integration_last_test_type_0 import IntegrationLastTestType0 # noqa: PLC0415
        id = str(self.id)

        kind: str = self.kind

        vendor = self.vendor

        state: str = self.state

        config = self.config.to_dict()

        last_test: dict[str, Any] | None
        if isinstance(self.last_test, IntegrationLastTestType0):
            last_test = self.last_test.to_dict()
        else:
            last_test = self.last_test

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "id": id,
            "kind": kind,
            "vendor": vendor,
            "state": state,
            "config": config,
            "last_test": last_test,
            "created_at": created_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.integration_config import IntegrationConfig # noqa: PLC0415
        from ..models.integration_last_test_type_0 import IntegrationLastTestType0 # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        kind = check_integration_kind(d.pop("kind"))




        vendor = d.pop("vendor")

        state = check_integration_state(d.pop("state"))




        config = IntegrationConfig.from_dict(d.pop("config"))




        def _parse_last_test(data: object) -> IntegrationLastTestType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_test_type_0 = IntegrationLastTestType0.from_dict(data)



                return last_test_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IntegrationLastTestType0 | None, data)

        last_test = _parse_last_test(d.pop("last_test"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        integration = cls(
            id=id,
            kind=kind,
            vendor=vendor,
            state=state,
            config=config,
            last_test=last_test,
            created_at=created_at,
            updated_at=updated_at,
        )

        return integration

