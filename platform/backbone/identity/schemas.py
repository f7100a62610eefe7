"""What HTTP may say of accounts, roles and tokens."""

from marshmallow import ValidationError, post_load

from backbone.actor import ROLE_WORDS, Role, Scope, ScopeKind
from backbone.directory.fields import Email
from backbone.errors import Bilingual
from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.identity.fields import NewLogin
from backbone.pages import PageQuery, sort_field


class TokenRequest(Schema):
    """Login and password for a token."""

    login = Text(60, required=True)
    password = Text(200, required=True)
    read_only = Flag(load_default=False)
    roles = Several(
        Choice(ROLE_WORDS),
        len(Role),
        distinct=True,
        metadata={"description": "只限这些角色 / narrow it to these roles"},
    )
    days = Whole(1, 365)
    end_oldest = Flag(
        load_default=False,
        metadata={"description": "令牌已满时撤销最早的 / when there are too many, end the oldest"},
    )


class TokenView(Schema):
    """A token without its secret."""

    id = Identifier()
    may_write = Flag()
    roles = Several(
        Text(),
        allow_none=True,
        metadata={"description": "null 为账号的全部角色 / null: all roles of the account"},
    )
    created_at = Instant()
    expires_at = Instant()
    revoked_at = Instant()


class IssuedToken(TokenView):
    """A token with its secret, which is shown this once."""

    token = Text()


class TokenQuery(PageQuery):
    """The order of the caller's tokens."""

    sort = sort_field(["created_at", "expires_at"], "-created_at")


def new_password() -> Text:
    """A password that is being set, which has a least length; one that is asked for has none."""
    return Text(200, shortest=12, required=True)


class AccountEntry(Schema):
    """A new account."""

    login = NewLogin(60, required=True)
    name = Text(40, required=True)
    password = new_password()
    email = Email()


class PasswordChange(Schema):
    """The present password, or the one that somebody gave, and the one to come."""

    login = Text(60, required=True)
    password = Text(200, required=True)
    new_password = new_password()


class PasswordReset(Schema):
    """The password that the holder is given, to set an own one by."""

    password = new_password()


class AccountQuery(PageQuery):
    """Which accounts: by the whole login or name, by a role that is held now, by what it is held in."""

    login = Text(60)
    name = Text(40)
    role = Several(Choice(ROLE_WORDS), len(Role), distinct=True)
    scope_id = Text(
        60, metadata={"description": "机构编号、区划代码或节点 / id of an organisation, a region or a node"}
    )
    sort = sort_field(["created_at"], "created_at")


class EmailEntry(Schema):
    """Where the account wants its notices sent; null for nowhere."""

    email = Email(required=True, allow_none=True)


class ScopeField(Schema):
    """How far a role reaches; `id` is a region code, a node's key or an organisation's id, absent for the province."""

    kind = Choice(ScopeKind, required=True)
    id = Text(60, allow_none=True)

    @post_load
    def to_scope(self, values: dict[str, str], **_: object) -> Scope:
        """The scope as the services take it."""
        kind, reach = ScopeKind(values["kind"]), values.get("id")
        if (kind is ScopeKind.PROVINCE) != (reach is None):
            problem = Bilingual(
                "全省范围不带 id，其他范围必须带 id", "The province takes no id, every other scope needs one"
            )
            raise ValidationError({"id": [problem]})
        return Scope(kind, reach)


class MembershipEntry(Schema):
    """A role to grant."""

    role = Choice(ROLE_WORDS, required=True)
    scope = Record(ScopeField, required=True)


class MembershipView(Schema):
    """A role held."""

    id = Identifier()
    account_id = Identifier()
    role = Text()
    scope_kind = Text()
    scope_id = Text()
    granted_at = Instant()
    ended_at = Instant()


class AccountView(Schema):
    """An account with the roles it holds."""

    id = Identifier()
    login = Text()
    name = Text()
    email = Text()
    is_demo = Flag()
    password_given_at = Instant(
        metadata={
            "description": "他人重设密码、本人尚未更换 / another set the password, and it is not changed yet"
        }
    )
    memberships = Several(Record(MembershipView))
    created_at = Instant()
