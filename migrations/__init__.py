"""The history of the schema: run by Alembic, see env.py; grants.py says who may do what with a table."""
