"""Kinds of stream besides the complaint: what begins each, and what can be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import project, shipment
from domain.deeds import Deed, by_name


@dataclass(frozen=True)
class Kind:
    """One kind: its name in topics and claims, its address, its series of numbers."""

    name: str
    many: str  # in addresses: /shipments
    series: str  # with {year}
    begins: Deed
    deeds: Mapping[str, Deed]


SHIPMENT = Kind(
    "shipment",
    "shipments",
    "S-{year}-",
    Deed(shipment.Sent, shipment.sent),
    by_name(
        (
            Deed(shipment.Returned, shipment.returned),
            Deed(shipment.Corrected, shipment.correct),
        )
    ),
)
PROJECT = Kind(
    "project",
    "projects",
    "P-{year}-",
    Deed(project.ProjectBegun, project.begun),
    by_name(
        (
            Deed(project.HoldPointChecked, project.hold_point_checked),
            Deed(project.Delivered, project.delivered),
            Deed(project.CalledBack, project.called_back),
            Deed(project.ReportFiled, project.report_filed),
            Deed(project.Evaluated, project.evaluated),
            Deed(project.Corrected, project.correct),
        )
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (SHIPMENT, PROJECT)}
TOPICS: Mapping[str, Deed] = {
    deed.event.TOPIC: deed
    for kind in KINDS.values()
    for deed in (kind.begins, *kind.deeds.values())
}
