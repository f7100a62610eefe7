"""The funds themselves: their capital, the pools of policy grants, and the money outside that is no ledger of ours."""
