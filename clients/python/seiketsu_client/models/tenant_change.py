from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="TenantChange")



@_attrs_define
class TenantChange:
    """ What is to change; plan, status and people have doors of their own.

     """

    name: str | Unset = UNSET
    brand_name: str | Unset = UNSET
    timezone: str | Unset = UNSET
    states: list[str] | Unset = UNSET
    markets: list[str] | Unset = UNSET
    website: None | str | Unset = UNSET
    main_phone: None | str | Unset = UNSET
    address: None | str | Unset = UNSET
    license_: None | str | Unset = UNSET
    team_size: int | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        brand_name = self.brand_name

        timezone = self.timezone

        states: list[str] | Unset = UNSET
        if not isinstance(self.states, Unset):
            states = self.states



        markets: list[str] | Unset = UNSET
        if not isinstance(self.markets, Unset):
            markets = self.markets



        website: None | str | Unset
        if isinstance(self.website, Unset):
            website = UNSET
        else:
            website = self.website

        main_phone: None | str | Unset
        if isinstance(self.main_phone, Unset):
            main_phone = UNSET
        else:
            main_phone = self.main_phone

        address: None | str | Unset
        if isinstance(self.address, Unset):
            address = UNSET
        else:
            address = self.address

        license_: None | str | Unset
        if isinstance(self.license_, Unset):
            license_ = UNSET
        else:
            license_ = self.license_

        team_size: int | None | Unset
        if isinstance(self.team_size, Unset):
            team_size = UNSET
        else:
            team_size = self.team_size


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if name is not UNSET:
            field_dict["name"] = name
        if brand_name is not UNSET:
            field_dict["brand_name"] = brand_name
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if states is not UNSET:
            field_dict["states"] = states
        if markets is not UNSET:
            field_dict["markets"] = markets
        if website is not UNSET:
            field_dict["website"] = website
        if main_phone is not UNSET:
            field_dict["main_phone"] = main_phone
        if address is not UNSET:
            field_dict["address"] = address
        if license_ is not UNSET:
            field_dict["license"] = license_
        if team_size is not UNSET:
            field_dict["team_size"] = team_size

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        brand_name = d.pop("brand_name", UNSET)

        timezone = d.pop("timezone", UNSET)

        states = cast(list[str], d.pop("states", UNSET))


        markets = cast(list[str], d.pop("markets", UNSET))


        def _parse_website(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        website = _parse_website(d.pop("website", UNSET))


        def _parse_main_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        main_phone = _parse_main_phone(d.pop("main_phone", UNSET))


        def _parse_address(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        address = _parse_address(d.pop("address", UNSET))


        def _parse_license_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        license_ = _parse_license_(d.pop("license", UNSET))


        def _parse_team_size(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        team_size = _parse_team_size(d.pop("team_size", UNSET))


        tenant_change = cls(
            name=name,
            brand_name=brand_name,
            timezone=timezone,
            states=states,
            markets=markets,
            website=website,
            main_phone=main_phone,
            address=address,
            license_=license_,
            team_size=team_size,
        )

        return tenant_change

