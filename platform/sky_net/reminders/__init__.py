"""催办与升级 (reminders and escalation): who is called about a clock, through the notices."""
