"""The scoring policy: how levels become a score. Data with an id, a version and a hash, stored with every result.

The standard gives neither weights nor a formula (DECISIONS, defect 12), so both are a named setting. A policy file:

    id: my-policy
    version: '1'
    title: 我的评分政策
    standard: db37-iiam
    place: middle                  # or floor: which score of its level's band a sub-item gets
    rate_subitems: ['1.1']         # sub-items whose score is the measured rate when it lies in the level's band
    weights:                       # may be left out; so may every node inside: its children then weigh the same
      domains: {基础设施层: 2/5, 数据管理层: 0.2, 应用服务层: 0.2, 业务创新层: 0.2}
      items: {应用服务层: {生产运营优化: 0.7, 供应链协同: 0.3}}
      subitems: {工业互联网软件: {'3.1': 1/3, '3.2': 1/3, '3.3': 1/3}}
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from knowledge.errors import KnowledgeError
from knowledge.model import Frozen, Standard, subitem_order

DEFAULT_POLICY = "equal"
PLACES: tuple[Literal["middle", "floor"], ...] = ("middle", "floor")
# Bounded digits: a weight such as 1e999999999 would otherwise be computed, exactly, until memory is gone.
NUMBER = re.compile(r"\d{1,18}(\.\d{1,18})?|\d{1,18}/\d{1,18}", re.ASCII)


class Weights(Frozen):
    """Shares of the children of each node, adding up to exactly one; the children of an absent node weigh the same.

    `domains`: of the total, by domain name; `items`: by domain name, then item name; `subitems`: by item name, then
    sub-item code.
    """

    domains: dict[str, Fraction] = Field(default_factory=dict)
    items: dict[str, dict[str, Fraction]] = Field(default_factory=dict)
    subitems: dict[str, dict[str, Fraction]] = Field(default_factory=dict)


class ScoringPolicy(Frozen):
    """评分政策 for one standard (its id). `weights` None: every node's children weigh the same (DECISIONS).

    `rate_subitems`: codes whose score is the measured rate, when one is given. `place`: where in its level's band
    every other sub-item stands.
    """

    id: str
    version: str
    title: str
    standard: str
    weights: Weights | None = None
    rate_subitems: tuple[str, ...] = ()
    place: Literal["middle", "floor"] = "middle"

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, of the canonical JSON: 0.25 or 1/4, and the order of keys, make no difference."""
        canonical = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def parse_policy(data: object, standard: Standard) -> ScoringPolicy:
    """A policy from plain data (the form above), checked against its standard.

    Raises KnowledgeError naming the field, domain, item or sub-item that is unknown, missing or does not add up.
    """
    fields = _mapping(data, "评分政策")
    _known(fields, ScoringPolicy.model_fields, "评分政策", "字段")
    texts = {name: _text(fields, name) for name in ("id", "version", "title", "standard")}
    if texts["standard"] != standard.id:
        raise KnowledgeError(f"评分政策“{texts['id']}”用于标准 {texts['standard']}，不能用于 {standard.id}。")
    place = next((p for p in PLACES if p == fields.get("place", PLACES[0])), None)
    if place is None:
        raise KnowledgeError(f"评分政策的 place 只能是 {' 或 '.join(PLACES)}，写的是“{fields['place']}”。")
    weights = fields.get("weights")
    return ScoringPolicy(
        **texts,
        weights=None if weights in (None, "") else _weights(weights, standard),
        rate_subitems=_rate_subitems(fields.get("rate_subitems") or [], standard),
        place=place,
    )


def shipped_policies(folder: Path) -> tuple[str, ...]:
    """Ids of the policies that a standard's folder brings."""
    return tuple(sorted(path.stem for path in (folder / "policies").glob("*.yaml")))


def load_policy(path_or_id: str | Path, standard: Standard, folder: Path | None = None) -> ScoringPolicy:
    """The policy in a YAML file, or one of the standard's own by id (`equal` is the default policy).

    `folder` is the standard's folder, by default the packaged one of that id. Raises KnowledgeError.
    """
    shipped = (folder or Path(__file__).parent / "standards" / standard.id) / "policies"
    name = str(path_or_id)
    path = Path(path_or_id) if path_or_id != Path(name).stem else shipped / f"{name}.yaml"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        ids = "、".join(sorted(p.stem for p in shipped.glob("*.yaml"))) or "（无）"
        raise KnowledgeError(f"读不到评分政策“{name}”。请给出 YAML 文件，或本标准自带的政策：{ids}。") from error
    try:
        return parse_policy(_read_yaml(text), standard)
    except KnowledgeError as error:
        raise KnowledgeError(f"{path.name}：{error}") from error


