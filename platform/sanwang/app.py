"""The application: every package's routes on one Flask app, one database, one clock."""

from flask import Flask

from backbone import db, digests, encryption, http_problems, roles
from backbone.addresses import networks_of
from backbone.clock import Clock, ShiftedClock, SystemClock
from backbone.db import Database, Transactions
from backbone.encryption import Keyring, UnusableKeys
from backbone.identity import service as identity
from backbone.people.rotating import digests_what_is_stored, opens_what_is_stored
from backbone.settings import Settings, SettingUnusable, load_settings
from sanwang.api import install_api
from sanwang.features import FEATURES, authenticate
from sanwang.metrics import install_metrics
from sky_net.matching import engine as matching

SHORTEST_KEY = 16
OTHER_KEYS = (
    "PERSONAL_DATA_KEY 与库中信息所用的密钥不符：设回原密钥，轮换时写作 2:新,1:旧 / PERSONAL_DATA_KEY is not the key that this "
    "database's personal data was sealed with: set the former one, or while rotating both, as `2:new,1:old`"
)

OTHER_DIGESTS = (
    "DIGEST_KEY 与库中摘要所用的密钥不符：设回原密钥，否则查不到任何人、登录名会重复 / DIGEST_KEY is not the key of this "
    "database's digests: set the former one, or nobody is found and logins come twice"
)


def create_app(
    settings: Settings | None = None, *, transactions: Transactions | None = None, clock: Clock | None = None
) -> Flask:
    """Build the application; `transactions` and `clock` replace the database and the time in tests.

    Raises SettingUnusable without a database, without the keys of what is personal, on proxies that are no networks, or when
    demo accounts exist outside demo mode; PrivilegedLogin when the database login could change history.
    """
    settings = settings or load_settings()
    app = Flask("sanwang", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock or _clock(settings)
    app.extensions["authenticate"] = authenticate
    configure_keys(settings)
    _check_proxies(settings)
    matching.configure(settings)
    db.bind(transactions or _database(settings))
    http_problems.install(app)
    install_api(app, FEATURES)
    install_metrics(app)
    refuse_privileged_login(settings)
    _refuse_demo_accounts(settings)
    refuse_other_keys()
    return app


def refuse_privileged_login(settings: Settings) -> None:
    """Keep an application that could rewrite its history from starting, outside demo mode and unless allowed."""
    if settings.demo_mode or settings.allow_privileged_login:
        return
    with db.transaction() as session:
        roles.refuse_power_over(session, db.history_tables())


def configure_keys(settings: Settings) -> None:
    """Key what is personal: the digests that stand for it and what seals it; SettingUnusable where a guess could undo it."""
    configure_digests(settings)
    try:
        keyring = Keyring.parse(settings.personal_data_key, 0 if settings.demo_mode else SHORTEST_KEY)
    except UnusableKeys as problem:
        raise SettingUnusable(
            f"请设置 PERSONAL_DATA_KEY：至少 {SHORTEST_KEY} 位，如 openssl rand -hex 32 的输出，轮换时写作 2:新,1:旧；"
            f"务必另行备份，丢失即无法恢复 / set PERSONAL_DATA_KEY to at least {SHORTEST_KEY} characters, as from openssl "
            f"rand -hex 32, while rotating `2:new,1:old`, and keep a copy: without it the data is lost ({problem})"
        ) from None
    encryption.configure(keyring)


def configure_digests(settings: Settings) -> None:
    """Key the digests that stand for people in the audit; SettingUnusable where a guess could undo them."""
    if len(settings.digest_key) < SHORTEST_KEY and not settings.demo_mode:
        raise SettingUnusable(
            f"请设置至少 {SHORTEST_KEY} 位的 DIGEST_KEY，如 openssl rand -hex 32 的输出，并妥善保存 / "
            f"set DIGEST_KEY to at least {SHORTEST_KEY} characters, as from openssl rand -hex 32, and keep it"
        )
    digests.configure_digests(settings.digest_key)


def _check_proxies(settings: Settings) -> None:
    try:
        networks_of(settings.trusted_proxies)
    except ValueError as wrong:
        raise SettingUnusable(
            f"TRUSTED_PROXIES 应为逗号分隔的网段，如 10.0.0.0/8,::1 / set TRUSTED_PROXIES to networks: {wrong}"
        ) from None


def _clock(settings: Settings) -> Clock:
    if settings.demo_mode and settings.demo_clock:
        return ShiftedClock(settings.demo_clock)
    return SystemClock()


def _database(settings: Settings) -> Database:
    if settings.database_url is None:
        raise SettingUnusable(
            "DATABASE_URL is not set: `sanwang serve` starts the embedded server and sets it"
        )
    return Database(settings.database_url)


def _refuse_demo_accounts(settings: Settings) -> None:
    with db.transaction() as session:
        if not settings.demo_mode and identity.has_demo_accounts(session):
            raise SettingUnusable(
                "演示账号不能存在于演示模式之外 / demo accounts exist in this database but DEMO_MODE is off: "
                "use another database, or set DEMO_MODE=true for a demonstration"
            )


def refuse_other_keys() -> None:
    """Keep whoever holds other keys than this database's from starting: SettingUnusable names which."""
    with db.transaction() as session:
        if not opens_what_is_stored(session):
            raise SettingUnusable(OTHER_KEYS)
        if not digests_what_is_stored(session):
            raise SettingUnusable(OTHER_DIGESTS)
