"""监测 (monitoring): how the response clocks are kept, for operators and auditors; aggregates, nobody's contact data."""