def _read_yaml(text: str) -> object:
    """YAML with every scalar as the text that stands there: `1.10` stays a code, `0.1` an exact number."""
    import yaml

    class Loader(yaml.BaseLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise KnowledgeError(f"第 {key.start_mark.line + 1} 行：“{key.value}”写了两次，请只留一处。")
                seen.add(key.value)
            mapping: dict[object, object] = super().construct_mapping(node, deep=True)
            return mapping

    try:
        return yaml.load(text, Loader)  # noqa: S506 - a BaseLoader makes nothing but text, lists and mappings
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(f"第 {line} 行附近不是合法的 YAML，请检查缩进、冒号和引号。") from error
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        raise KnowledgeError("不是合法的 YAML，请检查有无特殊字符、键是否都是文字。") from error


def _weights(data: object, standard: Standard) -> Weights:
    nodes = _mapping(data, "weights")
    _known(nodes, Weights.model_fields, "weights", "字段")
    names = [d.name for d in standard.domains]
    items = {d.name: [i.name for i in d.items] for d in standard.domains}
    subitems = {i.name: [s.code for s in i.subitems] for i in standard.items()}
    return Weights(
        domains=_shares(nodes["domains"], names, "weights.domains") if nodes.get("domains") else {},
        items=_inner(nodes.get("items"), items, "weights.items", "能力域"),
        subitems=_inner(nodes.get("subitems"), subitems, "weights.subitems", "能力项"),
    )


def _inner(data: object, children: Mapping[str, list[str]], where: str, kind: str) -> dict[str, dict[str, Fraction]]:
    nodes = _mapping(data or {}, where)
    _known(nodes, children, where, kind)
    return {name: _shares(node, children[name], f"{where}.{name}") for name, node in nodes.items()}


def _shares(data: object, children: Collection[str], where: str) -> dict[str, Fraction]:
    given = _mapping(data, where)
    _known(given, children, where, "下级")
    if missing := [name for name in children if name not in given]:
        raise KnowledgeError(f"{where} 缺少{_quoted(missing)}的权重。要写就写全这一级，或整级不写（等权）。")
    shares = {name: _share(given[name], f"{where}.{name}") for name in children}
    if (total := sum(shares.values())) != 1:
        raise KnowledgeError(f"{where} 的权重合计为 {total}（约 {float(total):.6g}），必须恰好等于 1；三等分请写 1/3。")
    return shares


def _share(value: object, where: str) -> Fraction:
    number = not isinstance(value, bool) and isinstance(value, int | float | Decimal | Fraction | str)
    text = f"{Decimal(repr(value)):f}" if number and isinstance(value, float) else str(value).strip() if number else ""
    if not NUMBER.fullmatch(text) or re.search(r"/0+$", text):
        raise KnowledgeError(f"{where} 的权重“{value}”不是数，请写成 0.25 或 1/3 这样的正数。")
    if (share := Fraction(text)) == 0:
        raise KnowledgeError(f"{where} 的权重不能为 0。不计分的部分由复核人标为不适用，并写明理由。")
    return share


def _rate_subitems(data: object, standard: Standard) -> tuple[str, ...]:
    if not isinstance(data, list | tuple) or not all(isinstance(code, str) for code in data):
        raise KnowledgeError("rate_subitems 须是能力子项编号的列表，如 ['1.1', '2.1']。")
    _known(data, standard.subitems, "rate_subitems", "能力子项")
    if silent := [code for code in data if standard.subitems[code].rate_of is None]:
        raise KnowledgeError(f"rate_subitems 中的{_quoted(silent)}，其条款不涉及比例，不能按实测比例计分。")
    return tuple(sorted(set(data), key=subitem_order))


def _mapping(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise KnowledgeError(f"{where} 须是“名称: 值”的对照表，编号作名称时要加引号。")
    return data


def _known(names: Collection[str], known: Collection[str], where: str, kind: str) -> None:
    if unknown := [name for name in names if name not in known]:
        raise KnowledgeError(f"{where} 中没有名为{_quoted(unknown)}的{kind}，可用的是：{'、'.join(known)}。")


def _quoted(names: Collection[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise KnowledgeError(f"评分政策缺少 {name}，请补上一段文字。")
    return str(value).strip()
