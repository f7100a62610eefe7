"""Confidentiality terms: what both sides accept before an institute is shown more of a need than its masked view."""
