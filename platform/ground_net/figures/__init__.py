"""What the ground network came to: needs mined and what became of them, beside the targets."""
