// A JupyterLab extension as its loader wants one, written by hand: a container with one plug-in and no dependency.
// nbgrader's assignment list has a Validate button for each notebook, which no setting removes. What it would start
// is not there (see course/validate.py), so the button is not shown either.
(function () {
  const containers = (window._JUPYTERLAB = window._JUPYTERLAB || {});
  const plugin = {
    id: "@autograder/course:plugin",
    autoStart: true,
    activate() {
      const style = document.createElement("style");
      style.textContent = "#fetched_assignments_list .nested_list_item .item_status button { display: none; }";
      document.head.append(style);
    },
  };
  containers["@autograder/course"] = {
    init() {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
