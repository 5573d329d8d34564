from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.billing_view_status import BillingViewStatus
from ..models.billing_view_status import check_billing_view_status
from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="BillingView")



@_attrs_define
class BillingView:
    """ How the plan is paid for. Ids are the provider's; nothing of a card is known here.

     """

    status: BillingViewStatus
    plan: None | str
    """ The plan that is paid for """
    provider: None | str
    customer: None | str
    subscription: None | str
    at: datetime.datetime | None
    """ Since when the status holds """
    can_check_out: bool
    why_not: None | str | Unset = UNSET
    """ Why no checkout can begin now """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        status: str = self.status

        plan: None | str
        plan = self.plan

        provider: None | str
        provider = self.provider

        customer: None | str
        customer = self.customer

        subscription: None | str
        subscription = self.subscription

        at: None | str
        if isinstance(self.at, datetime.datetime):
            at = self.at.isoformat()
        else:
            at = self.at

        can_check_out = self.can_check_out

        why_not: None | str | Unset
        if isinstance(self.why_not, Unset):
            why_not = UNSET
        else:
            why_not = self.why_not


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "status": status,
            "plan": plan,
            "provider": provider,
            "customer": customer,
            "subscription": subscription,
            "at": at,
            "can_check_out": can_check_out,
        })
        if why_not is not UNSET:
            field_dict["why_not"] = why_not

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = check_billing_view_status(d.pop("status"))




        def _parse_plan(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        plan = _parse_plan(d.pop("plan"))


        def _parse_provider(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider = _parse_provider(d.pop("provider"))


        def _parse_customer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        customer = _parse_customer(d.pop("customer"))


        def _parse_subscription(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        subscription = _parse_subscription(d.pop("subscription"))


        def _parse_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = datetime.datetime.fromisoformat(data)



                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        at = _parse_at(d.pop("at"))


        can_check_out = d.pop("can_check_out")

        def _parse_why_not(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        why_not = _parse_why_not(d.pop("why_not", UNSET))


        billing_view = cls(
            status=status,
            plan=plan,
            provider=provider,
            customer=customer,
            subscription=subscription,
            at=at,
            can_check_out=can_check_out,
            why_not=why_not,
        )


        billing_view.additional_properties = d
        return billing_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
