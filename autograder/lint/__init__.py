"""Lint: finds an author's mistakes before a student meets them.

Reads an assignment's own files (suite, master notebook, what would be released) and tells what is wrong with them as
`findings.Finding`, with file and line. It changes nothing. `names` and `release` run nothing of the suite; `running`
has the instructor's and the students' notebooks run in sandboxes, once reading has found nothing.
"""
