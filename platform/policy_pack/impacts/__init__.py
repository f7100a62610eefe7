"""What a draft would change for the enterprises on record, before anybody publishes it."""
