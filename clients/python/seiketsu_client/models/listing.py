from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.listing_status import check_listing_status
from ..models.listing_status import ListingStatus
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.listing_details import ListingDetails





T = TypeVar("T", bound="Listing")



@_attrs_define
class Listing:
    """ A property, by its MLS number. ``remarks`` come from the MLS: the agent reads out only what is safe.

     """

    mls_id: str
    status: ListingStatus
    address: str
    city: None | str
    state: None | str
    zip_: None | str
    neighborhood: None | str
    price: int | None
    beds: int | None
    baths: float | None
    size: int | None
    type_: None | str
    features: list[str]
    remarks: None | str
    details: ListingDetails
    """ More that the agent may be asked: hoa_fee, hoa_period, tax_annual, tax_year, year_built, lot_acres,
    lot_size, garage_spaces, parking_spaces, stories, pets, open_house; what is not known is missing. """
    source: None | str
    modified_at: datetime.datetime | None
    updated_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        from ..models.listing_details import ListingDetails # noqa: PLC0415
        mls_id = self.mls_id

        status: str = self.status

        address = self.address

        city: None | str
        city = self.city

        state: None | str
        state = self.state

        zip_: None | str
        zip_ = self.zip_

        neighborhood: None | str
        neighborhood = self.neighborhood

        price: int | None
        price = self.price

        beds: int | None
        beds = self.beds

        baths: float | None
        baths = self.baths

        size: int | None
        size = self.size

        type_: None | str
        type_ = self.type_

        features = self.features



        remarks: None | str
        remarks = self.remarks

        details = self.details.to_dict()

        source: None | str
        source = self.source

        modified_at: None | str
        if isinstance(self.modified_at, datetime.datetime):
            modified_at = self.modified_at.isoformat()
        else:
            modified_at = self.modified_at

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "mls_id": mls_id,
            "status": status,
            "address": address,
            "city": city,
            "state": state,
            "zip": zip_,
            "neighborhood": neighborhood,
            "price": price,
            "beds": beds,
            "baths": baths,
            "size": size,
            "type": type_,
            "features": features,
            "remarks": remarks,
            "details": details,
            "source": source,
            "modified_at": modified_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.listing_details import ListingDetails # noqa: PLC0415
        d = dict(src_dict)
        mls_id = d.pop("mls_id")

        status = check_listing_status(d.pop("status"))




        address = d.pop("address")

        def _parse_city(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        city = _parse_city(d.pop("city"))


        def _parse_state(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        state = _parse_state(d.pop("state"))


        def _parse_zip_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        zip_ = _parse_zip_(d.pop("zip"))


        def _parse_neighborhood(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        neighborhood = _parse_neighborhood(d.pop("neighborhood"))


        def _parse_price(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        price = _parse_price(d.pop("price"))


        def _parse_beds(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        beds = _parse_beds(d.pop("beds"))


        def _parse_baths(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        baths = _parse_baths(d.pop("baths"))


        def _parse_size(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        size = _parse_size(d.pop("size"))


        def _parse_type_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        type_ = _parse_type_(d.pop("type"))


        features = cast(list[str], d.pop("features"))


        def _parse_remarks(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        remarks = _parse_remarks(d.pop("remarks"))


        details = ListingDetails.from_dict(d.pop("details"))




        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))


        def _parse_modified_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                modified_at_type_0 = datetime.datetime.fromisoformat(data)



                return modified_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        modified_at = _parse_modified_at(d.pop("modified_at"))


        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        listing = cls(
            mls_id=mls_id,
            status=status,
            address=address,
            city=city,
            state=state,
            zip_=zip_,
            neighborhood=neighborhood,
            price=price,
            beds=beds,
            baths=baths,
            size=size,
            type_=type_,
            features=features,
            remarks=remarks,
            details=details,
            source=source,
            modified_at=modified_at,
            updated_at=updated_at,
        )

        return listing

