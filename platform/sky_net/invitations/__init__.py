"""Asking an institute to answer a need, and its yes or no."""
