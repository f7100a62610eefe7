"""Accounts, roles and tokens over HTTP."""

from typing import Any
from uuid import UUID

from flask import current_app

from backbone.actor import Role
from backbone.errors import Bilingual, NotFound
from backbone.http import Answer, Call, Routes, path_of
from backbone.identity import credentials, listing, reaching, schemas, service
from backbone.identity.login_limit import one_attempt

routes = Routes(
    "identity", __name__, url_prefix="/api", description="账号、角色与令牌 / accounts, roles, tokens"
)


@routes.operation(
    "POST", "/tokens", "issueToken", Bilingual("登录取得令牌", "Log in for a token"),
    body=schemas.TokenRequest, answer=schemas.IssuedToken, status=201, public=True, gate=one_attempt,
)  # fmt: skip
def issue_token(call: Call) -> Any:
    most = current_app.extensions["settings"].token_days
    token, secret = service.issue_token(
        call.session, login=call.body["login"], password=call.body["password"], now=call.now,
        may_write=not call.body["read_only"], roles=call.body.get("roles"),
        end_oldest=call.body["end_oldest"], days=min(call.body.get("days", most), most),
    )  # fmt: skip
    return {name: getattr(token, name) for name in schemas.TokenView().fields} | {"token": secret}


@routes.operation(
    "GET", "/tokens", "listTokens", Bilingual("我的令牌", "List my tokens"), query=schemas.TokenQuery,
    answer=schemas.TokenView, listed=True,
)  # fmt: skip
def list_tokens(call: Call) -> Any:
    return service.list_tokens(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "POST", "/tokens/<uuid:token_id>/revocation", "revokeToken", Bilingual("撤销令牌", "Revoke a token"),
    answer=schemas.TokenView, for_readers=True,
)  # fmt: skip
def revoke_token(call: Call, token_id: UUID) -> Any:
    return service.revoke_token(call.session, call.actor, token_id, now=call.now)


@routes.operation(
    "GET", "/me", "showMe", Bilingual("我的账号", "Show my account"), answer=schemas.AccountView
)
def show_me(call: Call) -> Any:
    if call.actor.account_id is None:
        raise NotFound()
    return service.show_account(call.session, call.actor, call.actor.account_id)


@routes.operation(
    "POST", "/me/email", "giveEmail", Bilingual("设置通知邮箱", "Say where my notices are sent"),
    body=schemas.EmailEntry, answer=schemas.AccountView,
)  # fmt: skip
def give_email(call: Call) -> Any:
    return reaching.give_email(call.session, call.actor, call.body["email"], now=call.now)


@routes.operation(
    "POST", "/accounts", "openAccount", Bilingual("开立账号", "Open an account"),
    body=schemas.AccountEntry, answer=schemas.AccountView, status=201,
)  # fmt: skip
def open_account(call: Call) -> Answer:
    account = service.open_account(call.session, call.actor, **call.body, now=call.now)
    return Answer(account, location=path_of("/accounts/<account_id>", account_id=account.id))


@routes.operation(
    "GET", "/accounts", "listAccounts", Bilingual("账号列表", "List accounts"), query=schemas.AccountQuery,
    answer=schemas.AccountView, listed=True,
)  # fmt: skip
def list_accounts(call: Call) -> Any:
    return listing.list_accounts(call.session, call.actor, call.query)


@routes.operation(
    "GET", "/accounts/<uuid:account_id>", "showAccount", Bilingual("查看账号", "Show an account"),
    answer=schemas.AccountView,
)  # fmt: skip
def show_account(call: Call, account_id: UUID) -> Any:
    return service.show_account(call.session, call.actor, account_id)


@routes.operation(
    "POST", "/passwords", "changePassword", Bilingual("更换自己的密码", "Change one's own password"),
    body=schemas.PasswordChange, answer=schemas.AccountView, public=True, gate=one_attempt,
)  # fmt: skip
def change_password(call: Call) -> Any:
    return credentials.change_password(call.session, **call.body, now=call.now)


@routes.operation(
    "POST", "/accounts/<uuid:account_id>/password", "resetPassword",
    Bilingual("为忘记密码的人重设密码", "Set a password for who forgot theirs"),
    body=schemas.PasswordReset, answer=schemas.AccountView,
)  # fmt: skip
def reset_password(call: Call, account_id: UUID) -> Any:
    return credentials.reset_password(
        call.session, call.actor, account_id, call.body["password"], now=call.now
    )


@routes.operation(
    "POST", "/accounts/<uuid:account_id>/memberships", "grantMembership", Bilingual("授予角色", "Grant a role"),
    body=schemas.MembershipEntry, answer=schemas.MembershipView, status=201,
)  # fmt: skip
def grant_membership(call: Call, account_id: UUID) -> Any:
    role, scope = Role(call.body["role"]), call.body["scope"]
    return service.grant_membership(call.session, call.actor, account_id, role, scope, now=call.now)


@routes.operation(
    "POST", "/memberships/<uuid:membership_id>/end", "endMembership", Bilingual("收回角色", "End a role"),
    answer=schemas.MembershipView,
)  # fmt: skip
def end_membership(call: Call, membership_id: UUID) -> Any:
    return service.end_membership(call.session, call.actor, membership_id, now=call.now)
