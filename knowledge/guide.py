"""The interview guide: how an assessor asks about each sub-item, and what in an answer speaks for or against it.

Data beside the standard: `guide/table-NN.yaml` (one file per table) and `guide/roles.yaml`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from knowledge.chunks import Chunk
from knowledge.errors import KnowledgeError
from knowledge.model import Frozen, Standard


class GuideTerm(Frozen):
    """A word of the topic that a worker may not know, in plain speech, with an everyday example."""

    term: str
    plain: str
    example: str


class RequirementGuide(Frozen):
    """How to ask for one requirement and what to listen for.

    A sign in a positive statement speaks for the requirement, in a negated one against it; a counter-sign in a
    positive statement speaks against it. `extent` says how far the thing must reach before it counts.
    """

    probe: str
    follow: str
    signs: tuple[str, ...]
    counter: tuple[str, ...]
    extent: Literal["most", "all"] | None = None
    not_counted: tuple[str, ...] = ()


class SubItemGuide(Frozen):
    """What an assessor brings to one sub-item."""

    opening: str
    again: str
    roles: tuple[str, ...]
    terms: tuple[GuideTerm, ...]
    records: tuple[str, ...]
    mistakes: tuple[str, ...]
    words: tuple[str, ...]
    requirements: dict[str, RequirementGuide]


class Guide(Frozen):
    """The guide of one standard, and the roles it speaks of (role -> words found in job titles)."""

    subitems: dict[str, SubItemGuide]
    roles: dict[str, tuple[str, ...]]

    def requirement(self, code: str) -> RequirementGuide:
        """The guide of one requirement. Raises KeyError."""
        return self.subitems[code.partition("-")[0]].requirements[code]

    def roles_of(self, title: str) -> frozenset[str]:
        """Roles that a job title names (`设备主任` -> 设备管理); empty when it names none."""
        return frozenset(role for role, words in self.roles.items() if any(w in title for w in (role, *words)))

    def answerable(self, title: str) -> frozenset[str]:
        """Sub-items that somebody with this job title can be asked about; all of them when the title names no role."""
        roles = self.roles_of(title)
        if not roles:
            return frozenset(self.subitems)
        return frozenset(code for code, guide in self.subitems.items() if roles & set(guide.roles))


def load_guide(folder: Path, standard: Standard) -> Guide:
    """The guide in `folder/guide`, complete for the standard.

    Raises KnowledgeError naming file, sub-item and what is wrong or missing.
    """
    import yaml

    place = folder / "guide"
    subitems: dict[str, SubItemGuide] = {}
    roles: dict[str, tuple[str, ...]] = {}
    for file in sorted(place.glob("*.yaml")):
        code = ""
        try:
            data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            if file.stem == "roles":
                roles = {role: tuple(words) for role, words in data.items()}
            else:
                for code, entry in data.items():
                    subitems[code] = SubItemGuide.model_validate(entry)
        except ValidationError as error:
            fields = "、".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
            raise KnowledgeError(f"访谈提纲文件 {file.name} 中 {code} 的这些字段缺失或形式不对：{fields}。") from error
        except (yaml.YAMLError, AttributeError, TypeError, OSError) as error:
            raise KnowledgeError(f"访谈提纲文件 {file.name} 读不出来，请检查 YAML 格式：{error}") from error
    _complete(subitems, roles, standard)
    ordered = {code: subitems[code] for code in standard.subitems}
    return Guide(subitems=ordered, roles=roles)


def guide_chunks(guide: Guide, standard: Standard) -> list[Chunk]:
    """The guide's everyday words, terms and questions of each sub-item as chunks: they find it in plain talk."""
    found = []
    for code, entry in guide.subitems.items():
        domain, item = standard.places[code]
        terms = "；".join(f"{t.term}：{t.plain}，{t.example}" for t in entry.terms)
        probes = " ".join(dict.fromkeys(r.probe for r in entry.requirements.values()))
        for part, text in (("words", " ".join(entry.words)), ("terms", f"{entry.opening} {terms}"), ("probes", probes)):
            found.append(
                Chunk(
                    id=f"guide:{code}:{part}",
                    kind="guide",
                    code=code,
                    text=text,
                    domain=domain.name,
                    item=item.name,
                    subitem=code,
                    name=standard.subitems[code].name,
                    path=f"访谈提纲 / {code}",
                )
            )
    return found


def _complete(subitems: dict[str, SubItemGuide], roles: dict[str, tuple[str, ...]], standard: Standard) -> None:
    problems = [f"缺少能力子项 {code}" for code in standard.subitems if code not in subitems]
    problems += [f"标准中没有能力子项 {code}" for code in subitems if code not in standard.subitems]
    for code, guide in subitems.items():
        wanted = {r.code for s in [standard.subitems.get(code)] if s for r in s.requirements if r.level > 1}
        problems += [f"缺少要点 {r}" for r in sorted(wanted - set(guide.requirements))]
        problems += [f"标准中没有要点 {r}" for r in sorted(set(guide.requirements) - wanted)]
        problems += [f"{code} 的角色“{role}”不在 roles.yaml 中" for role in guide.roles if role not in roles]
    if problems:
        raise KnowledgeError("访谈提纲不完整：" + "；".join(problems[:10]))
