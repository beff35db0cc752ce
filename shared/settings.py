"""What a process is told by its environment: typed, checked at start, secrets from files."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "RSOKO_"
MIB = 1024 * 1024
RATE = "60000/minute"


class SettingsWrong(Exception):
    """The environment cannot be used; the text is one Russian line that names the variable and the remedy."""


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _not_empty(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("нужен хотя бы один адрес")
    return value


def _region(value: str) -> str:
    if not (value.isascii() and value.isdecimal() and len(value) in {2, 3}):
        raise ValueError("нужен номер региона из двух или трёх цифр, например 74")
    return value


def _contact(value: str | None) -> str | None:
    if value is not None and not (value.isascii() and re.fullmatch(r"mailto:[^\s@]+@[^\s@]+|https://\S+", value)):
        raise ValueError("нужен адрес вида mailto:security@example.ru или https://example.ru/security")
    return value


Listed = Annotated[tuple[str, ...], BeforeValidator(_split)]


class _Files(PydanticBaseSettingsSource):
    """Reads `RSOKO_<NAME>_FILE` where the variable itself is not set (a mounted secret)."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        del field
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except OSError as error:
            name = f"{PREFIX}{field_name.upper()}_FILE"
            raise SettingsWrong(f"{name}: файл «{path}» не читается: {error.strerror}") from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """One process's settings; the field `x` is the variable `RSOKO_X`, or the file `RSOKO_X_FILE` names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", enable_decoding=False, env_ignore_empty=True
    )

    env: Literal["local", "production"] = Field(
        default="production",
        description="где работает процесс; local разрешает местного поставщика удостоверений",
    )
    role: Literal["all", "api", "worker"] = Field(
        default="all",
        description="что делает процесс: принимает запросы (api), слушает события (worker), всё (all)",
    )
    instance: str = Field(
        default="", description="постоянное имя процесса, например scoring-1; пусто: имя службы и «-1»"
    )
    kafka: Annotated[Listed, AfterValidator(_not_empty)] = Field(
        default=("127.0.0.1:9092",), description="адреса Kafka через запятую"
    )
    kafka_user: str | None = Field(default=None, description="имя для SASL/SCRAM; пусто: без входа")
    kafka_password: SecretStr | None = Field(default=None, description="пароль для SASL/SCRAM")
    kafka_ca: Path | None = Field(default=None, description="файл удостоверяющего центра Kafka; включает TLS")
    mongo: SecretStr = Field(
        default=SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0"), description="адрес MongoDB (URI)"
    )
    region: Annotated[str, AfterValidator(_region)] = Field(
        default="74",
        description="домашний регион: о нём ответ, когда другой не назван; задаётся до первых данных и не меняется",
    )
    issuer: str = Field(default="http://127.0.0.1:8006", description="адрес поставщика удостоверений OIDC")
    jwks: str | None = Field(
        default=None,
        description="адрес ключей, если он не тот, что поставщик называет сам (сеть контейнеров)",
    )
    audience: str = Field(default="rsoko", description="для кого выписаны токены (aud)")
    port_base: int = Field(default=8000, ge=1, le=65000, description="первый порт: портал 8000, реестр 8001 и далее")
    services: Listed = Field(
        default=(),
        description="адреса других служб через запятую, вида scoring=http://scoring:8003; пусто: 127.0.0.1 и свой порт",
    )
    public_url: str | None = Field(
        default=None, description="адрес, по которому портал открывают люди, например https://rsoko.example"
    )
    security_contact: Annotated[str | None, AfterValidator(_contact)] = Field(
        default=None,
        description="куда сообщать об уязвимостях: mailto: или https:, служба, а не человек; пусто: security.txt нет",
    )
    session_key: SecretStr | None = Field(
        default=None,
        description="ключ сеансов портала, не короче 32 знаков, один для всех процессов; при замене — новый,прежний",
    )
    oidc_client: str = Field(default="portal", description="имя портала у поставщика удостоверений (client_id)")
    oidc_secret: SecretStr | None = Field(
        default=None, description="секрет портала у поставщика удостоверений; пусто: открытый клиент с PKCE"
    )
    oidc_discovery: str | None = Field(
        default=None, description="адрес описания поставщика, если для портала он не тот, что у RSOKO_ISSUER"
    )
    webhook_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="ключ, которым запечатаны секреты вебхуков, не короче 32 знаков; при замене — новый,прежний",
    )
    signing_key: SecretStr | None = Field(
        default=None,
        description="закрытый ключ EC P-256 (PEM), которым подписано опубликованное; пусто: публиковать нельзя",
    )
    webhook_private: bool = Field(
        default=False, description="1: вебхукам можно вести на внутренние адреса, любые порты и http"
    )
    webhook_retry_seconds: float = Field(
        default=5.0, gt=0, le=3600, description="пауза перед второй попыткой вебхука; дальше втрое, до 6 часов"
    )
    webhook_retry_hours: float = Field(
        default=24.0, gt=0, le=168, description="сколько часов пытаться доставить сообщение вебхука"
    )
    streams_each: int = Field(
        default=50,
        ge=1,
        le=2000,
        description="сколько живых лент может держать открытыми один человек в одном процессе",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="подробность журнала")
    cors_origins: Listed = Field(default=(), description="порталы, которым можно звать API из браузера, через запятую")
    rate_limit: str | None = Field(
        default=None,
        pattern=r"^(off|[1-9]\d{0,8}/(second|minute|hour))$",
        description="запросов от клиента к одному процессу; пусто: 60000/minute, при RSOKO_ENV=local без предела (off)",
    )
    max_body: int = Field(
        default=MIB, ge=1024, le=256 * MIB, description="предел тела запроса в байтах, где у адреса нет своего"
    )
    drain_seconds: int = Field(default=10, ge=1, le=300, description="сколько секунд ждать начатое при остановке")

    @classmethod
    def settings_customise_sources(  # noqa: PLR0917 - pydantic-settings calls it so
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, _Files(settings_cls)

    @property
    def local(self) -> bool:
        """Whether this is a developer's machine."""
        return self.env == "local"

    @property
    def serves(self) -> bool:
        """Whether this process answers business requests over HTTP."""
        return self.role != "worker"

    @property
    def works(self) -> bool:
        """Whether this process listens to events and runs the relay."""
        return self.role != "api"

    @property
    def rate(self) -> str | None:
        """The limit of requests of one client, None where there is none."""
        chosen = self.rate_limit or ("off" if self.local else RATE)
        return None if chosen == "off" else chosen


_WORDS = {
    "literal_error": "можно одно из: {expected}",
    "int_parsing": "нужно целое число",
    "greater_than_equal": "не меньше {ge}",
    "less_than_equal": "не больше {le}",
    "string_pattern_mismatch": "нужно вида «600/minute» или «off»",
    "missing": "не задано",
}


def _sentence(error: Mapping[str, Any]) -> str:
    name = f"{PREFIX}{error['loc'][0]!s}".upper() if error["loc"] else "окружение"
    context = error.get("ctx") or {}
    words = _WORDS.get(error["type"], "{error}" if "error" in context else "значение не подходит").format(**context)
    return f"{name}: {words}".replace(" or ", " или ")


def load(**given: Any) -> Settings:
    """The settings from the environment, `given` fields above it; SettingsWrong with one line otherwise."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsWrong("; ".join(_sentence(dict(one)) for one in error.errors())) from None


def table() -> list[dict[str, str]]:
    """Every setting for the documentation: variable, default, meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = ",".join(default) if isinstance(default, tuple) else default
        rows.append(
            {
                "variable": f"{PREFIX}{name.upper()}",
                "default": "" if shown is None else str(shown),
                "meaning": field.description or "",
            }
        )
    return rows
