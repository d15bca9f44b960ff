"""Scoring policies: read from data, checked against the standard, known by their hash."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.loader import load_standard
from knowledge.policy import DEFAULT_POLICY, ScoringPolicy, Weights, load_policy, parse_policy

STANDARD = load_standard()
UNEQUAL = Path(__file__).parents[1] / "data" / "policy-unequal.yaml"
DOMAINS = ["基础设施层", "数据管理层", "应用服务层", "业务创新层"]
HEAD = {"id": "mine", "version": "1", "title": "自定", "standard": "db37-iiam"}


def shares(*values: object) -> dict[str, object]:
    return dict(zip(DOMAINS, values, strict=True))


def weighted(**weights: object) -> dict[str, object]:
    return HEAD | {"weights": weights}


def test_the_default_policy_is_that_of_decisions() -> None:
    policy = load_policy(DEFAULT_POLICY, STANDARD)
    assert policy == ScoringPolicy(
        id="equal",
        version="1",
        title="等权评分政策（默认）",
        standard="db37-iiam",
        weights=None,
        rate_subitems=("1.1", "2.1", "3.1", "4.1", "4.2"),
        place="middle",
    )


def test_the_default_policy_counts_every_rate_that_the_standard_speaks_of() -> None:
    policy = load_policy(DEFAULT_POLICY, STANDARD)
    assert list(policy.rate_subitems) == [code for code, s in STANDARD.subitems.items() if s.rate_of is not None]


def test_a_policy_file_with_unequal_weights() -> None:
    policy = load_policy(UNEQUAL, STANDARD)
    assert load_policy(str(UNEQUAL), STANDARD) == policy
    assert policy.version == "2024-06"
    assert policy.rate_subitems == ("1.1",)
    assert policy.weights is not None
    assert policy.weights.domains == shares(Fraction(2, 5), Fraction(3, 10), Fraction(1, 5), Fraction(1, 10))
    assert list(policy.weights.items) == ["应用服务层", "基础设施层"]
    assert policy.weights.subitems["工业互联网软件"] == {
        "3.1": Fraction(1, 2),
        "3.2": Fraction(1, 3),
        "3.3": Fraction(1, 6),
    }


@pytest.mark.parametrize(
    ("written", "exact"),
    [("1/4", Fraction(1, 4)), ("0.25", Fraction(1, 4)), (0.25, Fraction(1, 4)), (Decimal("0.25"), Fraction(1, 4))],
)
def test_a_weight_is_read_exactly_as_written(written: object, exact: Fraction) -> None:
    policy = parse_policy(weighted(domains=shares(written, "1/4", "1/4", "1/4")), STANDARD)
    assert policy.weights == Weights(domains=dict.fromkeys(DOMAINS, exact))


def test_a_float_means_the_decimal_it_prints_as() -> None:
    policy = parse_policy(weighted(domains=shares(0.1, 0.2, 0.3, 0.4)), STANDARD)
    assert policy.weights is not None
    assert policy.weights.domains["基础设施层"] == Fraction(1, 10)


def test_a_whole_number_is_a_weight_of_an_only_child() -> None:
    policy = parse_policy(weighted(subitems={"数据采集": {"6.1": 1}}), STANDARD)
    assert policy.weights == Weights(subitems={"数据采集": {"6.1": Fraction(1)}})


@pytest.mark.parametrize("weights", [None, "", {}, {"domains": None, "items": "", "subitems": {}}])
def test_weights_left_out_are_equal(weights: object) -> None:
    policy = parse_policy(HEAD | {"weights": weights}, STANDARD)
    assert (policy.weights or Weights()) == Weights()


def test_the_digest_is_of_the_meaning_not_of_the_writing() -> None:
    one = parse_policy(weighted(domains=shares("0.1", "0.2", "0.3", "0.4")), STANDARD)
    other = parse_policy(
        weighted(domains=dict(reversed(shares("1/10", "2/10", 0.3, Decimal("0.40")).items()))), STANDARD
    )
    changed = parse_policy(weighted(domains=shares("0.2", "0.1", "0.3", "0.4")), STANDARD)
    assert one.digest == other.digest != changed.digest
    canonical = (
        '{"id":"mine","place":"middle","rate_subitems":[],"standard":"db37-iiam","title":"自定","version":"1","weights":'
        '{"domains":{"业务创新层":"2/5","基础设施层":"1/10","应用服务层":"3/10","数据管理层":"1/5"},"items":{},"subitems":{}}}'
    )
    assert one.digest == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_policy_survives_its_own_json() -> None:
    policy = load_policy(UNEQUAL, STANDARD)
    again = ScoringPolicy.model_validate_json(policy.model_dump_json())
    assert (again, again.digest) == (policy, policy.digest)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "评分政策 须是“名称: 值”的对照表，编号作名称时要加引号。"),
        ([], "评分政策 须是“名称: 值”的对照表，编号作名称时要加引号。"),
        (HEAD | {"id": ""}, "评分政策缺少 id，请补上一段文字。"),
        (HEAD | {"title": None}, "评分政策缺少 title，请补上一段文字。"),
        (HEAD | {"standard": "gb-9"}, "评分政策“mine”用于标准 gb-9，不能用于 db37-iiam。"),
        (HEAD | {"place": "ceiling"}, "评分政策的 place 只能是 middle 或 floor，写的是“ceiling”。"),
        (
            HEAD | {"weight": {}},
            "评分政策 中没有名为“weight”的字段，"
            "可用的是：id、version、title、standard、weights、rate_subitems、place。",
        ),
        (HEAD | {"weights": [1]}, "weights 须是“名称: 值”的对照表，编号作名称时要加引号。"),
        (weighted(layers={}), "weights 中没有名为“layers”的字段，可用的是：domains、items、subitems。"),
        (
            weighted(domains=shares(1, 1, 1, 1) | {"管理层": 1}),
            "weights.domains 中没有名为“管理层”的下级，可用的是：基础设施层、数据管理层、应用服务层、业务创新层。",
        ),
        (
            weighted(domains={"基础设施层": "1/2", "数据管理层": "1/2"}),
            "weights.domains 缺少“应用服务层”、“业务创新层”的权重。要写就写全这一级，或整级不写（等权）。",
        ),
        (
            weighted(domains=shares("0.25", "0.25", "0.25", "0.26")),
            "weights.domains 的权重合计为 101/100（约 1.01），必须恰好等于 1；三等分请写 1/3。",
        ),
        (
            weighted(subitems={"工业互联网软件": {"3.1": 0.333333, "3.2": 0.333333, "3.3": 0.333333}}),
            "weights.subitems.工业互联网软件 的权重合计为 999999/1000000（约 0.999999），"
            "必须恰好等于 1；三等分请写 1/3。",
        ),
        (
            weighted(subitems={"数据采集": {"6.1": "0.5", "9.9": "0.5"}}),
            "weights.subitems.数据采集 中没有名为“9.9”的下级，可用的是：6.1。",
        ),
        (
            weighted(items={"应用服务层": {"生产运营优化": 1, "供应链协同": 0}}),
            "weights.items.应用服务层.供应链协同 的权重不能为 0。不计分的部分由复核人标为不适用，并写明理由。",
        ),
        (
            weighted(items={"应用层": {"生产运营优化": 1}}),
            "weights.items 中没有名为“应用层”的能力域，可用的是：基础设施层、数据管理层、应用服务层、业务创新层。",
        ),
        (HEAD | {"rate_subitems": "1.1"}, "rate_subitems 须是能力子项编号的列表，如 ['1.1', '2.1']。"),
        (HEAD | {"rate_subitems": [1.1]}, "rate_subitems 须是能力子项编号的列表，如 ['1.1', '2.1']。"),
        (
            HEAD | {"rate_subitems": ["1.1", "5.1"]},
            "rate_subitems 中的“5.1”，其条款不涉及比例，不能按实测比例计分。",
        ),
    ],
)
def test_an_error_names_what_is_wrong(data: object, message: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_policy(data, STANDARD)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "weight",
    [True, None, "a", "", "-1/4", "1/0", "25%", "1e-1", float("nan"), float("inf"), 1e-300, "1" * 40, [1], "²"],
)
def test_what_is_no_weight_is_refused(weight: object) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_policy(weighted(domains=shares(weight, "1/4", "1/4", "1/4")), STANDARD)
    expected = f"weights.domains.基础设施层 的权重“{weight}”不是数，请写成 0.25 或 1/3 这样的正数。"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: [", "p.yaml：第 1 行附近不是合法的 YAML，请检查缩进、冒号和引号。"),
        ("id: a\nid: b\n", "p.yaml：第 2 行：“id”写了两次，请只留一处。"),
        ("a: &a\n  b: *a\n", "p.yaml：第 1 行附近不是合法的 YAML，请检查缩进、冒号和引号。"),
        ("? [a]\n: b\n", "p.yaml：不是合法的 YAML，请检查有无特殊字符、键是否都是文字。"),
        ("id: \x01", "p.yaml：不是合法的 YAML，请检查有无特殊字符、键是否都是文字。"),
        ("", "p.yaml：评分政策 须是“名称: 值”的对照表，编号作名称时要加引号。"),
    ],
)
def test_a_bad_file_is_an_error_with_its_name(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_policy(path, STANDARD)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["nobody", "", "no/such.yaml", "a\x00b"])
def test_a_missing_policy_lists_those_there_are(name: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_policy(name, STANDARD)
    assert str(caught.value) == f"读不到评分政策“{name}”。请给出 YAML 文件，或本标准自带的政策：equal。"


def test_policies_of_a_standard_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.yaml").write_bytes(UNEQUAL.read_bytes())
    assert load_policy("own", STANDARD, tmp_path) == load_policy(UNEQUAL, STANDARD)


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes("标题".encode("gbk"))
    with pytest.raises(KnowledgeError, match="读不到评分政策"):
        load_policy(path, STANDARD)
