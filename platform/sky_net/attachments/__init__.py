"""Files attached to a need, each with a level of its own: who may read it is decided by level and view together."""
