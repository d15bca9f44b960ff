"""`iiam`: the entry point. Turns every foreseeable error into one clear Chinese message and exit code 2."""

from __future__ import annotations

import sys

import click

from assistant.cli.zh import LazyGroup, quiet_pipe, usage_message
from assistant.errors import IiamError

COMMANDS = {
    "serve": ("assistant.cli.serve:serve", "打开网页版：访谈、复核、结果"),
    "interview": ("assistant.cli.interview:interview", "访谈：新建或接着上次继续，随时可退出"),
    "draft": ("assistant.cli.draft:draft", "读入纪要、转写稿、问卷或证据文件"),
    "documents": ("assistant.cli.documents:documents", "列出读入的文件；撤回读错的"),
    "new": ("assistant.cli.assessments:new", "新建一份评估"),
    "list": ("assistant.cli.assessments:list_all", "列出全部评估"),
    "show": ("assistant.cli.assessments:show", "查看建议等级、条款依据与原话"),
    "ask": ("assistant.cli.ask:ask", "向大模型提问：查记录、标准与评分，只读（需要模型接口）"),
    "confirm": ("assistant.cli.review:confirm", "复核：确认或更改等级"),
    "justify": ("assistant.cli.justify:justify", "判定说明：起草、查看、改写依据与建议"),
    "signoff": ("assistant.cli.signoff:signoff", "签发：检查后封存评估，给出最终结果"),
    "reopen": ("assistant.cli.signoff:reopen", "重新打开已签发的评估（要写理由）"),
    "archive": ("assistant.cli.assessments:archive", "归档：移出列表，只能查看"),
    "unarchive": ("assistant.cli.assessments:unarchive", "恢复已归档的评估"),
    "grade": ("assistant.cli.grade:grade", "评分：一份评估，或一个等级文件"),
    "report": ("assistant.cli.report:report", "出报告：Word、Excel、PDF 或 JSON，一份或全部"),
    "replay": ("assistant.cli.report:replay", "离线重算一份导出的报告或记录，核对等级"),
    "standard": ("assistant.cli.standard:standard", "查看或校验标准"),
    "search": ("assistant.cli.standard:search", "检索标准条文"),
    "guide": ("assistant.cli.guide:guide", "打印访谈提纲（屏幕、Markdown 或 Word）"),
    "usage": ("assistant.cli.usage:usage", "查看一份评估的模型用量与费用"),
    "doctor": ("assistant.cli.doctor:doctor", "检查本机与大模型接口是否就绪"),
    "example": ("assistant.cli.example:example", "载入示例：一份完整的虚构评估"),
    "user": ("assistant.cli.user:user", "网页版的账号：建立、改密码、停用"),
    "log": ("assistant.cli.record:log", "查看并校验评估记录"),
    "export": ("assistant.cli.record:export", "导出评估记录"),
    "import": ("assistant.cli.record:import_", "导入评估记录"),
}


@click.group("iiam", cls=LazyGroup, lazy=COMMANDS, context_settings={"max_content_width": 100})
@click.version_option(package_name="iiam", message="iiam %(version)s", help="显示版本")
def cli() -> None:
    """工业互联网应用成熟度评估：访谈、建议等级、复核、评分。离线可用，数据只存在本机。"""


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 (a check failed), 2 (bad input) or 130 (interrupted)."""
    from knowledge.errors import KnowledgeError

    for stream in (sys.stdin, sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    try:
        with quiet_pipe():
            code = cli.main(args=argv, prog_name="iiam", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("已中断。已保存的内容没有丢失。", err=True)
        return 130
    except click.ClickException as error:
        click.echo(usage_message(error), err=True)
    except (IiamError, KnowledgeError) as error:
        click.echo(str(error), err=True)
    except UnicodeEncodeError:
        click.echo("命令里有无法识别的字符（不是 UTF-8 文字），没有执行。请检查终端的编码后重新输入。", err=True)
    except Exception as error:
        click.echo(_unforeseen(error), err=True)
    return 2


def _unforeseen(error: Exception) -> str:
    """Keep the traceback in a file of the data folder, and tell the user where it is."""
    from datetime import UTC, datetime
    from traceback import format_exception

    from assistant.settings import load_settings

    told = "程序遇到意料之外的问题，已保存的回答没有丢失。"
    try:
        file = load_settings().home / "errors.log"
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()}\n{''.join(format_exception(error))}\n")
    except (OSError, IiamError):
        return f"{told}（{type(error).__name__}：{error}）"
    return f"{told}请把这个文件发给维护人员：{file}"


def run() -> None:
    """Console script."""
    raise SystemExit(main())
