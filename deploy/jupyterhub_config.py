"""JupyterHub for a course on one machine; docs/deploy.md says how to start it, and what it does not protect.

Every learner gets a Jupyter server with a folder of their own below LIVERLAB_HUB_DATA (default: /srv/liverlab): a copy
of the notebooks, and their answers. Logging in asks for a name of the list and for the word all share.
"""

import os
import pathlib
import shutil
import sys

c = get_config()  # noqa: F821 (JupyterHub provides it)

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = pathlib.Path(os.environ.get("LIVERLAB_HUB_DATA", "/srv/liverlab"))
BIN = pathlib.Path(sys.executable).parent

# Who may come. One name a line in `learners.txt`; the word is asked of everybody. For a real course take the log-in of
# your house (OAuthenticator, LDAPAuthenticator, PAM) instead: whoever knows the word can be any learner.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["LIVERLAB_HUB_WORD"]
c.Authenticator.allowed_users = set((DATA / "learners.txt").read_text(encoding="utf-8").split())

# One process a learner, all under the account that runs the hub: no root, no accounts on the machine, and no wall
# between learners either. docs/deploy.md names the spawners that build one.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(DATA / "{username}")
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
c.Spawner.default_url = "/voila"  # the lessons as pages; "/lab/tree/notebooks/00_start_here.ipynb" for JupyterLab
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.Spawner.args = [
    "--ServerApp.terminals_enabled=False",
    # The kernel of a page that went without a word, and of a notebook left open over night.
    "--MappingKernelManager.cull_idle_timeout=1200",
    "--MappingKernelManager.cull_interval=60",
]

# A server and a lesson take some 300 MB: 30 learners need 9 GB. Starting is what costs processor time.
c.JupyterHub.active_server_limit = int(os.environ.get("LIVERLAB_HUB_LEARNERS", "30"))
c.JupyterHub.concurrent_spawn_limit = 2 * (os.cpu_count() or 1)


def give_notebooks(spawner):
    """Before a learner's server starts: their folder, with the notebooks if they have none yet."""
    home = DATA / spawner.user.name
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "notebooks").exists():
        shutil.copytree(ROOT / "notebooks", home / "notebooks")
    spawner.environment = {"LIVERLAB_HOME": str(home / "answers"), "JUPYTER_PREFER_ENV_PATH": "1"}


c.Spawner.pre_spawn_hook = give_notebooks

# What the hub itself keeps.
c.JupyterHub.db_url = f"sqlite:///{DATA}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(DATA / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(DATA / "proxy.pid")

# Servers nobody has used for an hour end; answers are on disk.
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600", "--cull-every=300"],
    }
]
