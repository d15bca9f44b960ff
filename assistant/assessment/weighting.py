"""Weights as a tree, and how what is left out hands its weight to its siblings (DECISIONS, "Scoring policy")."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from knowledge.model import Domain, Item, Standard
from knowledge.policy import Weights

Kind = Literal["standard", "domain", "item", "subitem"]
Scheme = Literal["domains", "items", "subitems"]


@dataclass(frozen=True)
class Branch:
    """A node of the tree: its weight among its siblings before anything is left out, and the sub-items under it."""

    kind: Kind
    name: str
    weight: Fraction = Fraction(1)
    code: str = ""
    children: tuple[Branch, ...] = ()

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the sub-items under it; of a sub-item, its own."""
        return frozenset({self.code}).union(*(c.codes for c in self.children)) - {""}


def weighted_tree(standard: Standard, weights: Weights | None) -> Branch:
    """The standard under a policy's weights, children in the standard's order; None: equal at every node."""
    given = weights or Weights()
    share = _shares([d.name for d in standard.domains], given.domains)
    domains = tuple(Branch("domain", d.name, share[d.name], children=_items(d, given)) for d in standard.domains)
    return Branch("standard", standard.title, children=domains)


def equal_tree(standard: Standard, scheme: Scheme) -> Branch:
    """Equal domains (and equal parts in each), equal items wherever they stand, or equal sub-items likewise."""
    if scheme == "domains":
        return weighted_tree(standard, None)
    if scheme == "items":
        items = tuple(standard.items())
        equal = Fraction(1, len(items))
        children = tuple(Branch("item", i.name, equal, children=_subitems(i, Weights())) for i in items)
    else:
        equal = Fraction(1, len(standard.subitems))
        children = tuple(Branch("subitem", s.name, equal, code) for code, s in standard.subitems.items())
    return Branch("standard", standard.title, children=children)


def shares(branch: Branch, included: Container[str]) -> dict[str, Fraction]:
    """Share of the total of each included sub-item, adding up to one; empty when none under the branch is included.

    A child with nothing included is left out, and its siblings share its weight in proportion to their own.
    """
    if branch.code:
        return {branch.code: Fraction(1)} if branch.code in included else {}
    parts = [(child.weight, part) for child in branch.children if (part := shares(child, included))]
    total = sum(weight for weight, _ in parts)
    table: dict[str, Fraction] = {}
    for weight, part in parts:
        factor = weight / total
        table |= {code: factor * share for code, share in part.items()}
    return table


def _items(domain: Domain, weights: Weights) -> tuple[Branch, ...]:
    share = _shares([i.name for i in domain.items], weights.items.get(domain.name, {}))
    return tuple(Branch("item", i.name, share[i.name], children=_subitems(i, weights)) for i in domain.items)


def _subitems(item: Item, weights: Weights) -> tuple[Branch, ...]:
    share = _shares([s.code for s in item.subitems], weights.subitems.get(item.name, {}))
    return tuple(Branch("subitem", s.name, share[s.code], s.code) for s in item.subitems)


def _shares(names: Sequence[str], given: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    return given or dict.fromkeys(names, Fraction(1, len(names)))
