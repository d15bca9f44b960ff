"""What is known of an enterprise when its assessment begins, checked before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from assistant.assessment.credit_code import credit_code
from assistant.assessment.events import Event, Opened, RespondentJoined
from assistant.assessment.text import one_line
from assistant.errors import InputError
from knowledge.model import Frozen, Standard
from knowledge.policy import ScoringPolicy

NAME_LIMIT = 200
PERSON_LIMIT = 100
PEOPLE_LIMIT = 100
"""Characters of the enterprise's name and industry, of a person's name and role; people named at the start."""
SIZES = ("大型", "中型", "小型", "微型")
"""规模, as 《统计上大中小微型企业划分办法》 names them."""


class Person(Frozen):
    """Somebody to interview: name, and role (岗位)."""

    name: str
    role: str = ""


class Opening(Frozen):
    """A new assessment's particulars. Make one with `Opening.of`, which checks them; an error's `field` is its parameter
    (`person` for people).
    """

    enterprise: str
    industry: str = ""
    credit_code: str = ""
    size: str = ""
    people: tuple[Person, ...] = ()

    @classmethod
    def of(
        cls,
        enterprise: str,
        industry: str = "",
        code: str = "",
        size: str = "",
        people: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """From what was typed. People without a name and role are left out, and so is who is named twice.

        Raises InputError: no enterprise, a text too long, a wrong credit code, an unknown size, a role without a name.
        """
        enterprise, industry, size = one_line(enterprise), one_line(industry), one_line(size)
        if not enterprise:
            raise InputError("请填写企业名称。", "enterprise")
        for what, text, field in (("企业名称", enterprise, "enterprise"), ("所属行业", industry, "industry")):
            if len(text) > NAME_LIMIT:
                raise InputError(
                    f"{what}有 {len(text)} 字，最多 {NAME_LIMIT} 字。请写全称或简称，没有建立评估。", field
                )
        if size and size not in SIZES:
            raise InputError(f"企业规模只能是 {'、'.join(SIZES)}，或留空。", "size")
        try:
            known = credit_code(code)
        except InputError as error:
            raise InputError(str(error), "code") from error
        return cls(
            enterprise=enterprise,
            industry=industry,
            credit_code=known,
            size=size,
            people=_people(people),
        )

    def events(self, standard: Standard, policy: ScoringPolicy) -> list[Event]:
        """The first events of its record."""
        opened = Opened(
            enterprise=self.enterprise,
            industry=self.industry,
            credit_code=self.credit_code,
            size=self.size,
            standard=standard.id,
            standard_digest=standard.digest,
            policy=policy.id,
            policy_version=policy.version,
            policy_digest=policy.digest,
        )
        joined = [
            RespondentJoined(respondent=f"r{number}", name=person.name, role=person.role)
            for number, person in enumerate(self.people, start=1)
        ]
        return [opened, *joined]


def _people(typed: Iterable[tuple[str, str]]) -> tuple[Person, ...]:
    named: dict[Person, None] = {}
    for name, role in typed:
        person = Person(name=one_line(name), role=one_line(role))
        if not person.name and not person.role:
            continue
        if not person.name:
            raise InputError(f"岗位“{person.role[:20]}”还没有写姓名。还不知道是谁时，可先留空，访谈时再加。", "person")
        if max(len(person.name), len(person.role)) > PERSON_LIMIT:
            raise InputError(f"受访人的姓名和岗位各不超过 {PERSON_LIMIT} 字。", "person")
        named[person] = None
    if len(named) > PEOPLE_LIMIT:
        raise InputError(f"一次最多写 {PEOPLE_LIMIT} 位受访人，其余的可在访谈时再加。", "person")
    return tuple(named)
