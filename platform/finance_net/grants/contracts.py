"""What grants and awards must know of contracts: they are kept beside this package, and the assembly puts in who reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ContractReader:
    """Questions about contracts that money depends on, one statement each; an id that does not exist answers as none does."""

    parties: Callable[[Session, UUID | None], set[UUID]]
    """The enterprises and the institute of a contract."""
    contract_of_milestone: Callable[[Session, UUID], UUID | None]
    """The contract that a milestone belongs to."""
    is_accepted: Callable[[Session, UUID | None], bool]
    """Whether the buyer has accepted a milestone."""
    is_registered: Callable[[Session, UUID | None], bool]
    """Whether a contract stands in the register of technology contracts."""


_installed: list[ContractReader] = []


def install_contracts(reader: ContractReader) -> None:
    """Make this the process's reader of contracts."""
    _installed[:] = [reader]


def contracts() -> ContractReader:
    """The reader. Raises RuntimeError where none was put in: no answer is made up where money waits for it."""
    if not _installed:
        raise RuntimeError("nobody reads contracts: sanwang.grant_contracts was not imported")
    return _installed[0]
