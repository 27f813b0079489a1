"""The hub of deploy/: its configuration loads, keeps learners apart, and its Kubernetes values are keys of the chart.

That two learners really log in and learn is tried with tools/try_hub.py, which needs a JupyterHub.
"""

import os
import pathlib
import runpy
import types

import pytest
import yaml
from traitlets.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What the chart's values.schema.yaml documents, as far as we use it.
CHART = {
    "hub": {"config": {}, "concurrentSpawnLimit": int},
    "singleuser": {
        "image": {"name": str, "tag": str},
        "defaultUrl": str,
        "startTimeout": int,
        "memory": {"guarantee": str, "limit": str},
        "cpu": {"guarantee": float, "limit": int},
        "storage": {"type": str, "capacity": str, "homeMountPath": str},
        "extraEnv": {},
    },
    "prePuller": {"hook": {"enabled": bool}, "continuous": {"enabled": bool}},
    "cull": {"enabled": bool, "timeout": int, "every": int},
}


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """(what deploy/jupyterhub_config.py sets, the folder of the learners)."""
    monkeypatch.setenv("LIVERLAB_HUB_DATA", str(tmp_path))
    monkeypatch.setenv("LIVERLAB_HUB_WORD", "portal venous")
    (tmp_path / "learners.txt").write_text("ann\nben\n")
    config = Config()
    runpy.run_path(str(ROOT / "deploy" / "jupyterhub_config.py"), {"get_config": lambda: config})
    return config, tmp_path


def started(config, name):
    spawner = types.SimpleNamespace(user=types.SimpleNamespace(name=name), environment={})
    config.Spawner.pre_spawn_hook(spawner)
    return spawner.environment


def test_only_those_on_the_list_come_and_idle_servers_end(hub):
    config, _ = hub
    assert config.Authenticator.allowed_users == {"ann", "ben"}
    assert config.SharedPasswordAuthenticator.user_password == "portal venous"
    (role,), (service,) = config.JupyterHub.load_roles, config.JupyterHub.services
    assert role["services"] == [service["name"]]
    assert "jupyterhub_idle_culler" in service["command"]
    assert not any("admin" in scope for scope in role["scopes"])


def test_every_learner_has_their_own_notebooks_and_answers(hub):
    config, data = hub
    ann, ben = started(config, "ann"), started(config, "ben")
    assert ann["LIVERLAB_HOME"] != ben["LIVERLAB_HOME"]
    for name, environment in (("ann", ann), ("ben", ben)):
        home = data / name
        assert pathlib.Path(environment["LIVERLAB_HOME"]).parent == home
        assert config.SimpleLocalProcessSpawner.home_dir_template.format(username=name) == str(home)
        assert sorted(os.listdir(home / "notebooks")) == sorted(os.listdir(ROOT / "notebooks"))
    mine = data / "ann" / "notebooks" / "00_start_here.ipynb"
    mine.write_text("mine")
    started(config, "ann")
    assert mine.read_text() == "mine", "what a learner has saved stays"


def keys(values, chart, path=""):
    for key, value in values.items():
        assert key in chart, f"the chart knows no {path}{key}"
        if isinstance(chart[key], type):
            assert isinstance(value, chart[key]), f"{path}{key} is {value!r}"
        elif chart[key]:
            keys(value, chart[key], f"{path}{key}.")


def megabytes(text: str) -> float:
    return float(text.removesuffix("M"))


def test_kubernetes_values_are_keys_of_the_chart_and_leave_room_for_a_lesson():
    text = (ROOT / "deploy" / "z2jh-values.yaml").read_text(encoding="utf-8")
    assert "NOT RUN ON A CLUSTER" in text
    values = yaml.safe_load(text)
    keys(values, CHART)
    single = values["singleuser"]
    # A server and one lesson in use (benchmarks/learners.py): 150 and 175 MB.
    assert 325 < megabytes(single["memory"]["guarantee"]) < megabytes(single["memory"]["limit"])
    # Mounted over the home, an empty volume would hide the repository.
    assert single["storage"]["homeMountPath"] == single["extraEnv"]["LIVERLAB_HOME"] != "/home/jovyan"
