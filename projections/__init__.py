"""What can be read. A new read model is one file and one line here."""

from projections.clusters import clusters
from projections.compensations import compensations
from projections.kpi import kpi
from projections.kpi_published import kpi_published
from projections.penalties import penalties
from projections.projection import Projection
from projections.projects import projects
from projections.shipments import shipments
from projections.stages import stages
from projections.tracking import tracking

PROJECTIONS: tuple[Projection, ...] = (
    tracking,
    stages,
    penalties,
    compensations,
    clusters,
    shipments,
    projects,
    kpi,
    kpi_published,
)


def named(name: str) -> Projection:
    """The read model of this name."""
    found = [projection for projection in PROJECTIONS if projection.name == name]
    if not found:
        there = ", ".join(projection.name for projection in PROJECTIONS)
        raise LookupError(f"no read model {name}; there are {there}")
    return found[0]
