"""`ledger reader`: how analysts get at the views."""

from api.terminal import out
from consumers.home import Home
from infra import settings
from infra.postgres.pool import role_dsn
from projections.exports.views import READER


def reader() -> None:
    """Print the address for psql and other SQL tools: it reads the views, no more."""
    out.print(role_dsn(Home(settings.load()).running_dsn(), READER), soft_wrap=True)
