"""What is known of an enterprise, as facts for the engine, each with where it was read."""
