"""The assembly: the application and its commands."""
