"""Hash chains over append-only tables: whoever changes, removes or rewrites history is found. Knows no table of anybody."""
