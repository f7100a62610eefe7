"""Whether anything may be added to a contract: not while a party says that it was not signed like this, nor once it was not. What
takes something out again adds nothing: it waits for no dispute to be settled.
"""

from ground_net.contracts.errors import ContractDisputed
from ground_net.contracts.models import Contract
from ground_net.contracts.states import CANCELLED, LIFE


def require_standing(contract: Contract, action: str) -> None:
    """Raise StateConflict for a cancelled contract, ContractDisputed for one in dispute."""
    require_uncancelled(contract, action)
    if contract.disputed_at is not None:
        raise ContractDisputed(number=contract.number, disputed_at=contract.disputed_at.isoformat())


def require_uncancelled(contract: Contract, action: str) -> None:
    """Raise StateConflict for a cancelled contract."""
    if contract.state == CANCELLED:
        raise LIFE.refusal(contract.state, action)
