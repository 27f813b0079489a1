# Settings of app mode, read by Voila alone and by the Voila inside a Jupyter server (Binder, hubs).
from liverlab.app import app_page

c = get_config()  # noqa: F821 (Voila's loader provides it)

c.VoilaConfiguration.template = "liverlab"
c.VoilaConfiguration.classic_tree = True
c.VoilaConfiguration.allow_template_override = "NO"
c.VoilaConfiguration.allow_theme_override = "NO"
c.VoilaConfiguration.page_config_hook = app_page.add_lessons
c.VoilaConfiguration.extension_allowlist = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]
c.VoilaConfiguration.file_allowlist = [r".*\.png"]
c.VoilaExporter.preprocessors = ["liverlab.app.app_page.LessonCells"]
c.VoilaExporter.markdown_renderer_class = "liverlab.app.app_page.Text"

# One page of the class codes is enough, and need not be quick.
c.VoilaKernelManager.preheat_denylist = [r".*teacher\.ipynb"]

# A page that has gone leaves its kernel behind; Voila itself never ends one.
c.MappingKernelManager.cull_connected = False
c.MappingKernelManager.cull_busy = False
c.MappingKernelManager.cull_idle_timeout = 300
c.MappingKernelManager.cull_interval = 60
