"""Fields read out of a visit note: industry, indicators, maturity, budget, deadline, who decides, what was tried.

`proposing.proposed_fields(text, visited_on)` is the way in. Pure: a text and a date go in, proposals with the words they
were read from come out; a person confirms each. What the words do not fix is left open, never guessed. docs/extraction.md.
"""
