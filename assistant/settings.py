"""Settings: one frozen object, from the environment (prefix IIAM_) and a `.env` file in the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import InputError


class Settings(BaseSettings):
    """Everything that can be set. Nothing needs to be: the defaults work offline, without a key."""

    model_config = SettingsConfigDict(
        env_prefix="IIAM_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # an empty IIAM_HOME would be the working folder
        frozen=True,
        extra="ignore",
    )

    home: Path = Field(
        default_factory=lambda: user_data_path("iiam", appauthor=False),
        description="数据文件夹：评估数据库与检索索引都在这里",
    )
    database_url: str = Field(
        default="", description="数据库地址；留空时用数据文件夹中的 SQLite，也可填 postgresql:// 地址"
    )
    standard: Path | None = Field(default=None, description="标准文件夹；留空时用自带的 DB37 标准")
    policy: str = Field(default="", description="评分政策：自带政策的编号或 YAML 文件路径；留空时用标准的默认政策")
    actor: str = Field(default="", description="操作人姓名，写入记录；留空时用系统用户名")
    four_eyes: Literal["auto", "on", "off"] = Field(
        default="auto", description="访谈人不得签发自己访谈的评估：on 是、off 否、auto 有账号时是"
    )
    llm_base_url: str = Field(default="", description="模型接口地址（OpenAI 兼容，多以 /v1 结尾）；留空时只用规则引擎")
    llm_api_key: SecretStr = Field(default=SecretStr(""), description="模型接口密钥；本机的模型服务多不需要")
    llm_model: str = Field(default="", description="模型名称")
    llm_provider: str = Field(
        default="", description="模型服务的类型：openai、deepseek、dashscope、ollama、vllm 或 generic；留空时按地址判断"
    )
    llm_timeout: float = Field(default=45.0, gt=0, description="一次调用连同重试最多等的秒数，到时由规则引擎接着")
    llm_tokens: int = Field(default=1_500_000, ge=0, description="一份评估最多用的 token 数")
    llm_calls: int = Field(default=1_500, ge=0, description="一份评估最多调用模型的次数")
    llm_cassette: Literal["off", "record", "replay"] = Field(
        default="off", description="模型调用的录制（record）与回放（replay），供测试用"
    )
    llm_cassette_dir: Path | None = Field(default=None, description="录制与回放的文件夹；留空时在数据文件夹中")
    embed_base_url: str = Field(default="", description="向量接口地址（OpenAI 兼容）；留空时用自带的离线向量")
    embed_api_key: SecretStr = Field(default=SecretStr(""), description="向量接口密钥")
    embed_model: str = Field(default="", description="向量模型名称")

    @field_validator("database_url")
    @classmethod
    def _has_scheme(cls, value: str) -> str:
        if value and "://" not in value:
            raise ValueError("sqlite:///… or postgresql://…")  # else SQLite would make a file of that name
        return value

    @field_validator("llm_base_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("http://… or https://…")
        return value.strip()

    _problem: str = PrivateAttr(default="")

    @property
    def llm_problem(self) -> str:
        """The settings of the model endpoint that could not be used, in Chinese; empty when there are none."""
        return self._problem

    @property
    def database(self) -> str | Path:
        """The database in use: its URL, or the SQLite file in the data folder."""
        return self.database_url or self.home / "iiam.sqlite3"


def load_settings(**overrides: Any) -> Settings:
    """Settings from environment and `.env`. Raises InputError naming each setting that cannot be used.

    Wrong settings of the model endpoint stop nothing: they are left out, and `llm_problem` says which.
    """
    try:
        return Settings(**overrides)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("当前文件夹中的 .env 文件读不出来。请确认它是 UTF-8 编码的文本文件，并且可以读取。") from error
    except ValidationError as error:
        wrong = {str(e["loc"][0]): Settings.model_fields[str(e["loc"][0])] for e in error.errors()}
        listed = "；".join(f"IIAM_{name.upper()}（{field.description}）" for name, field in wrong.items())
        if all(name.startswith("llm_") for name in wrong):
            spared = {name: field.default for name, field in wrong.items()}
            settings = Settings(**{**overrides, **spared})
            settings._problem = listed
            return settings
        raise InputError(f"设置有误：{listed}。请检查环境变量或 .env 文件。") from error
