"""What a catalog calls its acts, roles and clauses, in the words of its own version."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.pages.choices import named
from api.parts import Opened
from domain.catalog_stream import CatalogStream, catalog_stream_id
from domain.ledger import Ledger
from domain.rulebooks.catalog import Catalog


@dataclass(frozen=True, slots=True)
class CatalogWords:
    """Names by code; a code nobody published stays as it is."""

    acts: Mapping[str, str]
    roles: Mapping[str, str]
    clauses: Mapping[str, str]  # catalog@version#clause → its text

    def act(self, code: str) -> str:
        """What was done."""
        return self.acts.get(code, code)

    def role(self, code: str) -> str:
        """As whom."""
        return self.roles.get(code, code)

    def clause(self, cited: str) -> str:
        """The text of a clause, in the version it was judged by."""
        return self.clauses.get(cited, "")

    def short(self, cited: str) -> str:
        """The number alone; the version stands beside it where it matters."""
        return cited.partition("#")[2] or cited


def catalog_words(ledger: Ledger, opened: Opened, lang: str) -> CatalogWords:
    """Of every version of every catalog that a regulation of ours names."""
    acts: dict[str, str] = {}
    roles: dict[str, str] = {}
    clauses: dict[str, str] = {}
    for catalog in published(ledger, opened):
        acts |= {code: named(words, lang) for code, words in catalog.acts.items()}
        roles |= {code: named(words, lang) for code, words in catalog.roles.items()}
        for clause in catalog.clauses:
            for tariff in clause.tariffs:
                cited = catalog.cites(clause, tariff)
                clauses[cited] = named(clause.act, lang)
    return CatalogWords(acts, roles, clauses)


def published(ledger: Ledger, opened: Opened) -> list[Catalog]:
    """Every version, oldest first. It waits for the store, so it is called in a thread."""
    found = []
    for name in catalogs_of(ledger):
        stream = ledger.found(catalog_stream_id(name))
        if isinstance(stream, CatalogStream):
            found += [opened.catalog_of(one.text) for one in stream.versions]
    return found


def catalogs_of(ledger: Ledger) -> list[str]:
    """The catalogs that our regulations name."""
    books = [book.penalties for book in ledger.rulebooks]
    return sorted({one.catalog for one in books if one and one.catalog})
