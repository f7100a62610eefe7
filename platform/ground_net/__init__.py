"""地网 (ground network): nodes and stations that mine needs where companies are, and the contracts that come of them."""
