"""A column of words for each audience: what was internal so far is the platform's (product 11.2).

Of tickets of partners nobody can tell any more whose the words were, so they are left out until the
ticket is indexed again: by its next event, or all at once by `firstline migrate`.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """CREATE VIRTUAL TABLE search_lines USING fts5(
        public, between_lines, platform, partner,
        tokenize = "ascii tokenchars '_'", prefix = '2 3', detail = column, columnsize = 0
    )""",
    """INSERT INTO search_lines (rowid, public, between_lines, platform, partner)
        SELECT d.rowid, d.public, '', CASE WHEN t.partner_id IS NULL THEN d.internal ELSE '' END, ''
        FROM search_document AS d JOIN tickets_ticket AS t ON t.id = d.rowid""",
    "DROP TABLE search_document",
    "ALTER TABLE search_lines RENAME TO search_document",
)
POSTGRESQL = (
    "ALTER TABLE search_document RENAME COLUMN internal TO platform",
    "ALTER INDEX search_document_internal RENAME TO search_document_platform",
    "ALTER TABLE search_document ADD COLUMN between_lines tsvector NOT NULL DEFAULT ''",
    "ALTER TABLE search_document ADD COLUMN partner tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_document_between_lines ON search_document USING gin (between_lines)",
    "CREATE INDEX search_document_partner ON search_document USING gin (partner)",
    """UPDATE search_document SET platform = ''
        FROM tickets_ticket WHERE id = search_document.rowid AND partner_id IS NOT NULL""",
)


def part(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_scopes"), ("tickets", "0005_custody")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(part)],
            state_operations=[
                migrations.RenameField("document", "internal", "platform"),
                migrations.AddField(
                    "document",
                    "between_lines",
                    models.TextField(default=""),
                    preserve_default=False,
                ),
                migrations.AddField(
                    "document", "partner", models.TextField(default=""), preserve_default=False
                ),
            ],
        ),
    ]
