"""Questions about a need and their answers; one to the enterprise opens its clock, its answer stops it."""
