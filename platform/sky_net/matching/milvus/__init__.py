"""Milvus behind the search port: for catalogues beyond one machine (docs/scale.md). Loaded only where it is chosen."""
