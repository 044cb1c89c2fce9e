"""A secret is made once, however many want it at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.secret_file import secret


def test_many_who_make_it_at_once_have_the_same(tmp_path: Path) -> None:
    for nth in range(20):
        path, together = tmp_path / str(nth) / "a.key", threading.Barrier(8)

        def asked(path: Path = path, together: threading.Barrier = together) -> bytes:
            together.wait()
            return secret(path)

        with ThreadPoolExecutor(8) as pool:
            found = {one.result() for one in [pool.submit(asked) for _ in range(8)]}

        assert len(found) == 1
        assert len(found.pop()) == 32
        assert list(path.parent.iterdir()) == [path]
        assert path.stat().st_mode & 0o777 == 0o600
