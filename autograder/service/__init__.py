"""The grader as a service that JupyterHub manages: grades what students submit, shows them and staff what came of it.

Owns four things: receipts of what arrived in the exchange (`arrivals`, `receipts`), the desk that grades them and hands
results on (`desk`, `publish`), who may see and do what (`access`), and the pages and their JSON twin (`pages`, `api`).
Grading, scoring, gradebook and feedback are the layers' below, the same as for the command line; student code runs in
their sandboxes and never as this process.

Started as ``python -m autograder.service`` with JupyterHub's own variables and those of `settings`.
"""
