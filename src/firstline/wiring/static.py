"""Static files under names that change with their content, compressed beforehand."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of our ES modules, too: a new version is never mixed with an old one."""

    support_js_module_import_aggregation = True
