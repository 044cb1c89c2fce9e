"""Money on pages: units of a currency, from and to its smallest one."""

from decimal import Decimal

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "KRW", "HKD", "TWD")
_DIGITS = {
    **dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "UGX", "PYG"), 0),
    **dict.fromkeys(("BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"), 3),
}


def digits(currency: str) -> int:
    """How many decimal places a currency has (ISO 4217)."""
    return _DIGITS.get(currency, 2)


def amount(minor: int, currency: str) -> str:
    """An amount as people write it: 12050 fen is 120.50 CNY."""
    return f"{Decimal(minor).scaleb(-digits(currency)):,.{digits(currency)}f} {currency}"
