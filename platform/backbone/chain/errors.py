"""What can stand in the way of signing and reading heads."""

from backbone.errors import Bilingual, Conflict, Unavailable


class KeyUnreadable(Unavailable):
    """The file is no Ed25519 key in PEM form."""

    code = "key_unreadable"
    title = Bilingual("密钥无法读取", "The key cannot be read")
    detail = Bilingual(
        "{path} 不是可用的 Ed25519 密钥（PEM）", "{path} is no readable Ed25519 key in PEM form"
    )
    advice = Bilingual(
        "用 sanwang audit new-key 生成；私钥归运行后台任务的账号所有，权限 0600",
        "Make one by sanwang audit new-key; the account that runs the jobs owns the private key, mode 0600",
    )


class KeyExists(Conflict):
    """A key is never overwritten: what it signed could no longer be verified."""

    code = "key_exists"
    title = Bilingual("密钥文件已存在", "The key file exists already")
    detail = Bilingual("{path} 已存在，不会覆盖", "{path} exists and is not overwritten")
    advice = Bilingual("换一个文件名", "Choose another name")


class ChainDiverged(Conflict):
    """The chain is not the continuation of the one that was signed last: signing it would hide that."""

    code = "chain_diverged"
    title = Bilingual("链与上次签名的链头不符", "The chain does not continue the head that was signed last")
    detail = Bilingual(
        "链 {chain} 的第 {position} 环与 {file} 中签名的不同，未签新链头",
        "Link {position} of the chain {chain} is not the one signed in {file}; no new head was signed",
    )
    advice = Bilingual(
        "运行 sanwang audit verify --heads 目录 找出首个异常，并保全数据库与链头目录",
        "Run sanwang audit verify --heads DIR to find the first bad row, and preserve the database and the heads",
    )
