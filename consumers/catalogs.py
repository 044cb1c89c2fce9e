"""Catalogs as a process reads them: the text of a publication, and those we bring along."""

from functools import lru_cache, partial
from pathlib import Path

import domain.rulebooks
from domain.catalog_stream import Published
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.catalog_reading import read_catalog
from infra import yaml_files

OFFERED = Path(domain.rulebooks.__file__).parent / "catalogs"
KEPT_MAX = 64


def catalog_of(text: str, file: str = "catalog") -> Catalog:
    """The catalog that a text says, or everything that is wrong with it."""
    raw = text.encode()
    data = yaml_files.parse(raw, file)
    return read_catalog(raw, data, file, partial(yaml_files.lines, raw))


@lru_cache(KEPT_MAX)
def _read(text: str) -> Catalog:
    return catalog_of(text)


def published(said: Published) -> Catalog:
    """The catalog of a publication; its text was checked when it was published."""
    return _read(said.text)
