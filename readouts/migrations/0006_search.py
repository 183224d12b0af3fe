"""Folded words of search entries, and the index of them that each database keeps by itself.

SQLite's index is a table of its own, kept in step by triggers. It is bound to the names of table and
columns: a later migration that has SQLite lay `readouts_searchentry` anew has to drop both before
and make them after it, as here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """CREATE VIRTUAL TABLE readouts_searchindex USING fts5(
        title_words, body_words, content='readouts_searchentry', content_rowid='id',
        tokenize="porter unicode61 remove_diacritics 2 categories 'L* N* Mn Mc'"
    )""",
    """CREATE TRIGGER readouts_searchentry_added AFTER INSERT ON readouts_searchentry BEGIN
        INSERT INTO readouts_searchindex (rowid, title_words, body_words)
        VALUES (new.id, new.title_words, new.body_words);
    END""",
    """CREATE TRIGGER readouts_searchentry_removed AFTER DELETE ON readouts_searchentry BEGIN
        INSERT INTO readouts_searchindex (readouts_searchindex, rowid, title_words, body_words)
        VALUES ('delete', old.id, old.title_words, old.body_words);
    END""",
    """CREATE TRIGGER readouts_searchentry_changed AFTER UPDATE ON readouts_searchentry BEGIN
        INSERT INTO readouts_searchindex (readouts_searchindex, rowid, title_words, body_words)
        VALUES ('delete', old.id, old.title_words, old.body_words);
        INSERT INTO readouts_searchindex (rowid, title_words, body_words)
        VALUES (new.id, new.title_words, new.body_words);
    END""",
)
SQLITE_BACK = (
    "DROP TRIGGER readouts_searchentry_changed",
    "DROP TRIGGER readouts_searchentry_removed",
    "DROP TRIGGER readouts_searchentry_added",
    "DROP TABLE readouts_searchindex",
)
# The stemmer that SQLite has, and no stop words, so that both find the same. Accents are folded
# before: the extension for it is not there everywhere. None of this needs a superuser.
POSTGRESQL = (
    "CREATE TEXT SEARCH DICTIONARY openfloor_stem (TEMPLATE = pg_catalog.snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION openfloor (PARSER = pg_catalog.default)",
    """ALTER TEXT SEARCH CONFIGURATION openfloor ADD MAPPING FOR
        asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part,
        hword_numpart WITH openfloor_stem""",
    """ALTER TEXT SEARCH CONFIGURATION openfloor ADD MAPPING FOR
        int, uint, float, sfloat, version, email, host, url, url_path, file
        WITH pg_catalog.simple""",
    """ALTER TABLE readouts_searchentry ADD COLUMN found_by tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('openfloor', title_words), 'A')
        || setweight(to_tsvector('openfloor', body_words), 'D')
    ) STORED""",
    "CREATE INDEX readouts_searchentry_found_by ON readouts_searchentry USING gin (found_by)",
)
POSTGRESQL_BACK = (
    "ALTER TABLE readouts_searchentry DROP COLUMN found_by",
    "DROP TEXT SEARCH CONFIGURATION openfloor",
    "DROP TEXT SEARCH DICTIONARY openfloor_stem",
)


def lay_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def take_index_away(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("readouts", "0005_returns")]

    operations = [
        migrations.AddField(
            "searchentry",
            "title_words",
            models.TextField(default="", help_text="The title's words, folded."),
        ),
        migrations.AddField(
            "searchentry",
            "body_words",
            models.TextField(default="", help_text="The body's words, folded."),
        ),
        migrations.AddField(
            "searchentry", "public_head", models.PositiveBigIntegerField(null=True)
        ),
        migrations.AddField(
            "searchentry", "audited_through", models.PositiveBigIntegerField(default=0)
        ),
        migrations.RunPython(lay_index, take_index_away),
    ]
