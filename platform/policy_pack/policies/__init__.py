"""Policies on record: versions of their texts, who reviewed, published and ended them, and the originals that verify them."""
