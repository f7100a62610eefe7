"""Accounts, the roles they hold within scopes, and the API tokens they act by."""
