from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.integration_new_kind import check_integration_new_kind
from ..models.integration_new_kind import IntegrationNewKind
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.integration_settings import IntegrationSettings





T = TypeVar("T", bound="IntegrationNew")



@_attrs_define
class IntegrationNew:
    """ A connection to make. For a webhook ``vendor`` is its https address.

     """

    kind: IntegrationNewKind
    vendor: str
    config: IntegrationSettings | Unset = UNSET
    """ What a connection may be told besides its secret. """
    secret: None | str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.integration_settings import IntegrationSettings # noqa: PLC0415
        kind: str = self.kind

        vendor = self.vendor

        config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.config, Unset):
            config = self.config.to_dict()

        secret: None | str | Unset
        if isinstance(self.secret, Unset):
            secret = UNSET
        else:
            secret = self.secret


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "kind": kind,
            "vendor": vendor,
        })
        if config is not UNSET:
            field_dict["config"] = config
        if secret is not UNSET:
            field_dict["secret"] = secret

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.integration_settings import IntegrationSettings # noqa: PLC0415
        d = dict(src_dict)
        kind = check_integration_new_kind(d.pop("kind"))




        vendor = d.pop("vendor")

        _config = d.pop("config", UNSET)
        config: IntegrationSettings | Unset
        if isinstance(_config,  Unset):
            config = UNSET
        else:
            config = IntegrationSettings.from_dict(_config)




        def _parse_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        secret = _parse_secret(d.pop("secret", UNSET))


        integration_new = cls(
            kind=kind,
            vendor=vendor,
            config=config,
            secret=secret,
        )

        return integration_new

