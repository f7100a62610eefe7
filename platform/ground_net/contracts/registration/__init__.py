"""Registration of technology contracts (认定登记): filed by the seller while in force, decided where the seller lies."""
