"""Many rows at once where thousands come in a second: one statement, and no model for each.

Django's `bulk_create` and `bulk_update` build expressions for every value, which costs several
times what the database does (docs/scaling.md has the figures). Values still go through the fields,
so what is stored is the same. Nothing else is: no defaults, no signals, no keys given back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import JSONField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field, Model


PLAIN: Final = frozenset({int, str, bool, type(None)})
"""Values that every column but JSON stores as they are."""


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Each row has a value for every column named; an `_id` name takes a key."""
    fields = _fields(model, columns)
    names = ", ".join(_quoted(field) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_table(model)} ({names}) VALUES ({places})"  # noqa: S608 - names of our own columns
    _execute(statement, fields, rows)


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Each row has a value for every column named, and last the primary key of its row."""
    fields = _fields(model, columns)
    changes = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    key = model._meta.pk
    statement = f"UPDATE {_table(model)} SET {changes} WHERE {_quoted(key)} = %s"  # noqa: S608 - names of our own columns
    _execute(statement, [*fields, key], rows)


def _execute(
    statement: str, fields: Sequence[Field[Any, Any]], rows: Iterable[Sequence[Any]]
) -> None:
    # Not the proxy: it looks its connection up at every use.
    connection = connections[DEFAULT_DB_ALIAS]
    columns = [(field.get_db_prep_save, isinstance(field, JSONField)) for field in fields]
    prepared = [
        [
            value if type(value) in PLAIN and not is_json else prepare(value, connection)
            for value, (prepare, is_json) in zip(row, columns, strict=True)
        ]
        for row in rows
    ]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


def _fields(model: type[Model], columns: Sequence[str]) -> list[Field[Any, Any]]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in columns]


def _table(model: type[Model]) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.db_table)


def _quoted(field: Field[Any, Any]) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(field.column or "")
