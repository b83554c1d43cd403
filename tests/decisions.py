"""A small study with decisions, so that each of their tests writes only what it is about."""

from workbench.notes import format_call, format_note
from workbench.records import KINDS, first_text
from workbench.store import slug

__all__ = ["call", "decision", "make_study"]

CUSTOMERS = ("Alder Foods", "Birch Studio", "Cedar Textiles", "Dogwood Dental")
SAID = (
    "The import drops rows without a word",
    "Rows are lost in the import",
    "Import rows twice to be sure",
    "Invoices go out late",
)


def call(customer, day, *notes, consent="quote", who="Ana Poe, office manager", segment="field"):
    """A call's text."""
    return format_call(customer, day, who=who, segment=segment, consent=consent) + "\n".join(notes) + "\n"


def make_study(root, *, consent="quote", texts=SAID):
    """Four customers, a note each, in a folder that is there; gives the notes' ids."""
    import workbench as wb

    (root / "interviews").mkdir()
    for i, (customer, text) in enumerate(zip(CUSTOMERS, texts, strict=True)):
        day = f"2026-11-1{i}"
        note = format_note(text, ("pain", "quote")[i % 2])
        (root / "interviews" / f"{day}-c{i}.md").write_text(call(customer, day, note, consent=consent), "utf-8")
    (root / "discovery" / "decisions").mkdir(parents=True)
    (root / "discovery" / "salt").write_text("5a17" * 8 + "\n")
    return wb.read_notes(root)["note"].tolist()


def decision(root, id, **fields):
    """A decision's record, as somebody writes it by hand: from Python none is decided by its status alone."""
    kind = KINDS["decision"]
    file = root / kind.folder / f"{'-'.join(filter(None, (id, slug(fields.get('title', '')))))}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(first_text("decision", {"id": id, "made": fields.get("date", ""), **fields}), "utf-8")
    return file
