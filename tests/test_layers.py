"""The rooms of the house: who may import what, read from the source; and what importing the package loads."""

import ast
import functools
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "workbench"

DISK = {"glob", "io", "os", "pathlib", "shutil", "tempfile"}
DISK_ROOMS = {
    "workbench.bring_in",
    "workbench.call_table",
    "workbench.corpus",
    "workbench.dropped",
    "workbench.forget",
    "workbench.history",
    "workbench.kept",
    "workbench.kept_candidates",
    "workbench.labelling",
    "workbench.live_call",
    "workbench.look_back",
    "workbench.mend_transcript",
    "workbench.our_words",
    "workbench.record_files",
    "workbench.save",
    "workbench.starter",
    "workbench.store",
    "workbench.study",
    "workbench.take_back",
    "workbench.transcripts",
    "workbench.triage",
}
JOINING = {"workbench.cli", "workbench.open_week", "workbench.widgets"}
WIDGETS = {"anywidget", "ipywidgets", "workbench.widgets"}
# A pure room takes data and gives data.
PURE = DISK | DISK_ROOMS | JOINING | WIDGETS

# Room -> what it never imports, at any depth of its modules. A room that is not built yet is checked once it is there.
FORBIDDEN = {
    "workbench.aliases": PURE | {"pandas", "sklearn"},
    "workbench.arrivals": PURE | {"pandas", "sklearn"},
    "workbench.bring_in": WIDGETS | {"pandas", "sklearn"},
    "workbench.call_text": PURE | {"pandas"},
    "workbench.candidates": PURE | {"pandas", "sklearn"},
    "workbench.charts": PURE,
    "workbench.checks": WIDGETS,
    "workbench.corpus": WIDGETS | {"pandas", "sklearn", "workbench.themes"},
    "workbench.csv_rows": PURE | {"pandas", "sklearn"},
    "workbench.customers": PURE,
    "workbench.dropped": WIDGETS | {"pandas", "sklearn"},
    "workbench.errors": PURE,
    "workbench.deciding": WIDGETS | {"sklearn"},
    "workbench.evidence": PURE,
    "workbench.forget": WIDGETS | {"sklearn", "nbconvert"},
    "workbench.forget.traces": PURE,
    "workbench.frontmatter": PURE,
    "workbench.guide": PURE | {"pandas"},
    "workbench.history": WIDGETS | {"pandas", "sklearn"},
    "workbench.hypotheses": PURE,
    "workbench.importers": (PURE - {"io"}) | {"pandas", "workbench.themes"},
    "workbench.kept": WIDGETS | {"pandas", "sklearn"},
    "workbench.kept_candidates": WIDGETS | {"pandas", "sklearn"},
    "workbench.labelling": WIDGETS,
    "workbench.live_call": WIDGETS | {"pandas", "sklearn"},
    "workbench.look_back": WIDGETS | {"sklearn"},
    "workbench.mend_transcript": WIDGETS | {"pandas", "sklearn"},
    "workbench.newest": DISK | JOINING | WIDGETS | {"pandas", "sklearn"},
    "workbench.note_tables": (PURE - {"io"}) | {"sklearn"},
    "workbench.notes": PURE | {"pandas"},
    "workbench.our_words": WIDGETS | {"pandas", "sklearn"},
    "workbench.plain_letters": PURE | {"pandas", "sklearn"},
    "workbench.quotes": PURE | {"pandas"},
    "workbench.readouts": PURE | {"pandas"},
    "workbench.near_words": PURE | {"pandas", "sklearn"},
    "workbench.recorded": PURE | {"pandas", "sklearn"},
    "workbench.record_files": WIDGETS | {"pandas", "sklearn"},
    "workbench.records": PURE | {"sklearn"},
    "workbench.records_then": PURE | {"pandas", "sklearn"},
    "workbench.redact": WIDGETS,
    "workbench.report": WIDGETS | {"scipy", "sklearn"},
    "workbench.refit": PURE | {"pandas", "sklearn"},
    "workbench.rituals": (PURE - {"workbench.study"}) | {"sklearn"},  # of a study only what it holds
    "workbench.same_call": PURE | {"pandas", "sklearn"},
    "workbench.save": WIDGETS | {"pandas", "sklearn"},
    "workbench.signals": PURE,
    "workbench.starter": WIDGETS | {"pandas", "sklearn"},
    "workbench.store": WIDGETS | {"sklearn", "pandas"},
    "workbench.study": WIDGETS | {"sklearn"},
    "workbench.tabled": (PURE - {"io"}) | {"sklearn"},
    "workbench.take_back": WIDGETS | {"pandas", "sklearn"},
    "workbench.themes": PURE,
    "workbench.transcripts": WIDGETS | {"pandas", "sklearn"},
    "workbench.triage": WIDGETS | {"pandas", "sklearn"},
    "workbench.unspaced": PURE | {"pandas", "sklearn"},
    # What the disk and the widgets use of the ledger must not bring the clusterer along.
    "workbench.themes.acts": {"pandas", "scipy", "sklearn", "sknetwork"},
    "workbench.themes.attach": {"pandas", "scipy", "sklearn", "sknetwork"},
    "workbench.themes.ledger": {"pandas", "scipy", "sklearn", "sknetwork"},
    "workbench.themes.replay": {"pandas", "scipy", "sklearn", "sknetwork"},
    "workbench.who_speaks": PURE | {"pandas", "sklearn"},
    "workbench.widgets": {"nbconvert"},
}
TOUCHES_DISK = {"open", "read_bytes", "read_csv", "read_text", "to_csv", "to_excel", "write_bytes", "write_text"}
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
ROOMS = sorted(room for room in FORBIDDEN if room in MODULES)


