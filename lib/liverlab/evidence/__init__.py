"""Evidence: casesdata in. Parameters with range, unit, basis and source; cases; published series; Scenario and code.

>>> ev = load()
>>> scenario = Scenario("gist_imatinib").with_changes(delay_s=35)
>>> ev.values(scenario)["delay_s"]
35.0
>>> Scenario.from_code(scenario.code(), ev) == scenario
True
"""

from liverlab.evidence.cases import Case, LesionSpec, PublishedFact
from liverlab.evidence.founding import Claim
from liverlab.evidence.locate import data_folder
from liverlab.evidence.problems import EvidenceError, Problem
from liverlab.evidence.references import Reference
from liverlab.evidence.scenario import ACTION_KINDS, NEW_LESION_CALLS, Action, Scenario
from liverlab.evidence.scenario_code import ScenarioCodeError
from liverlab.evidence.store import Evidence, load
from liverlab.evidence.tables import Lab, Parameter, Tissue

__all__ = [
    "ACTION_KINDS",
    "NEW_LESION_CALLS",
    "Action",
    "Case",
    "Claim",
    "Evidence",
    "EvidenceError",
    "Lab",
    "LesionSpec",
    "Parameter",
    "Problem",
    "PublishedFact",
    "Reference",
    "Scenario",
    "ScenarioCodeError",
    "Tissue",
    "data_folder",
    "load",
]
