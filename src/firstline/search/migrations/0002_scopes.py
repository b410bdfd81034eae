"""Give the documents that are there the words of search/scopes.py."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
    UPDATE search_document SET public = public || (
        SELECT coalesce(' ___requester' || requester_id, '')
            || coalesce(' ___company' || company_id, '')
            || coalesce(' ___project' || project_id, '')
        FROM tickets_ticket WHERE id = search_document.rowid
    )
"""
POSTGRESQL = """
    UPDATE search_document SET public = public || array_to_tsvector(array_remove(ARRAY[
        '___requester' || requester_id, '___company' || company_id, '___project' || project_id
    ], NULL))
    FROM tickets_ticket WHERE id = search_document.rowid
"""


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE if is_sqlite else POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("tickets", "0003_lists")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