@functools.cache
def tree_of(module):
    return ast.parse(MODULES[module].read_text("utf-8"))


@functools.cache
def imports_of(module, tree=None):
    """Everything that a module imports, in full: (name, line), a name in a package as package.name."""
    package = module.split(".") if MODULES[module].name == "__init__.py" else module.split(".")[:-1]
    found = []
    for node in ast.walk(tree or tree_of(module)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            found += [(f"{source}.{alias.name}", node.lineno) for alias in node.names]
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                found.append((node.args[0].value, node.lineno))
    return found


def is_within(name, room):
    return name == room or name.startswith(f"{room}.")


def modules_of(room):
    return [module for module in MODULES if is_within(module, room)]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_nothing_that_it_may_not_know(room):
    wrong = [
        f"{MODULES[module]}:{line} imports {name}"
        for module in modules_of(room)
        for name, line in imports_of(module)
        for forbidden in FORBIDDEN[room]
        if is_within(name, forbidden)
    ]
    assert wrong == []


@pytest.mark.parametrize("room", [room for room in ROOMS if FORBIDDEN[room] >= PURE])
def test_a_pure_room_opens_no_file_and_does_not_reach_around_the_rooms(room):
    """Neither through a method of something it was given, nor through the package's own top."""
    wrong = []
    for module in modules_of(room):
        tree = tree_of(module)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in TOUCHES_DISK:
                    wrong.append(f"{MODULES[module]}:{node.lineno} calls {name}")
        for name, line in imports_of(module):
            top = name.split(".")
            if top == ["workbench"] or (top[0] == "workbench" and len(top) == 2 and name not in MODULES):
                wrong.append(f"{MODULES[module]}:{line} imports {name}")
    assert wrong == []


def test_every_module_lies_in_a_room_with_a_rule():
    """A new file gets a row in the table above, or a name here that says why it needs none."""
    joining = ["workbench.__main__", "workbench.cli", "workbench.open_week"]
    inner = ["workbench.call_table"]  # a part of the store
    free = {"workbench", *joining, *inner}
    assert [
        m
        for m in MODULES
        if ".".join(m.split(".")[:2]) not in free and not any(is_within(m, room) for room in FORBIDDEN)
    ] == []


def test_nobody_imports_those_who_join_the_rooms():
    for module in MODULES:
        if module not in ("workbench", "workbench.__main__"):
            for name, line in imports_of(module):
                for joining in JOINING:
                    assert not is_within(name, joining) or is_within(module, joining), f"{MODULES[module]}:{line}"
    if "workbench" in MODULES:
        assert not any(is_within(name, "workbench.cli") for name, _ in imports_of("workbench"))


def test_rooms_do_not_import_each_other_in_a_circle():
    """The modules of one folder may; the package's top gives names of all and is left out."""
    rooms = {module: ".".join(module.split(".")[:2]) for module in MODULES if module != "workbench"}
    below = {room: set() for room in rooms.values()}
    for module, room in rooms.items():
        for name, _ in imports_of(module):
            below[room] |= {".".join(name.split(".")[:2])} & set(below) - {room}
    while floor := {room for room, others in below.items() if not others}:
        below = {room: others - floor for room, others in below.items() if room not in floor}
    assert below == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import os.path", ["os.path"]),
        ("def f():\n    from sklearn import cluster", ["sklearn.cluster"]),
        ("from . import store", ["workbench.store"]),
        ("from .store import read_notes", ["workbench.store.read_notes"]),
        ("import importlib\nimportlib.import_module('ipywidgets')", ["importlib", "ipywidgets"]),
    ],
)
def test_an_import_is_seen_however_it_is_written(source, names):
    """The checks above would pass in silence if this did not hold."""
    assert [name for name, _ in imports_of("workbench.notes", ast.parse(source))] == names


