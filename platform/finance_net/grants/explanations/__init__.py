"""Why each application was not funded: worked out apart by jobs, one application at a time, and kept with the selection it explains."""
