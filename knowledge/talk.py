"""Exemplars of talk: how people in many trades say that a requirement is met, and that it is not.

Data beside the standard, `talk/table-NN.yaml`: requirement code -> `for` and `against`, one spoken statement each. A
statement that is like one of them probably speaks of the same requirement.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from knowledge.errors import KnowledgeError
from knowledge.model import Frozen, Standard


class Exemplars(Frozen):
    """Statements that speak for a requirement and against it."""

    met: tuple[str, ...] = Field(alias="for")
    unmet: tuple[str, ...] = Field(alias="against")


def load_talk(folder: Path, standard: Standard) -> dict[str, Exemplars]:
    """Exemplars by requirement code; empty when the standard has none.

    Raises KnowledgeError naming the file and the code of what cannot be used.
    """
    import yaml

    talk: dict[str, Exemplars] = {}
    for file in sorted((folder / "talk").glob("*.yaml")):
        try:
            data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            for code, entry in data.items():
                if code not in standard.requirements:
                    raise KnowledgeError(f"说法样例文件 {file.name} 中的 {code} 不是标准的要点。")
                talk[code] = Exemplars.model_validate(entry)
        except (yaml.YAMLError, AttributeError, OSError) as error:
            raise KnowledgeError(f"说法样例文件 {file.name} 读不出来，请检查 YAML 格式：{error}") from error
        except ValidationError as error:
            fields = "、".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
            raise KnowledgeError(f"说法样例文件 {file.name} 中有字段缺失或形式不对：{fields}。") from error
    return talk
