import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Our own words, one normaliser for both engines: nothing here stems or splits, but at spaces.
# Without positions (detail=column) a document is replaced three times as fast; FTS5 keeps the
# words, because SQLite before 3.43 could not replace a document otherwise.
SQLITE = (
    """CREATE VIRTUAL TABLE search_document USING fts5(
        public, internal,
        tokenize = "ascii tokenchars '_'", prefix = '2 3', detail = column, columnsize = 0
    )""",
)
POSTGRESQL = (
    """CREATE TABLE search_document (
        rowid bigint PRIMARY KEY
            REFERENCES tickets_ticket (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        public tsvector NOT NULL,
        internal tsvector NOT NULL
    )""",
    "CREATE INDEX search_document_public ON search_document USING gin (public)",
    "CREATE INDEX search_document_internal ON search_document USING gin (internal)",
)


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE search_document")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        ("ticket", models.OneToOneField(db_column="rowid", on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="tickets.ticket")),
                        ("public", models.TextField()),
                        ("internal", models.TextField()),
                    ],
                ),
            ],
        ),
    ]