# What a module gives


def listed(module, tree):
    """A module's __all__, None without one; worked out by importing when it is not written out."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(getattr(target, "id", "") == "__all__" for target in targets):
            try:
                return list(ast.literal_eval(node.value))
            except ValueError:
                return list(importlib.import_module(module).__all__)
    return None


def in_order(name):
    """Constants, then classes, then functions, each by name: the order that ruff keeps (RUF022)."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


@pytest.mark.parametrize("module", [module for module in MODULES if not module.endswith("__main__")])
def test_what_a_module_gives_is_listed_in_order(module):
    tree = tree_of(module)
    names = listed(module, tree)
    defined = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name[0] != "_"
    ]
    assert [name for name in defined if name not in (names or [])] == []
    if names is not None:
        assert names == sorted(names, key=in_order)
        assert len(names) == len(set(names))


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


HEAVY = ["IPython", "dask", "ipywidgets", "nbconvert", "pandas", "scipy", "sklearn", "sknetwork"]
SHOW = f"import sys; print(*(name for name in {HEAVY} if name in sys.modules))"


def test_importing_the_package_loads_none_of_the_large_libraries():
    assert run(f"import workbench; {SHOW}") == []


def test_the_disk_loads_no_clusterer_and_no_widgets():
    loaded = run(f"import workbench as wb; wb.read_notes('.', problems=[]); {SHOW}")
    assert set(loaded) <= {"pandas"}


def test_the_ledger_loads_none_of_the_large_libraries():
    assert run(f"import workbench.store, workbench.themes.acts; {SHOW}") == []


def test_the_package_gives_its_names_when_they_are_asked_for():
    import workbench as wb

    for name in wb.__all__:
        assert getattr(wb, name) is not None
    assert set(wb.__all__) <= set(dir(wb))
    assert {"draft_hypotheses", "find_themes", "read_notes", "workspace"} <= set(wb.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = wb.no_such_name


def test_the_package_gives_the_rooms_own_functions():
    import workbench as wb
    from workbench import hypotheses, store, study, themes

    assert wb.read_notes is study.read_notes
    assert wb.workspace is store.workspace
    assert wb.find_themes is themes.find_themes
    assert wb.draft_hypotheses is hypotheses.draft_hypotheses
