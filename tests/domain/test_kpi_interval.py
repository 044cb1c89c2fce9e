"""Exact intervals against the tables people print."""

import pytest

from domain.kpi.interval import of_count, of_share

# Garwood 1936, 95 %, as tables of the Poisson distribution print it.
GARWOOD = {
    0: (0.0, 3.689),
    1: (0.0253, 5.572),
    2: (0.242, 7.225),
    3: (0.619, 8.767),
    4: (1.090, 10.242),
    5: (1.623, 11.668),
    10: (4.795, 18.390),
    20: (12.217, 30.888),
    50: (37.111, 65.919),
    100: (81.364, 121.627),
}


@pytest.mark.parametrize("count", GARWOOD)
def test_a_count_of_rare_things(count: int) -> None:
    found = of_count(count)
    assert (found.low, found.high) == pytest.approx(GARWOOD[count], abs=6e-4)


def test_three_cases_on_412000_units() -> None:
    """product.md 4C: 7.3 per million, 95 % interval 1.5 to 21.3."""
    scale, found = 1_000_000 / 412_000, of_count(3)
    assert f"{3 * scale:.1f} {found.low * scale:.1f} {found.high * scale:.1f}" == (
        "7.3 1.5 21.3"
    )


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (8, 12, 0.3489, 0.9008),
        (3, 11, 0.0602, 0.6097),
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (1, 1, 0.0250, 1.0),
        (50, 100, 0.3983, 0.6017),
    ],
)
def test_a_share_of_a_hundred(count: int, of: int, low: float, high: float) -> None:
    found = of_share(count, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_many_cases_are_no_trouble() -> None:
    found = of_count(100_000)
    assert (found.low, found.high) == pytest.approx((99_381, 100_622), abs=2)
