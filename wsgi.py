"""For gunicorn: `gunicorn wsgi:app`."""

from sanwang.app import create_app

app = create_app()
