"""The contracts that grants and awards rest on: kept by the ground network, which stands beside the finance net."""

from finance_net.grants.contracts import ContractReader, install_contracts
from ground_net.contracts.delivery.reading import contract_of_milestone, is_accepted
from ground_net.contracts.reading import parties_of
from ground_net.contracts.registration.reading import is_registered

READER = ContractReader(
    parties=parties_of,
    contract_of_milestone=contract_of_milestone,
    is_accepted=is_accepted,
    is_registered=is_registered,
)

install_contracts(READER)
