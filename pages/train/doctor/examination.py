"""Examine a run: what the rules find in it, the numbers that show it, and the experiment that tests it."""

from functools import partial

import pandas as pd
import streamlit as st

from cnn_core.doctor.examination import RULES
from cnn_core.doctor.rules.base import Finding
from cnn_core.figures.picture import Picture
from cnn_core.judge import metrics
from cnn_core.runs import live, records
from cnn_core.runs.history import Run
from pages.train.doctor.charts import curve_table, draw_curve
from pages.train.doctor.choice import pick_run
from pages.train.doctor.experiment import builder_link
from pages.train.doctor.keys import Key
from pages.ui.controls import fold
from pages.ui.examined import findings_in
from pages.ui.keys import Shared
from pages.ui.predict import Choice, Question, digest, predict_first, predict_toggle
from pages.ui.run_names import run_key, run_name
from pages.ui.site import link_to
from pages.ui.twin import Table, twin
from pages.ui.words import as_text, count, sentence

OTHERS, NOTHING = 3, "to none of them: every answer is yes"
LAYOUT = f"""<style>
.st-key-{Key.FINDINGS} > :first-child {{ flex: 1.2 1 22rem; min-width: min(22rem, 100%); }}
.st-key-{Key.FINDINGS} > :last-child {{ flex: 1 1 20rem; min-width: min(20rem, 100%); }}
</style>"""


def show() -> None:
    """Choose a run, and see what is found in it."""
    st.html(LAYOUT)
    head = pick_run()
    if head is None:
        return
    try:
        run = live.read(head.id)
        findings = findings_in(run)
    except records.RunError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    name = run_name(head)
    if not predict_first(predict_toggle(Key.PREDICT), _question(run, findings)):
        pictures, tables = _seen(run, (), name)
        if tables:
            twin("The numbers behind it", tables, pictures, name)
        return
    with st.container(horizontal=True, gap="medium", key=Key.FINDINGS):
        with st.container(gap="small"):
            _findings(run, findings)
        with st.container(gap="small"):
            pictures, tables = _seen(run, findings, name)
    if tables:
        twin("The numbers behind it", tables, pictures, name)
    fold(f"The {len(RULES)} rules", Key.RULES, ":material/checklist:", partial(_rules, findings))


def _question(run: Run, findings: tuple[Finding, ...]) -> Question:
    """What the gravest finding will be, among rules that are silent; its curve is there to look at."""
    found = {finding.rule for finding in findings}
    silent = [rule for rule in RULES if rule not in found]
    # Others on each run, the same in every session.
    start = int(digest(run.id), 16) % max(1, len(silent))
    others = [silent[(start + 7 * step) % len(silent)] for step in range(OTHERS)] if silent else []
    right = findings[0].rule if findings else NOTHING
    options = dict.fromkeys(sorted({*others, right} - {NOTHING}, key=list(RULES).index))
    said = f"It says: {findings[0].sentence}" if findings else f"All {len(RULES)} rules are silent."
    return Question(
        f"{Key.GUESS}-{digest(run.id, right)}",
        f"The doctor puts {len(RULES)} questions to a run, the gravest first; of a healthy run each answer is **yes**."
        " To which question is this run's first **no**?",
        Choice((*options, NOTHING), right),
        as_text(said, 600),
    )


def _findings(run: Run, findings: tuple[Finding, ...]) -> None:
    if not findings:
        st.success(f"**Nothing found by {len(RULES)} rules.**", icon=":material/check_circle:")
    for finding in findings:
        icon = ":material/info:" if finding.explained else ":orange[:material/troubleshoot:]"
        with st.container(border=True, gap="small"):
            st.markdown(f"{icon} **{as_text(finding.sentence)}**  \n{as_text(finding.evidence, 600)}")
            st.caption(finding.cause)
            experiment = finding.experiment
            if experiment.page == "builder":
                link_to("builder", as_text(experiment.words), builder_link(run, experiment))
            else:
                link_to(experiment.page, as_text(experiment.words), {Shared.MODEL: run_key(run.id)})


def _seen(run: Run, findings: tuple[Finding, ...], name: str) -> tuple[list[Picture], dict[str, Table]]:
    """The curve in which the gravest finding is seen, or the loss; the tables behind it."""
    if not run.batches:
        return [], {}
    shown = next((one.shown for one in findings if one.shown in ("loss", "accuracy")), "loss")
    tables: dict[str, Table] = {shown.capitalize(): curve_table(run, shown)}
    if run.test is not None and any(one.shown == "matrix" for one in findings):
        matrix = run.test["confusion_matrix"]
        classes = [str(number) for number in range(len(matrix))]
        tables["Confusion matrix: a row is a true class"] = metrics.labelled(matrix, classes)
    return [draw_curve(run, shown, name)], tables


def _rules(findings: tuple[Finding, ...]) -> None:
    said = {finding.rule: finding.sentence for finding in findings}
    st.caption(f"{count(len(said), 'finding')} by {count(len(RULES), 'rule')}, the gravest first.")
    frame = {"asked": list(RULES), "found": [said.get(rule, "") for rule in RULES]}
    st.dataframe(pd.DataFrame(frame), hide_index=True, height="content")
