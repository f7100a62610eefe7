"""Ranking of achievements for a need and of needs for an achievement: pure, with neither web nor database."""
