"""The demonstration: an invented catalogue, invented organisations, and the main job over the real HTTP API."""
