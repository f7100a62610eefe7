"""Whether anything may be added to a contract: not while a party says that it was not signed like this, nor once it was not."""

from ground_net.contracts.errors import ContractDisputed
from ground_net.contracts.models import Contract
from ground_net.contracts.states import CANCELLED, LIFE


def require_standing(contract: Contract, action: str) -> None:
    """Raise StateConflict for a cancelled contract, ContractDisputed for one in dispute."""
    if contract.state == CANCELLED:
        raise LIFE.refusal(contract.state, action)
    if contract.disputed_at is not None:
        raise ContractDisputed(number=contract.number, disputed_at=contract.disputed_at.isoformat())
