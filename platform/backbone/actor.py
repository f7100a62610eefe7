"""Who acts: an account with the roles it holds, each within a scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from backbone.errors import Bilingual


class Role(StrEnum):
    """The trades of the platform; what each may do stands in the features' permission tables."""

    ENTERPRISE_MEMBER = "enterprise_member"
    INSTITUTE_MEMBER = "institute_member"
    TRANSFER_OFFICE = "transfer_office"
    COLLECTOR = "collector"
    """采集员: mines needs offline for a node or station of the ground network."""
    BROKER = "broker"
    OPERATOR = "operator"
    REGISTRAR = "registrar"
    """登记站: decides whether a technology contract is registered."""
    FUND_MANAGER = "fund_manager"
    POLICY_OFFICER = "policy_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    Role.ENTERPRISE_MEMBER: Bilingual("企业成员", "member of an enterprise"),
    Role.INSTITUTE_MEMBER: Bilingual("院所成员", "member of an institute"),
    Role.TRANSFER_OFFICE: Bilingual("成果转化办", "transfer office"),
    Role.COLLECTOR: Bilingual("采集员", "collector"),
    Role.BROKER: Bilingual("经纪人", "broker"),
    Role.OPERATOR: Bilingual("运营人员", "operator"),
    Role.REGISTRAR: Bilingual("登记站", "registrar"),
    Role.FUND_MANAGER: Bilingual("基金经理", "fund manager"),
    Role.POLICY_OFFICER: Bilingual("政策专员", "policy officer"),
    Role.AUDITOR: Bilingual("审计人员", "auditor"),
    Role.ADMINISTRATOR: Bilingual("管理员", "administrator"),
})  # fmt: skip
"""What each trade is called."""


class ScopeKind(StrEnum):
    """How far a role reaches."""

    PROVINCE = "province"
    ZONE = "zone"
    NODE = "node"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Scope:
    """A reach: `id` is a region code (zone), a node's key or an organisation's UUID; None for the province."""

    kind: ScopeKind
    id: str | None = None


@dataclass(frozen=True)
class Held:
    """One role within one scope."""

    role: Role
    scope: Scope


PROVINCE = Scope(ScopeKind.PROVINCE)


@dataclass(frozen=True)
class Actor:
    """The account behind a request or a job; `may_write` is False for a read-only token."""

    account_id: UUID | None
    name: str
    held: frozenset[Held] = frozenset()
    token_id: UUID | None = None
    may_write: bool = True

    def holds(self, *roles: Role) -> bool:
        """Whether any of the roles is held, in whatever scope."""
        return any(held.role in roles for held in self.held)

    def holds_for_province(self, *roles: Role) -> bool:
        """Whether any of the roles is held over the whole province."""
        return any(held.role in roles and held.scope.kind is ScopeKind.PROVINCE for held in self.held)

    def organisations(self, *roles: Role) -> frozenset[UUID]:
        """The organisations in which any of the roles is held."""
        return frozenset(
            UUID(held.scope.id)
            for held in self.held
            if held.role in roles and held.scope.kind is ScopeKind.ORGANISATION and held.scope.id
        )

    def zones(self, *roles: Role) -> frozenset[str]:
        """The region codes over which any of the roles is held; see `holds_for_province` for all of them."""
        return frozenset(
            held.scope.id
            for held in self.held
            if held.role in roles and held.scope.kind is ScopeKind.ZONE and held.scope.id
        )

    def nodes(self, *roles: Role) -> frozenset[str]:
        """The keys of the ground network's nodes in which any of the roles is held."""
        return frozenset(
            held.scope.id
            for held in self.held
            if held.role in roles and held.scope.kind is ScopeKind.NODE and held.scope.id
        )


def actor_with(*held: tuple[Role, Scope], name: str = "", account_id: UUID | None = None) -> Actor:
    """An actor holding these roles: for jobs and tests."""
    pairs: Iterable[Held] = (Held(role, scope) for role, scope in held)
    return Actor(account_id=account_id, name=name, held=frozenset(pairs))


SYSTEM = Actor(account_id=None, name="system")
