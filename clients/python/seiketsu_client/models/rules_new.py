from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.rules_new_recording_type_0 import check_rules_new_recording_type_0
from ..models.rules_new_recording_type_0 import RulesNewRecordingType0
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.follow_up_step import FollowUpStep
  from ..models.hot_rule import HotRule
  from ..models.routing import Routing
  from ..models.rules_new_criteria import RulesNewCriteria





T = TypeVar("T", bound="RulesNew")



@_attrs_define
class RulesNew:
    """ All rules. Fair housing is agreed to once, before the first.

     """

    criteria: RulesNewCriteria
    """ Points for each thing known of a lead; 100 in all. """
    hot_rule: HotRule
    """ A lead is hot from this score, or when the conditions that are set hold: all, or any of them. """
    routing: Routing
    """ Who gets a lead; what nobody claims in time goes to the fallback. """
    follow_up: list[FollowUpStep] | Unset = UNSET
    recording: None | RulesNewRecordingType0 | Unset = UNSET
    """ null: as it is. """
    fair_housing_ack: bool | None | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.follow_up_step import FollowUpStep # noqa: PLC0415
        from ..models.hot_rule import HotRule # noqa: PLC0415
        from ..models.routing import Routing # noqa: PLC0415
        from ..models.rules_new_criteria import RulesNewCriteria # noqa: PLC0415
        criteria = self.criteria.to_dict()

        hot_rule = self.hot_rule.to_dict()

        routing = self.routing.to_dict()

        follow_up: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.follow_up, Unset):
            follow_up = []
            for follow_up_item_data in self.follow_up:
                follow_up_item = follow_up_item_data.to_dict()
                follow_up.append(follow_up_item)



        recording: None | str | Unset
        if isinstance(self.recording, Unset):
            recording = UNSET
        elif isinstance(self.recording, str):
            recording = self.recording
        else:
            recording = self.recording

        fair_housing_ack: bool | None | Unset
        if isinstance(self.fair_housing_ack, Unset):
            fair_housing_ack = UNSET
        else:
            fair_housing_ack = self.fair_housing_ack


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "criteria": criteria,
            "hot_rule": hot_rule,
            "routing": routing,
        })
        if follow_up is not UNSET:
            field_dict["follow_up"] = follow_up
        if recording is not UNSET:
            field_dict["recording"] = recording
        if fair_housing_ack is not UNSET:
            field_dict["fair_housing_ack"] = fair_housing_ack

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.follow_up_step import FollowUpStep # noqa: PLC0415
        from ..models.hot_rule import HotRule # noqa: PLC0415
        from ..models.routing import Routing # noqa: PLC0415
        from ..models.rules_new_criteria import RulesNewCriteria # noqa: PLC0415
        d = dict(src_dict)
        criteria = RulesNewCriteria.from_dict(d.pop("criteria"))




        hot_rule = HotRule.from_dict(d.pop("hot_rule"))




        routing = Routing.from_dict(d.pop("routing"))




        _follow_up = d.pop("follow_up", UNSET)
        follow_up: list[FollowUpStep] | Unset = UNSET
        if _follow_up is not UNSET:
            follow_up = []
            for follow_up_item_data in _follow_up:
                follow_up_item = FollowUpStep.from_dict(follow_up_item_data)



                follow_up.append(follow_up_item)


        def _parse_recording(data: object) -> None | RulesNewRecordingType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                recording_type_0 = check_rules_new_recording_type_0(data)



                return recording_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RulesNewRecordingType0 | Unset, data)

        recording = _parse_recording(d.pop("recording", UNSET))


        def _parse_fair_housing_ack(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        fair_housing_ack = _parse_fair_housing_ack(d.pop("fair_housing_ack", UNSET))


        rules_new = cls(
            criteria=criteria,
            hot_rule=hot_rule,
            routing=routing,
            follow_up=follow_up,
            recording=recording,
            fair_housing_ack=fair_housing_ack,
        )

        return rules_new

