"""一日指派 (a day's batch): all open needs offered to institutes at once, within quotas and without the same five names."""
