"""Which way a need goes: how complex it is, straight to institutes or to which broker, and every hand-over with its owner."""
