"""Django as WSGI; `firstline run` puts it into a fixed pool of threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.wiring.settings")
application = get_wsgi_application()
