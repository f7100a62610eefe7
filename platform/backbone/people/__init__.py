"""Personal values in rows of their own: sealed at rest, found by keyed digest, exported and erased by one command.

A record that names somebody (`holding.HasPeople`) holds no value itself: it is what the people's rows refer to, and all
that append-only records ever refer to.
"""
