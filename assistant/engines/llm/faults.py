"""What can go wrong with an endpoint, and how that is told: one line of what happened, one of what to do."""

from __future__ import annotations

from enum import StrEnum

from assistant.assessment.usage import Call
from assistant.errors import IiamError


class Fault(StrEnum):
    """Why a call of a model came to nothing."""

    UNREACHABLE = "unreachable"
    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    AUTH = "auth"
    FORBIDDEN = "forbidden"
    MODEL = "model"
    RATE_LIMIT = "rate_limit"
    SERVER = "server"
    BAD_REQUEST = "bad_request"
    EMPTY = "empty"
    NOT_JSON = "not_json"
    TOO_LONG = "too_long"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    BUDGET = "budget"
    OPEN = "open"
    CASSETTE = "cassette"
    OTHER = "other"


TOLD = {
    Fault.UNREACHABLE: "连不上大模型接口",
    Fault.DNS: "大模型接口的主机名解析不了",
    Fault.TLS: "与大模型接口的加密连接没有建立起来",
    Fault.TIMEOUT: "大模型接口没有在限定时间内答复",
    Fault.AUTH: "大模型接口不认这个密钥",
    Fault.FORBIDDEN: "大模型接口不允许这个密钥使用该模型，或余额不足",
    Fault.MODEL: "大模型接口上没有这个模型或地址",
    Fault.RATE_LIMIT: "大模型接口限流或额度已用完",
    Fault.SERVER: "大模型接口内部出错",
    Fault.BAD_REQUEST: "大模型接口不接受这个请求",
    Fault.EMPTY: "大模型的答复是空的",
    Fault.NOT_JSON: "大模型的答复不是所要的格式",
    Fault.TOO_LONG: "大模型的答复过长，已截断不用",
    Fault.TRUNCATED: "大模型的答复没有写完就到了长度上限",
    Fault.REFUSED: "大模型拒绝回答",
    Fault.BUDGET: "大模型的调用额度已用完",
    Fault.OPEN: "大模型接口连续出错，暂停使用",
    Fault.CASSETTE: "没有录下这次大模型调用",
    Fault.OTHER: "大模型接口的答复无法识别",
}
ADVICE = {
    Fault.UNREACHABLE: "请检查 IIAM_LLM_BASE_URL 的地址和端口、网络，以及接口服务是否已启动",
    Fault.DNS: "请检查 IIAM_LLM_BASE_URL 的主机名和本机的网络、DNS 设置",
    Fault.TLS: "请检查 IIAM_LLM_BASE_URL 该用 http 还是 https，以及证书是否有效",
    Fault.TIMEOUT: "稍后再试；若常常如此，请换更快的模型、关闭思考模式或放宽时限",
    Fault.AUTH: "请检查 IIAM_LLM_API_KEY",
    Fault.FORBIDDEN: "请检查密钥的权限和账户余额，或换一个模型（IIAM_LLM_MODEL）",
    Fault.MODEL: "请检查 IIAM_LLM_MODEL，以及 IIAM_LLM_BASE_URL 的路径（通常以 /v1 结尾）",
    Fault.RATE_LIMIT: "请稍后再试，或检查账户的额度",
    Fault.SERVER: "请稍后再试；若一直如此，请查看接口服务的日志或状态页",
    Fault.BAD_REQUEST: "请运行 iiam doctor 查看接口支持什么，或换一个模型",
    Fault.EMPTY: "若常常如此，请换一个模型，或检查接口的思考模式设置",
    Fault.NOT_JSON: "若常常如此，请换一个更善于结构化输出的模型",
    Fault.TOO_LONG: "若常常如此，请换一个模型",
    Fault.TRUNCATED: "若常常如此，请关闭思考模式或换一个模型",
    Fault.REFUSED: "若常常如此，请换一个模型",
    Fault.BUDGET: "可放宽额度设置，或继续用规则引擎",
    Fault.OPEN: "请运行 iiam doctor 查看原因",
    Fault.CASSETTE: "请检查录音文件夹，或用 IIAM_LLM_CASSETTE=record 重新录制",
    Fault.OTHER: "请检查 IIAM_LLM_BASE_URL 是否是 OpenAI 兼容接口的地址",
}


class EndpointError(IiamError):
    """A call of a model that came to nothing.

    `told` and `advice` are one Chinese line each, free of keys; `calls` what was spent on it; `text` what the model did
    say (of a refused request: the endpoint), `faults` what was wrong with that, for a repair; `shown` is true when a
    person has seen part of it; `after` are the seconds the endpoint asked to be left alone.
    """

    def __init__(
        self,
        kind: Fault,
        detail: str = "",
        *,
        text: str = "",
        faults: tuple[str, ...] = (),
        calls: tuple[Call, ...] = (),
        after: float | None = None,
    ) -> None:
        self.kind = kind
        self.detail = detail
        self.told = f"{TOLD[kind]}（{detail}）" if detail else TOLD[kind]
        self.advice = ADVICE[kind]
        self.text = text
        self.faults = faults
        self.calls = calls
        self.shown = False
        self.after = after
        super().__init__(f"{self.told}。{self.advice}。")


class CassetteMiss(EndpointError):
    """Replay was asked for a call that was never recorded. Not to be hidden by a fall-back: the test is then void."""

    def __init__(self, detail: str) -> None:
        super().__init__(Fault.CASSETTE, detail)
