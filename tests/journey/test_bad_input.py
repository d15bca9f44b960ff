"""Bad input from the command line: a clear Chinese message and exit code 2, no traceback, nothing lost."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest

from evals.terminal import environment
from tests.journey.batch import ROOT, Case, Done, run_all
from tests.journey.warm import iiam

UNKNOWN = "没有编号为“nope”的评估。用 iiam list 查看全部评估。"
NO_ROW = "没有能力子项“9.9”。用 iiam standard 查看全部编号。"
ONE_TO_FIVE = "须是 1 到 5 的整数。"
NOT_UTF8 = "命令里有无法识别的字符（不是 UTF-8 文字），没有执行。请检查终端的编码后重新输入。"
A_FILE = r"数据文件夹 .*/file 无法建立（那里是一个文件，不是文件夹）。请用 IIAM_HOME 指定一个可写的文件夹。"
DAMAGED = (
    r"数据库文件 .*/iiam.sqlite3 已损坏（.+），程序没有改动它。请先把它和同名的 -wal、-shm 文件一起复制到别处保存，"
    r"再把它们移走，从备份或 iiam export 导出的文件恢复；急用时可设置环境变量 IIAM_HOME，换一个数据文件夹先工作。"
)
CANNOT_WRITE = r"(数据库 .* 不能写入|打不开数据库 .*|数据文件夹 .* 无法建立).*IIAM_HOME.*"
URL = r"数据库地址无法使用（.+）。请检查地址的写法，并确认已安装这种数据库的驱动；不填地址则使用本机文件。"


def usage(text: str, command: str) -> str:
    return re.escape(f"{text}\n查看用法：iiam{command} --help")


# What is typed -> the whole of what is said. {id}: an assessment; {dir}: a folder of files, see `files`.
ARGUMENTS: dict[str, str] = {
    # unknown assessments and sub-items
    **{
        f"{command}": re.escape(UNKNOWN)
        for command in (
            "interview nope",
            "show nope",
            "show nope 1.1",
            "confirm nope",
            "confirm nope --all",
            "grade nope",
            "log nope",
            "log nope --verify",
            "export nope {dir}/new.jsonl",
        )
    },
    "interview ../../nope": re.escape(UNKNOWN.replace("nope", "../../nope")),
    "show \udcff\udcfe": NOT_UTF8,
    "show {id} 9.9": re.escape(NO_ROW),
    "confirm {id} 9.9": re.escape(NO_ROW),
    "interview {id} --topic 9.9": re.escape(NO_ROW),
    "standard 9.9": "没有能力子项“9.9”。不带编号运行 iiam standard 可看全部编号。",
    "search 设备 --subitem 9.9": "(检索索引缺失，已重建.*\n)?没有能力子项“9.9”，可选：1.1、1.2.*、13.1。",
    "search 设备 --domain 无": "没有能力域“无”，可选：基础设施层、数据管理层、应用服务层、业务创新层。",
    "search ，。": "没有可检索的文字：请输入词句，例如“设备联网率”，只有标点或符号时无法检索。",
    # names
    "new ": "请填写企业名称。",
    "new \x01\x02": "请填写企业名称。",
    f"new {'长' * 10_000}": "企业名称有 10000 字，最多 200 字。请写全称或简称，没有建立评估。",
    f"new 厂 --industry {'长' * 201}": "所属行业有 201 字，最多 200 字。请写全称或简称，没有建立评估。",
    # decisions
    "confirm {id}": "请给出要复核的子项编号，如 iiam confirm 编号 1.1；或用 --all 确认全部建议。",
    "confirm {id} 1.2": "1.2 还没有建议等级，不能直接确认。请继续访谈，或用 --level 指定等级并写明 --reason。",
    "confirm {id} 1.2 --level 3": "1.2 所定等级与建议不同（或尚无建议），必须写明理由。",
    "confirm {id} 1.2 --level 3 --reason 看过 --score NaN": "得分“NaN”不是数字。",
    "confirm {id} 1.2 --level 3 --reason 看过 --score 99": re.escape("1.2 的得分 99 不在 L3 的分数段 [40, 60) 内。"),
    "confirm {id} 1.2 --level 3 --na": "--level 与 --na 不能同时使用。",
    "confirm {id} 1.2 --withdraw": "1.2 没有可撤销的决定，什么都没有撤销。",
    "confirm {id} 1.2 --level 6": usage(f"参数 --level 的值不合用，{ONE_TO_FIVE}", " confirm"),
    # files of levels
    "grade {dir}/missing.json": "没有文件 .*/missing.json。",
    "grade {dir}/garbage": "文件 .*/garbage 读不出来，请确认是 UTF-8 编码的 JSON 文件。",
    "grade {dir}/empty": "第 1 行第 1 列附近不是合法的 JSON。请检查此处的引号、逗号和括号。",
    "grade {dir}/broken.json": "第 2 行第 1 列附近不是合法的 JSON。请检查此处的引号、逗号和括号。",
    "grade {dir}/code.json": "没有能力子项“99.9”。用 iiam standard 查看全部编号。",
    "grade {dir}/level.json": "“1.1”的等级须是 1 到 5 的整数，收到的是 6。未定的子项不写即可。",
    "grade {dir}/rate.json": re.escape("1.1 的比例 70 不在 L3 的分数段 [40, 60) 内。请核对等级与比例。"),
    "grade {id} --policy nope": "读不到评分政策“nope”。请给出 YAML 文件，或本标准自带的政策：equal。",
    # records
    "import {dir}/missing.jsonl": "文件 .*/missing.jsonl 打不开（没有这个文件或文件夹）。请检查文件名。",
    "import {dir}/garbage": "文件不是 UTF-8 文本，不是由 iiam export 导出的记录。",
    "import {dir}/empty": "文件是空的，没有可导入的记录。",
    "import {dir}/broken.json": "文件第 1 行不是评估记录，无法导入。请确认文件由 iiam export 导出且未被改动。",
    "import {dir}/record.jsonl": "本机已有编号为 {id} 的评估，没有导入，已有的记录没有改动。",
    "import {dir}": usage("参数 文件 的值不合用，须是能读写的文件，不能是文件夹。", " import"),
    "export {id} {dir}": usage("参数 文件 的值不合用，须是能读写的文件，不能是文件夹。", " export"),
    "export {id} {dir}/none/x": "文件 .*/none/x 写不进去（没有这个文件或文件夹）。请换一个位置。",
    "export {id} {dir}/empty/x": "文件 .*/empty/x 写不进去（那里是一个文件，不是文件夹）。请换一个位置。",
    # mistyped
    "liste": usage("没有命令 liste。", ""),
    "list --jsn": usage("没有选项 --jsn。", " list"),
    "show": usage("缺少参数 评估编号。", " show"),
    "new 甲 乙": usage("多出了参数：乙。", " new"),
    "standard 1.1 乙": "多出了参数：乙。文件夹只用于 iiam standard check 文件夹。",
    "confirm {id} --level": "选项 --level 用法有误，可能缺少它的值。",
    "search 设备 --level 六": usage(f"参数 --level 的值不合用，{ONE_TO_FIVE}", " search"),
}
SETTINGS: dict[str, tuple[str, dict[str, str], str]] = {
    "standard nowhere": (
        "standard",
        {"IIAM_STANDARD": "/nowhere"},
        "标准数据 /nowhere 有 1 处问题：\n"
        "- nowhere：文件夹不存在：/nowhere，请给出含有 structure.yaml 和 source.txt 的文件夹",
    ),
    "policy unknown": (
        "grade {id}",
        {"IIAM_POLICY": "nope"},
        "读不到评分政策“nope”。请给出 YAML 文件，或本标准自带的政策：equal。",
    ),
    "database no address": (
        "list",
        {"IIAM_DATABASE_URL": "nonsense"},
        re.escape(
            "设置有误：IIAM_DATABASE_URL（数据库地址；留空时用数据文件夹中的 SQLite，也可填 postgresql:// 地址）。"
            "请检查环境变量或 .env 文件。"
        ),
    ),
    "database unknown": ("list", {"IIAM_DATABASE_URL": "foo://bar"}, URL),
    "database port": ("list", {"IIAM_DATABASE_URL": "postgresql://a:secret@host:port/b"}, URL),
    "home is a file": ("list", {"IIAM_HOME": "{dir}/file"}, A_FILE),
    "home is a file, new": ("new 厂", {"IIAM_HOME": "{dir}/file"}, A_FILE),
    "home is a file, interview": ("interview", {"IIAM_HOME": "{dir}/file"}, A_FILE),
    **{
        f"database {damage}, {command}": (command, {"IIAM_HOME": f"{{dir}}/{damage}"}, DAMAGED)
        for damage in ("garbled", "truncated", "emptied")
        for command in (
            "list",
            "new 厂",
            "interview",
            "interview {id}",
            "show {id}",
            "confirm {id} --all",
            "grade {id}",
            "log {id}",
            "export {id} {dir}/new.jsonl",
            "import {dir}/record.jsonl",
        )
    },
}
READ_ONLY = ("list", "new 厂", "interview", "show {id}", "import {dir}/record.jsonl")


def files(folder: Path, home: Path, name: str) -> None:
    texts = {
        "empty": "",
        "file": "一个文件",
        "broken.json": '{"levels":\n',
        "code.json": '{"levels": {"99.9": 3}}',
        "level.json": '{"levels": {"1.1": 6}}',
        "rate.json": '{"levels": {"1.1": 3}, "rates": {"1.1": 70}}',
    }
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    garbage = bytes(range(1, 256)) * 40
    (folder / "garbage").write_bytes(garbage)
    assert iiam(home, "export", name, str(folder / "record.jsonl")).returncode == 0
    whole = (home / "iiam.sqlite3").read_bytes()
    for damage, data in {"garbled": garbage, "truncated": whole[: len(whole) // 2], "emptied": b""}.items():
        (folder / damage).mkdir()
        (folder / damage / "iiam.sqlite3").write_bytes(data)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class World:
    """One assessment with an answer, a folder of bad files, and what every bad command came to."""

    def __init__(self, place: Path) -> None:
        self.home, self.folder = place / "home", place / "files"
        self.folder.mkdir()
        self.id = iiam(self.home, "new", "齐鲁轴承").stdout.strip()
        iiam(self.home, "interview", self.id, given="一共一百台，连上网的四十台\n")
        files(self.folder, self.home, self.id)
        before, self.log = contents(self.folder), iiam(self.home, "log", self.id, "--json").stdout
        cases = {text: Case(self.filled(text)) for text in ARGUMENTS}
        for name, (text, env, _) in SETTINGS.items():
            cases[name] = Case(self.filled(text), {key: self.fill(value) for key, value in env.items()})
        self.done = run_all(cases, environment(self.home), self.folder)
        self.untouched = contents(self.folder) == before
        self.log_after = iiam(self.home, "log", self.id, "--json").stdout
        self.known = iiam(self.home, "list", "--json").stdout

    def fill(self, text: str) -> str:
        return text.replace("{id}", self.id).replace("{dir}", str(self.folder))

    def filled(self, text: str) -> list[str]:
        return [self.fill(word) for word in text.split(" ")]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def told(done: Done, pattern: str) -> None:
    assert done.code == 2
    assert re.fullmatch(pattern, done.err.removesuffix("\n"), re.DOTALL), done
    assert done.out == ""


@pytest.mark.parametrize("typed", ARGUMENTS, ids=lambda typed: ascii(typed)[1:40])
def test_bad_arguments_are_told(world, typed):
    told(world.done[typed], world.fill(ARGUMENTS[typed]))


@pytest.mark.parametrize("name", SETTINGS)
def test_bad_settings_and_damaged_databases_are_told(world, name):
    told(world.done[name], SETTINGS[name][2])


def test_no_bad_command_changed_anything(world):
    assert world.untouched
    assert world.log_after == world.log
    assert world.known.count('"id"') == 1


@pytest.fixture(scope="module")
def read_only(world):
    """Two homes that cannot be written to, one empty and one with a database, and what commands come to there."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        empty, full = place / "empty", place / "full"
        empty.mkdir()
        shutil.copytree(world.home, full)
        # The shipped standard may lie where only root can read.
        shutil.copytree(ROOT / "knowledge" / "standards" / "db37-iiam", place / "standard")
        shutil.copy(world.folder / "record.jsonl", place)
        for folder in (empty, full, full / "locks"):
            folder.chmod(0o555)
        for file in (f for f in full.rglob("*") if f.is_file()):
            file.chmod(0o444)
        commands = [world.fill(text.replace("{dir}", name)) for text in READ_ONLY]
        warm = {f"warm {text}": Case(text.split(" "), {"IIAM_HOME": str(place / "warm")}) for text in commands}
        cases = {
            f"{home.name} {text}": Case(
                command.split(" "), {"IIAM_HOME": str(home), "IIAM_STANDARD": str(place / "standard")}, nobody=True
            )
            for home in (empty, full)
            for text, command in zip(READ_ONLY, commands, strict=True)
        }
        before = contents(place)
        done = run_all(warm | cases, environment(world.home), place)
        after = {file: data for file, data in contents(place).items() if not file.startswith("warm")}
        yield done, before, after
        for folder in (empty, full, full / "locks"):
            folder.chmod(0o755)


@pytest.mark.parametrize("text", READ_ONLY)
@pytest.mark.parametrize("home", ["empty", "full"])
def test_a_read_only_home_is_told(read_only, home, text):
    told(read_only[0][f"{home} {text}"], CANNOT_WRITE)


def test_a_read_only_home_is_left_as_it_was(read_only):
    assert read_only[2] == read_only[1]
