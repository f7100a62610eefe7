"""工作日历 (calendars): what was published, and what was loaded on top of it, zone by zone."""
