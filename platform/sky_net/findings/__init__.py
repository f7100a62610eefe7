"""无解结论 (findings): the honest end of a need that nobody who was asked can solve."""
