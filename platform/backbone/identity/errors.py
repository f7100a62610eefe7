"""What identity refuses."""

from backbone.errors import Bilingual, Conflict, TooManyRequests, Unauthenticated


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
        "核对登录名与密码的大小写；忘记密码请联系管理员",
        "Check login and password, also their case; who forgot theirs asks an administrator",
    )
