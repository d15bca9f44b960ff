"""The working parts by name, each made when first used. Heavy libraries are imported by the parts that use them."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.assessment.opening import Opening
from assistant.assessment.record import chain
from assistant.assessment.state import Assessment, fold
from assistant.assessment.text import one_line
from assistant.bootstrap.clock import SystemClock
from assistant.bootstrap.models import client, configured, copilot, embedder
from assistant.bootstrap.presence import presence
from assistant.errors import NotFoundError, StorageError, cause
from assistant.interview.minutes import Minutes
from assistant.interview.papers import DocumentDesk
from assistant.interview.session import Interview, Workbench
from assistant.ports import DocumentStore, Engine, EventStore
from assistant.review.decisions import Review
from assistant.review.justifications import Justifications
from assistant.settings import Settings, load_settings
from knowledge.guide import Guide, load_guide
from knowledge.loader import SHIPPED, load_standard
from knowledge.model import Standard
from knowledge.policy import DEFAULT_POLICY, ScoringPolicy, load_policy, shipped_policies
from knowledge.talk import load_talk

if TYPE_CHECKING:
    from assistant.accounts.accounts import Accounts
    from assistant.engines.llm.client import Client
    from assistant.engines.llm.copilot import Copilot
    from assistant.engines.llm.endpoint import Endpoint
    from assistant.reports.view import ReportView
    from assistant.storage.sql import SqlEventStore
    from assistant.storage.transfer import Export, Import
    from knowledge.embedding import Embedder
    from knowledge.search import Searcher

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
EXAMPLE = Path(__file__).parents[1] / "data" / "example.jsonl"


@dataclass(frozen=True)
class App:
    """The working parts, each made when first used."""

    settings: Settings

    @cached_property
    def folder(self) -> Path:
        """Folder of the standard in use."""
        return self.settings.standard or SHIPPED

    @cached_property
    def standard(self) -> Standard:
        """The standard in use. Raises KnowledgeError when it does not prove."""
        return load_standard(self.folder)

    @cached_property
    def guide(self) -> Guide:
        """The interview guide of the standard in use."""
        return load_guide(self.folder, self.standard)

    @cached_property
    def policy(self) -> ScoringPolicy:
        """The scoring policy in use."""
        return load_policy(self.settings.policy or DEFAULT_POLICY, self.standard, self.folder)

    @cached_property
    def policies(self) -> dict[str, ScoringPolicy]:
        """The policies to choose from by id: the one in use first, then the standard's own."""
        others = [load_policy(name, self.standard, self.folder) for name in shipped_policies(self.folder)]
        return {self.policy.id: self.policy} | {policy.id: policy for policy in others if policy.id != self.policy.id}

    def policy_of(self, state: Assessment) -> ScoringPolicy:
        """The policy that an assessment was opened under, where it is still here unchanged; else the one in use."""
        chosen = self.policies.get(state.opened.policy, self.policy)
        return chosen if chosen.digest == state.opened.policy_digest else self.policy

    @property
    def store(self) -> EventStore:
        """The record. Raises StorageError when the data folder or the database cannot be used."""
        return self._database

    @cached_property
    def _database(self) -> SqlEventStore:
        from assistant.storage.sql import SqlEventStore

        if not self.settings.database_url:
            try:
                self.settings.home.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(
                    f"数据文件夹 {self.settings.home} 无法建立（{cause(error)}）。请用 IIAM_HOME 指定一个可写的文件夹。"
                ) from error
        return SqlEventStore(self.settings.database)

    @cached_property
    def secret(self) -> str:
        """What cookies and links are signed with. Raises StorageError."""
        from assistant.accounts.secret import load_secret

        return load_secret(self.settings.home)

    @cached_property
    def accounts(self) -> Accounts:
        """Who may sign in to the web app, in the database of the record. Raises StorageError."""
        from assistant.accounts.accounts import Accounts

        return Accounts(self._database.engine, self.secret, SystemClock())

    @property
    def four_eyes(self) -> bool:
        """True when who led an assessment's interviews may not sign it off: on by default once there are accounts."""
        chosen = self.settings.four_eyes
        return self.accounts.exist() if chosen == "auto" else chosen == "on"

    def hindrance(self, name: str, reviewer: str) -> str:
        """Why a person may not sign an assessment off (four eyes), in Chinese; empty when they may."""
        if not self.four_eyes:
            return ""
        from assistant.review.four_eyes import hindrance

        return hindrance(self.store.read(name), reviewer)

    @cached_property
    def rules(self) -> Engine:
        """The engine that needs no network."""
        from assistant.engines.rules.engine import RulesEngine

        return RulesEngine(self.standard, self.guide, load_talk(self.folder, self.standard))

    @cached_property
    def engine(self) -> Engine:
        """What reads answers: a model behind an endpoint when one is configured, else the rules engine."""
        if self.client is None:
            return self.rules
        from assistant.engines.llm.engine import Limits, LlmEngine

        limits = Limits(calls=self.settings.llm_calls, tokens=self.settings.llm_tokens)
        return LlmEngine(
            self.client, self.rules, self.standard, self.guide, lambda: self.router(lambda _: None), limits
        )

    @cached_property
    def _configured(self) -> tuple[Endpoint | None, str]:
        return configured(self.settings)

    @property
    def endpoint(self) -> Endpoint | None:
        """The model endpoint of the settings; None when it is not or not rightly configured."""
        return self._configured[0]

    @property
    def endpoint_problem(self) -> str:
        """Why the settings of an endpoint cannot be used, in one Chinese line; empty when they can, or there are none."""
        return self._configured[1]

    @cached_property
    def client(self) -> Client | None:
        """The client of the endpoint, with the cassette of the settings; None without an endpoint."""
        if self.endpoint is None:
            return None
        return client(self.settings, self.endpoint)

    @cached_property
    def embedder(self) -> Embedder:
        """What turns text into vectors: offline unless an endpoint is configured."""
        return embedder(self.settings)

    @cached_property
    def actor(self) -> str:
        """Who acts, as the record names them."""
        if named := one_line(self.settings.actor):
            return named
        try:
            return one_line(getpass.getuser())
        except (KeyError, OSError):
            return "本机用户"

    def open_assessment(self, enterprise: str, industry: str = "") -> str:
        """Begin an assessment of which only this is known; returns its id. Raises InputError (see `Opening.of`)."""
        return self.begin(Opening.of(enterprise, industry))

    def begin(self, opening: Opening, policy: ScoringPolicy | None = None, by: str = "") -> str:
        """Begin an assessment under a policy (None: the one in use) in somebody's name; returns its id."""
        clock = SystemClock()
        name = clock.now().strftime("%Y%m%d-") + "".join(secrets.choice(ALPHABET) for _ in range(4))
        at = clock.now().isoformat(timespec="milliseconds")
        events = opening.events(self.standard, policy or self.policy)
        self.store.append(chain(name, None, events, at, one_line(by) or self.actor))
        return name

    def assessment(self, name: str) -> Assessment:
        """State of one assessment. Raises NotFoundError when there is none of that id."""
        rows = self.store.read(name)
        if not rows:
            raise NotFoundError(f"没有编号为“{name}”的评估。用 iiam list 查看全部评估。")
        return fold(rows)

    @cached_property
    def bench(self) -> Workbench:
        """What interviews and documents are worked with."""
        return Workbench(
            store=self.store, engine=self.engine, standard=self.standard, guide=self.guide, clock=SystemClock()
        )

    @cached_property
    def files(self) -> DocumentStore:
        """The files handed in, beside the record."""
        from assistant.storage.files import FolderDocumentStore

        return FolderDocumentStore(self.settings.home / "documents")

    def interview(self, name: str) -> Interview:
        """One assessment's interview. Raises NotFoundError, InputError."""
        return Interview(self.bench, name, self.actor)

    def minutes(self, name: str, notify: Callable[[str], None]) -> Minutes:
        """One assessment taking in documents. Raises NotFoundError, InputError. `notify`: see `router`."""
        return Minutes(self.bench, self.router(notify), self.files, name, self.actor)

    def document_desk(self, name: str, by: str = "") -> DocumentDesk:
        """Putting right what is on record of one assessment's documents. Raises NotFoundError."""
        return DocumentDesk(self.store, SystemClock(), self.standard, name, one_line(by) or self.actor)

    def presence(self, name: str) -> AbstractContextManager[bool]:
        """Hold a mark that an assessment is being worked on here; gives False when another process holds it."""
        return presence(self.settings.home / "locks" / f"{name}.lock")

    def review(self, name: str, reviewer: str = "") -> Review:
        """One assessment under review. Raises NotFoundError."""
        return Review(self.store, SystemClock(), self.standard, name, one_line(reviewer) or self.actor)

    def put_away(self, name: str, by: str = "", *, away: bool = True) -> Assessment:
        """归档 an assessment, or 恢复 it. Raises NotFoundError."""
        from assistant.review.shelf import put_away

        return put_away(self.store, SystemClock(), name, one_line(by) or self.actor, away=away)

    def report(self, name: str, policy: ScoringPolicy | None = None) -> ReportView:
        """What the report of one assessment says. Raises NotFoundError, InputError, ScoringError."""
        from assistant.engines.rules.justify import justification
        from assistant.reports.justified import Drafter
        from assistant.reports.view_build import report_view

        drafter = Drafter(self.guide, lambda task: justification(task, "rules"))
        state = self.assessment(name)
        return report_view(state, self.standard, policy or self.policy_of(state), drafter)

    def take_away(self, name: str, *, bundled: bool) -> Export:
        """An assessment as a file. Raises NotFoundError, InputError, StorageError."""
        from assistant.storage.transfer import take_away

        return take_away(self.store, self.files, name, bundled=bundled)

    def bring_in(self, content: bytes, limit: int | None = None) -> Import:
        """Take in an exported assessment; see `transfer.bring_in`. Raises InputError, RecordError, StorageError."""
        from assistant.interview.turn import ledgers_of
        from assistant.storage.transfer import bring_in

        def trial(state: Assessment) -> None:
            if state.opened.standard == self.standard.id:
                ledgers_of(self.standard, state)

        return bring_in(self.store, self.files, content, trial, limit)

    def load_example(self) -> str:
        """Put a copy of the shipped example into the record; returns its id."""
        from assistant.assessment.record import import_rows
        from assistant.assessment.renaming import renamed

        rows = import_rows(EXAMPLE.read_text(encoding="utf-8"))
        names = {rows[0].assessment, *self.store.assessments()}
        name = next(n for n in (f"example-{number}" for number in count(1)) if n not in names)
        self.store.append(renamed(rows, name))
        return name

    def justifications(self, name: str, by: str = "") -> Justifications:
        """One assessment's justifications. Raises NotFoundError."""
        actor = one_line(by) or self.actor
        return Justifications(self.store, SystemClock(), self.standard, self.guide, self.engine, name, actor)

    def copilot(self, name: str, notify: Callable[[str], None]) -> Copilot | None:
        """Answers questions about one assessment; None without an endpoint. `notify`: see `searcher`."""
        if self.client is None:
            return None
        return copilot(
            self.client, lambda: self.assessment(name), self.standard, self.policy, lambda: self.searcher(notify)
        )

    def searcher(self, notify: Callable[[str], None]) -> Searcher:
        """Search over the standard; `notify` gets one line when the index had to be rebuilt."""
        from knowledge.search import open_searcher

        return open_searcher(self.standard, self.embedder, self.settings.home / "index" / "standard", notify)

    def router(self, notify: Callable[[str], None]) -> Searcher:
        """Search over the standard and the guide's everyday words: which sub-item does a piece of talk speak of?"""
        from knowledge.guide import guide_chunks
        from knowledge.search import open_searcher

        extra = guide_chunks(self.guide, self.standard)
        return open_searcher(self.standard, self.embedder, self.settings.home / "index" / "talk", notify, extra)


def start() -> App:
    """The app with the user's settings. Raises InputError when they cannot be used."""
    return App(load_settings())
