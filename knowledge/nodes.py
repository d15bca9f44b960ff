"""Typed access to a YAML file that collects problems with their lines instead of stopping at the first."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from unicodedata import category

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from knowledge.errors import Problem

FULL = 100
TAG = "tag:yaml.org,2002:"
OPENERS = ("while scanning a simple key", "while scanning a quoted scalar", "while parsing a flow")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
MISREAD = {"float": "小数", "int": "整数", "bool": "是/否值", "timestamp": "日期"}


class Sheet:
    """One YAML file being read.

    `problems` grows as values are asked for; `lines` is where later checks find the line of a code they speak of.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}

    def report(self, place: Node | int, code: str, message: str) -> None:
        """Record a problem at a node or a line."""
        line = place if isinstance(place, int) else place.start_mark.line + 1
        self.problems.append(Problem(self.file, line, code, message))

    def mark(self, key: str, node: Node) -> None:
        """Remember the line of `key` (a code, or `code/field`)."""
        self.lines[key] = node.start_mark.line + 1

    def compose(self, path: Path) -> Node | None:
        """Root node of the file, or None with the problem recorded: missing, not UTF-8, bad syntax, empty."""
        text = read_text(path, self.problems)
        if text is None:
            return None
        try:
            root: Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            message = f"YAML 写法有误（{_error_text(error)}），请检查此行和上一行的缩进、冒号，以及前面的引号是否成对"
            self.report(_error_line(error, text), "", message)
            return None
        if root is None:
            self.report(0, "", "文件是空的")
        return root

    def fields(
        self, node: Node, code: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Node]:
        """Values of a mapping by key; unknown, repeated and missing keys are problems."""
        if not isinstance(node, MappingNode):
            self.report(node, code, f"这里应为“键: 值”的形式，需要的键：{'、'.join(required)}")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in required + optional:
                self.report(key, code, f"不认识的键“{name}”，可用的键：{'、'.join(required + optional)}")
            elif name in found:
                self.report(key, code, f"键“{name}”重复")
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.report(node, code, f"缺少键“{name}”")
        return found

    def sequence(self, node: Node | None, code: str, key: str) -> list[Node]:
        """Nodes of a list; an absent node is an empty list."""
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self.report(node, code, f"“{key}”应为列表（每项以“- ”开头）")
            return []
        return list(node.value)

    def text(self, node: Node | None, code: str, key: str) -> str:
        """A non-empty single-line string; a code without quotes (1.10) would be a number and is a problem."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode) or node.tag == f"{TAG}null":
            self.report(node, code, f"“{key}”不能为空，应为文字")
            return ""
        raw = str(node.value)
        if node.tag != f"{TAG}str":
            kind = MISREAD.get(node.tag.removeprefix(TAG), "别的类型")
            self.report(node, code, f"“{key}”的 {raw} 没有加引号，会被读成{kind}，请写成 '{raw}'")
        elif not raw or raw != raw.strip() or any(category(c) in UNSEEN for c in raw):
            self.report(node, code, f"“{key}”为空，或首尾有空白，或含有换行、零宽字符等看不见的字符：{raw[:20]!r}")
        return raw

    def texts(self, node: Node | None, code: str, key: str) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(self.text(item, code, key) for item in self.sequence(node, code, key))

    def integer(self, node: Node | None, code: str, key: str) -> int:
        """A whole number, not negative."""
        if node is None:
            return 0
        if isinstance(node, ScalarNode) and node.tag == f"{TAG}int" and node.value.isdecimal():
            return int(node.value)
        self.report(node, code, f"“{key}”应为不小于 0 的整数，且不加引号")
        return 0

    def band(self, node: Node | None, code: str) -> tuple[Decimal, Decimal]:
        """A band of percent `[lower, upper]`, 0 <= lower < upper <= 100, kept as exact decimals."""
        try:
            low, high = (Decimal(str(end.value)) for end in self.sequence(node, code, "band"))
            if 0 <= low < high <= FULL:
                return low, high
        except (ValueError, InvalidOperation):
            pass
        if node is not None:
            self.report(node, code, "“band”应为 [下限, 上限] 两个数，且 0 ≤ 下限 < 上限 ≤ 100")
        return Decimal(0), Decimal(0)


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Text of a UTF-8 file (a byte-order mark is dropped), or None with the problem recorded."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.append(Problem(path.name, 0, "", "文件不存在，请放入标准所在的文件夹"))
        return None
    except OSError as error:
        problems.append(Problem(path.name, 0, "", f"文件无法读取（{error.strerror}），请检查文件类型和权限"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(Problem(path.name, line, "", "不是 UTF-8 编码，请另存为 UTF-8"))
        return None


def _error_line(error: yaml.YAMLError, text: str) -> int:
    """Line of a syntax error: where the open token began, else where reading stopped."""
    mark = getattr(error, "problem_mark", None)
    if str(getattr(error, "context", "")).startswith(OPENERS):
        mark = getattr(error, "context_mark", None) or mark
    if mark is not None:
        return int(mark.line) + 1
    return text.encode()[: getattr(error, "position", 0)].count(b"\n") + 1


def _error_text(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
