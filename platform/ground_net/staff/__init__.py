"""Who works in which node of the network, as what, since when."""
