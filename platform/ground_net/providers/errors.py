"""What the directory of providers refuses."""

from backbone.errors import Bilingual, Conflict


class ProviderClosed(Conflict):
    """A provider that left the directory is not amended any more."""

    code = "provider_closed"
    title = Bilingual("服务机构已退出目录", "The provider has left the directory")
    detail = Bilingual("“{name}”已于 {closed_at} 退出目录", "“{name}” left the directory at {closed_at}")
    advice = Bilingual("如恢复服务，请重新登记", "Register it anew if it serves again")
