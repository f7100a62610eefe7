"""The guided interview: which question turns vague words into a complete need next. Pure: no web, no database."""
