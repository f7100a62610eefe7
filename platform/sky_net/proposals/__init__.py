"""What institutes offer in answer to a need: drafted, released by their transfer office, compared, chosen."""
