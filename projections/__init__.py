"""What can be read. A new read model is one file and one line here."""

from projections.projection import Projection
from projections.stages import stages

PROJECTIONS: tuple[Projection, ...] = (stages,)
