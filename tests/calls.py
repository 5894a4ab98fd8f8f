"""What each function of gi_trace leads to, read from its text.

Names are followed through imports, methods by the class that an annotation or a constructor tells. Where nothing tells
it, every class of gi_trace with a method of that name is meant, unless lists, texts, paths and the like have one too.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session

OF_MANY_THINGS = {name for kind in (list, dict, set, str, bytes, int, Path, Session) for name in dir(kind)}
LATER = "after_commit"  # what is given to it happens when the act is over


@dataclass
class Place:
    """A function, where it stands, and what its module calls things (`names`: to full dotted names)."""

    module: str
    owner: str  # the class of a method, else ""
    node: ast.FunctionDef
    names: dict[str, str]

    @cached_property
    def decorators(self) -> set[str]:
        return {ast.unparse(one) for one in self.node.decorator_list}

    @cached_property
    def uses(self) -> list[tuple[str, bool]]:
        """(`a.b().c`, whether it is called) of all that it names."""
        return list(_uses(self.node.body))

    @cached_property
    def variables(self) -> dict[str, str]:
        """What is known of the kinds of its variables: a class's name, or the call that made it."""
        arguments = (*self.node.args.args, *self.node.args.kwonlyargs)
        kinds = {one.arg: ast.unparse(one.annotation) for one in arguments if one.annotation}
        for one in ast.walk(self.node):
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                if isinstance(one.value, ast.Call):
                    kinds[one.targets[0].id] = _spelled(one.value)
        return kinds | {"self": self.owner}


class Calls:
    """The functions of a package, by their full dotted names."""

    def __init__(self, package: Path):
        self.places: dict[str, Place] = {}
        self.classes: set[str] = set()
        self.by_method: dict[str, list[str]] = defaultdict(list)
        for path in package.rglob("*.py"):
            if "migrations" not in path.parts:
                inside = path.relative_to(package.parent).with_suffix("").parts
                self._read(ast.parse(path.read_text()), ".".join(inside).removesuffix(".__init__"))

    def decorated(self, decorator: str) -> list[str]:
        return sorted(name for name, place in self.places.items() if decorator in place.decorators)

    def way(self, start: str, forbidden: set[str]) -> list[str] | None:
        """The shortest way of calls from `start` to something forbidden: a name in full (`open`), a method of
        anything (`.read_bytes`) or all of a module (`subprocess.`)."""
        ways = {start: [start]}
        for name in (waiting := [start]):
            for spelled, is_called in self.places[name].uses:
                meant = self._meant(spelled, self.places[name])
                if is_called and _is_among(meant, forbidden):
                    return [*ways[name], meant]
                for other in self._followed(meant, is_called):
                    if other not in ways:
                        ways[other] = [*ways[name], other]
                        waiting.append(other)
        return None

    def _read(self, tree: ast.Module, module: str) -> None:
        own = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
        names = _imported(tree) | {
            name: f"{module}.{name}" for name in (*_made(tree), *(one.name for one in own))
        }
        for one in own:
            if isinstance(one, ast.FunctionDef):
                self.places[names[one.name]] = Place(module, "", one, names)
            else:
                self.classes.add(names[one.name])
                for method in one.body:
                    if isinstance(method, ast.FunctionDef):
                        full = f"{names[one.name]}.{method.name}"
                        self.places[full] = Place(module, names[one.name], method, names)
                        self.by_method[method.name].append(full)

    def _meant(self, spelled: str, place: Place) -> str:
        """In full: `store.keep` is gi_trace.evidence.store.EvidenceStore.keep; `.keep` where nobody tells."""
        first, dot, rest = spelled.partition(".")
        if first in place.variables and dot:
            return f"{self._class_of(place.variables[first], place)}.{rest}"
        if first.endswith("()") and dot:
            return f"{self._class_of(first, place)}.{rest}"
        return place.names.get(first, first) + dot + rest

    def _class_of(self, kind: str, place: Place) -> str:
        """In full, of a class's name or of a call; empty when it is none of gi_trace."""
        full = place.names.get(kind.removesuffix("()"), kind)
        if full in self.places and (returns := self.places[full].node.returns):
            return self._class_of(ast.unparse(returns).strip("\"'"), self.places[full])
        return full if full in self.classes else ""

    def _followed(self, meant: str, is_called: bool) -> Iterator[str]:
        method = meant.rpartition(".")[2]
        if meant in self.places:
            yield meant
        elif is_called and f"{meant}.__init__" in self.places:
            yield f"{meant}.__init__"
        elif (
            is_called and not meant.startswith("gi_trace.") and "." in meant and method not in OF_MANY_THINGS
        ):
            yield from self.by_method[method]


def _imported(tree: ast.Module) -> dict[str, str]:
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            names |= {one.asname or one.name: one.name for one in node.names}
    return names


def _made(tree: ast.Module) -> list[str]:
    """What a module calls its own values."""
    targets = [target for one in tree.body if isinstance(one, ast.Assign) for target in one.targets]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _uses(nodes: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    waiting: list[ast.AST] = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            if _spelled(node.func) == LATER:
                continue
            yield _spelled(node.func), True
        elif isinstance(node, ast.Name | ast.Attribute):
            yield _spelled(node), False
        waiting.extend(ast.iter_child_nodes(node))


def _spelled(node: ast.AST) -> str:
    """`a.b`, `a().b`; what begins with no name begins with a dot."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_spelled(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{_spelled(node.func)}()"
    return ""


def _is_among(meant: str, forbidden: set[str]) -> bool:
    module, dot, _ = meant.partition(".")
    return not {meant, module + dot, "." + meant.rpartition(".")[2] if dot else meant}.isdisjoint(forbidden)
