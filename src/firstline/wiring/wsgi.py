"""Django as WSGI; `firstline run` puts it into a fixed pool of threads."""

import os

from django.core.wsgi import get_wsgi_application

from firstline.base.frames import in_one_piece

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.wiring.settings")
application = in_one_piece(get_wsgi_application())
