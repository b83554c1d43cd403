"""Discovery Workbench: from customer-call notes to themes, falsifiable hypotheses and a report that can be checked.

>>> import workbench as wb
>>> sorted(wb.__all__) == wb.__all__
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# At once, and it loads next to nothing: later, its module would take the place of the function that is named as it is.
from workbench.open_week import open_week

__version__ = "0.1.0"
__all__ = [
    "Report",
    "ThemeModel",
    "add_notes",
    "append_records",
    "check",
    "check_hypothesis",
    "count_people",
    "create_record",
    "decide",
    "draft_hypotheses",
    "evidence_table",
    "expect_new_themes",
    "export_report",
    "find_fragile",
    "find_themes",
    "ice",
    "kano",
    "keep_apart",
    "keep_themes",
    "label_corpus",
    "leave_out",
    "measure_drift",
    "measure_saturation",
    "merge_themes",
    "moscow",
    "move_notes",
    "new_theme",
    "next_calls",
    "open_week",
    "pin_together",
    "propose",
    "rank_against",
    "read_calls",
    "read_corpus",
    "read_customers",
    "read_ledger",
    "read_notes",
    "read_records",
    "read_study",
    "read_transcript",
    "redo",
    "rename_theme",
    "replace_transcript",
    "rice",
    "sample_size",
    "score_confidence",
    "set_aside",
    "split_theme",
    "suggest_metrics",
    "theme_changes",
    "today",
    "undo",
    "update_record",
    "workspace",
]

# Where each name lives. They are fetched when first used, so that `import workbench` stays quick and a command that
# only lists notes never loads scikit-learn.
_HOMES = {
    "Report": "workbench.report.sections",
    "ThemeModel": "workbench.themes",
    "add_notes": "workbench.themes.new_notes",
    "append_records": "workbench.store",
    "check": "workbench.checks",
    "check_hypothesis": "workbench.hypotheses",
    "count_people": "workbench.evidence",
    "create_record": "workbench.record_files",
    "decide": "workbench.deciding",
    "draft_hypotheses": "workbench.hypotheses",
    "evidence_table": "workbench.evidence",
    "expect_new_themes": "workbench.evidence",
    "export_report": "workbench.report.export",
    "find_fragile": "workbench.evidence",
    "find_themes": "workbench.themes",
    "ice": "workbench.hypotheses",
    "kano": "workbench.hypotheses",
    "keep_apart": "workbench.themes.acts",
    "keep_themes": "workbench.themes.acts",
    "label_corpus": "workbench.labelling",
    "leave_out": "workbench.evidence",
    "measure_drift": "workbench.themes.new_notes",
    "measure_saturation": "workbench.evidence",
    "merge_themes": "workbench.themes.acts",
    "moscow": "workbench.hypotheses",
    "move_notes": "workbench.themes.acts",
    "new_theme": "workbench.themes.acts",
    "next_calls": "workbench.evidence",
    "pin_together": "workbench.themes.acts",
    "propose": "workbench.hypotheses",
    "rank_against": "workbench.evidence",
    "read_calls": "workbench.store",
    "read_corpus": "workbench.corpus",
    "read_customers": "workbench.study",
    "read_ledger": "workbench.store",
    "read_notes": "workbench.study",
    "read_records": "workbench.record_files",
    "read_study": "workbench.study",
    "read_transcript": "workbench.transcripts",
    "redo": "workbench.themes.acts",
    "rename_theme": "workbench.themes.acts",
    "replace_transcript": "workbench.mend_transcript",
    "rice": "workbench.hypotheses",
    "sample_size": "workbench.hypotheses",
    "score_confidence": "workbench.hypotheses",
    "set_aside": "workbench.themes.acts",
    "split_theme": "workbench.themes.acts",
    "suggest_metrics": "workbench.hypotheses",
    "theme_changes": "workbench.themes.changes",
    "today": "workbench.newest",
    "undo": "workbench.themes.acts",
    "update_record": "workbench.record_files",
    "workspace": "workbench.store",
}

if TYPE_CHECKING:
    from workbench.checks import check
    from workbench.corpus import read_corpus
    from workbench.deciding import decide
    from workbench.evidence import (
        count_people,
        evidence_table,
        expect_new_themes,
        find_fragile,
        leave_out,
        measure_saturation,
        next_calls,
        rank_against,
    )
    from workbench.hypotheses import (
        check_hypothesis,
        draft_hypotheses,
        ice,
        kano,
        moscow,
        propose,
        rice,
        sample_size,
        score_confidence,
        suggest_metrics,
    )
    from workbench.labelling import label_corpus
    from workbench.mend_transcript import replace_transcript
    from workbench.newest import today
    from workbench.record_files import create_record, read_records, update_record
    from workbench.report.export import export_report
    from workbench.report.sections import Report
    from workbench.store import append_records, read_calls, read_ledger, workspace
    from workbench.study import read_customers, read_notes, read_study
    from workbench.themes import ThemeModel, find_themes
    from workbench.themes.acts import (
        keep_apart,
        keep_themes,
        merge_themes,
        move_notes,
        new_theme,
        pin_together,
        redo,
        rename_theme,
        set_aside,
        split_theme,
        undo,
    )
    from workbench.themes.changes import theme_changes
    from workbench.themes.new_notes import add_notes, measure_drift
    from workbench.transcripts import read_transcript


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
