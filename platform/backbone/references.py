"""What a field is told that names something which does not exist, or which the caller may not know of."""

from backbone.errors import Bilingual

NO_SUCH_ACCOUNT = Bilingual("没有这个账号", "There is no such account")
NO_SUCH_ENTERPRISE = Bilingual("没有这家企业", "There is no such enterprise")
NO_SUCH_INSTITUTE = Bilingual("没有这个院所", "There is no such institute")
