"""What can be read. A new read model is one file and one line here."""

from projections.penalties import penalties
from projections.projection import Projection
from projections.stages import stages
from projections.tracking import tracking

PROJECTIONS: tuple[Projection, ...] = (tracking, stages, penalties)
