"""Every file that is refused is refused for a stated reason, and the next one is read as if nothing had been."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from threading import Timer

import pytest

from assistant.documents.limits import FILE_LIMIT, load
from assistant.documents.sandbox import Sandbox
from assistant.errors import InputError
from evals.performance.samples import docx, pdf, xlsx
from evals.performance.uploads import run


@pytest.fixture(scope="module")
def box():
    with Sandbox() as sandbox:
        yield sandbox


def repacked(content: bytes, extra: dict[str, bytes], drop: str = "") -> bytes:
    """A package with parts added or replaced, and one left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != drop and name not in extra:
                new.writestr(name, old.read(name))
        for name, part in extra.items():
            new.writestr(name, part)
    return target.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REFUSED = {
    "macros": ("a.docx", repacked(docx(), {"word/vbaProject.bin": b"x"}), "带有宏"),
    "macro suffix": ("a.docm", docx(), "带宏的文件"),
    "bomb": ("a.xlsx", repacked(xlsx(), {"xl/media/big.bin": b"\0" * 30_000_000}), "压缩炸弹"),
    "entities": ("a.docx", repacked(docx(), {"word/comments.xml": ENTITIES}), "实体声明"),
    "utf-16 entities": (
        "a.docx",
        repacked(docx(), {"word/comments.xml": ENTITIES.decode().encode("utf-16")}),
        "实体声明",
    ),
    "many parts": ("a.docx", repacked(docx(), {f"word/p{n}.bin": b"" for n in range(2100)}), "部件"),
    "no document": ("a.docx", repacked(docx(), {}, drop="word/document.xml"), "损坏"),
    "truncated": ("a.docx", docx()[:3000], "损坏"),
    "password": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "old office": ("a.docx", OLE, "旧版"),
    "old suffix": ("a.doc", OLE, "另存为 docx"),
    "xlsx as docx": ("a.docx", xlsx(), "其实是 Excel"),
    "pdf as txt": ("a.txt", pdf(), "其实是 PDF"),
    "text as pdf": ("a.pdf", "设备都联网了。".encode(), "却不是这种格式"),
    "locked pdf": ("a.pdf", pdf(trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -1 >>"), "密码"),
    "scanned pdf": ("a.pdf", pdf([[], []]), "文字识别"),
    "binary text": ("a.txt", bytes(range(256)) * 10, "不是文本"),
    "blank": ("a.txt", b"  \n\n ", "没有可读的文字"),
    "empty": ("a.txt", b"", "空文件"),
    "picture": ("a.png", b"x", "图片"),
    "sound": ("a.mp3", b"x", "转写"),
    "unknown": ("a.exe", b"MZ", "不是能读的文件类型"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_reason(box, case):
    name, content, reason = REFUSED[case]
    with pytest.raises(InputError, match=reason) as refused:
        box.read(name, content)
    assert name in str(refused.value)


def test_after_all_refusals_a_good_file_is_read_by_the_same_child(box):
    assert len(box.read("好.docx", docx()).statements) == 3
    assert box.restarts == 0


def test_a_huge_file_is_refused_unread(tmp_path):
    file = tmp_path / "大.docx"
    with file.open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)
    with pytest.raises(InputError, match="200 MB，最大 50 MB"):
        load(file)
    assert FILE_LIMIT == 50 * 1024 * 1024


def test_a_missing_file_and_a_folder_are_said_to_be_none(tmp_path: Path):
    for path in (tmp_path / "无.docx", tmp_path):
        with pytest.raises(InputError):
            load(path)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read():
    sheet = xlsx([("a" * 3, n) for n in range(20_000)])
    with Sandbox(seconds=0.05) as box:
        with pytest.raises(InputError, match="已停止"):
            box.read("慢.xlsx", sheet)
        assert box.restarts == 1
        box._seconds = 60.0
        assert len(box.read("好.txt", "李工：有。".encode()).statements) == 1


def test_a_child_that_dies_is_replaced():
    good, slow = "李工：有。".encode(), xlsx([("a" * 3, n) for n in range(60_000)])
    with Sandbox(seconds=60) as box:
        box.read("好.txt", good)
        assert box._child is not None
        end = Timer(0.3, box._child.kill)
        end.start()
        with pytest.raises(InputError, match="意外退出"):
            box.read("慢.xlsx", slow)
        assert box.restarts == 1
        assert len(box.read("好.txt", good).statements) == 1


def test_the_child_can_write_no_file(tmp_path):
    pytest.importorskip("resource")
    code = "from assistant.documents.child import confine\nconfine()\nwith open('x', 'w') as f: f.write('x' * 9)"
    env = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, env=env, check=False)
    assert ended.returncode == 1
    assert (tmp_path / "x").read_bytes() == b""


def test_five_hundred_damaged_files_of_each_kind_hurt_nothing():
    results = run(count=500, seed=1)
    assert {suffix: (r.read + r.refused, r.fallen, r.left) for suffix, r in results.items()} == {
        ".docx": (500, 0, 0),
        ".xlsx": (500, 0, 0),
        ".pdf": (500, 0, 0),
    }
