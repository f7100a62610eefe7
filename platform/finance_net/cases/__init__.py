"""Cases: what happened to one application, from its eligibility receipt to the effect of the money, in one hash chain."""
