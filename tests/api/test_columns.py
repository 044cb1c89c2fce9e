"""The page of columns, in the docs and in the product: what the views are described by."""

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from api.app import create_app
from api.columns import page
from api.identity.permissions import Person
from api.parts import Parts
from projections.exports.views import views

PAGE = Path(__file__).parents[2] / "docs" / "columns.md"


def test_the_docs_show_the_columns_there_are() -> None:
    """Written anew by `python -m api.columns > docs/columns.md`."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_page_says_what_every_column_means(parts: Parts, lang: str) -> None:
    engineer = replace(parts, operator=Person("p-li", "quality_engineer", "Li"))
    transport = httpx2.ASGITransport(app=create_app(engineer))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        found = (await http.get(f"/columns?lang={lang}")).text
    await parts.opened.appender.close()

    for view in views().values():
        assert f'id="{view.name}"' in found
        for column in view.columns:
            said = column.zh if lang == "zh" else column.en
            assert said in found, column.name
    assert "/exports/tracking.parquet" in found
    assert "/exports/penalties.parquet" not in found, "not for an engineer"
