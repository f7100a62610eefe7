"""What institutes offer: achievements and capabilities, how mature they are, and until when that is vouched for."""
