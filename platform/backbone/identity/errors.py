"""What identity refuses."""

from backbone.errors import Bilingual, Conflict, Forbidden, TooManyRequests, Unauthenticated


class LoginTaken(Conflict):
    """Another account has this login."""

    code = "login_taken"
    title = Bilingual("登录名已被使用", "This login is taken")
    detail = Bilingual("登录名 {login} 已被使用", "The login {login} is taken")
    advice = Bilingual("请换一个登录名", "Choose another")


class TooManyAttempts(TooManyRequests):
    """Too many attempts to log in came from this place; the password was not looked at."""

    code = "too_many_attempts"
    title = Bilingual("登录尝试过多", "Too many attempts to log in")
    detail = Bilingual(
        "从您的网络位置登录尝试过多，本次未核对密码",
        "Too many attempts came from your place; the password was not checked",
    )
    advice = Bilingual(
        "{retry_after_s} 秒后重试；已有的令牌不受影响",
        "Retry in {retry_after_s} s; tokens you hold keep working",
    )


class TooManyTokens(Conflict):
    """The account has as many living tokens as one may have."""

    code = "too_many_tokens"
    title = Bilingual("令牌过多", "Too many tokens")
    detail = Bilingual(
        "该账号已有 {most} 个有效令牌，达到上限",
        "The account has {most} living tokens, the most that one may have",
    )
    advice = Bilingual(
        "用 revokeToken 撤销不用的令牌；手中没有令牌时，登录时加 end_oldest: true，最早的令牌将被撤销",
        "Revoke some with revokeToken; holding none, log in with end_oldest: true, which ends the oldest",
    )


class WrongCredentials(Unauthenticated):
    """Login and password do not belong together; which of the two is wrong is not said."""

    code = "wrong_credentials"
    title = Bilingual("登录名或密码不正确", "Wrong login or password")
    detail = Bilingual("登录名与密码不匹配", "Login and password do not match")
    advice = Bilingual(
        "核对登录名与密码的大小写；忘记密码的，请管理员或本区运营重设（resetPassword）",
        "Check login and password, also their case; who forgot theirs asks an administrator or the zone's operator "
        "(resetPassword)",
    )


class PasswordKnownToAnother(Conflict):
    """The password was given by another: it only serves to set one's own."""

    code = "password_known_to_another"
    title = Bilingual("请先设置自己的密码", "Set a password of your own first")
    detail = Bilingual(
        "此密码由他人重设，只能用来设置您自己的密码",
        "Another set this password: it only serves to set your own",
    )
    advice = Bilingual(
        "用 changePassword 设置新密码，再用新密码登录",
        "Set a new one with changePassword, then log in by that",
    )


class PasswordLapsed(Conflict):
    """The password that another gave was not changed in time."""

    code = "password_lapsed"
    title = Bilingual("重设的密码已过期", "The password that was set for you has lapsed")
    detail = Bilingual(
        "重设的密码须在 {days} 天内更换，现已过期", "It was to be changed within {days} days, and was not"
    )
    advice = Bilingual(
        "请管理员或本区运营再次重设（resetPassword）",
        "Ask an administrator or the zone's operator to set another (resetPassword)",
    )


class OwnPassword(Forbidden):
    """Nobody resets the own password: whoever got hold of a token would take the account over."""

    code = "own_password"
    title = Bilingual("不能重设自己的密码", "One's own password is not reset")
    detail = Bilingual("自己的密码须凭原密码更换", "It is changed by whoever knows the present one")
    advice = Bilingual(
        "知道原密码的，用 changePassword；忘记的，请另一位管理员重设（resetPassword），或在服务器上运行 sanwang reset-password",
        "Use changePassword with the present one; without it ask another administrator (resetPassword), or run sanwang "
        "reset-password on the server",
    )


class PersonIsErased(Conflict):
    """Nobody logs in by the account of an erased person any more."""

    code = "person_is_erased"
    title = Bilingual("账号的个人信息已删除", "The person of this account was erased")
    detail = Bilingual(
        "该账号已无登录名，不能再登录", "The account has no login any more; nobody logs in by it"
    )
    advice = Bilingual(
        "如仍需要，用 openAccount 另开账号", "Open another with openAccount where one is needed"
    )
