"""Students' servers: nobody is asked for news, and JupyterLab loads the extension that lies beside this file."""

from pathlib import Path

c = get_config()  # noqa: F821
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LabApp.extra_labextensions_path.append(str(Path(__file__).resolve().parent / "labextensions"))
