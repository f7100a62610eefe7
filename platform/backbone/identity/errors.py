"""What identity refuses."""

from backbone.errors import Bilingual, Conflict, Unauthenticated


class LoginTaken(Conflict):
    """Another account has this login."""

    code = "login_taken"
    title = Bilingual("登录名已被使用", "This login is taken")
    detail = Bilingual("登录名 {login} 已被使用", "The login {login} is taken")
    advice = Bilingual("请换一个登录名", "Choose another")


class WrongCredentials(Unauthenticated):
    """Login and password do not belong together; which of the two is wrong is not said."""

    code = "wrong_credentials"
    title = Bilingual("登录名或密码不正确", "Wrong login or password")
    detail = Bilingual("登录名与密码不匹配", "Login and password do not match")
    advice = Bilingual("检查大小写后重试，或请管理员重置密码", "Check the spelling, or ask an administrator")
