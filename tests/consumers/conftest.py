"""The story and its sessions, as the read models' tests have them."""

from tests.projections.conftest import app_conn, filling, ledger, projector_conn, told

__all__ = ["app_conn", "filling", "ledger", "projector_conn", "told"]
