"""Processes of the trusted side: the fork server, the judge's end of a sandbox, its guard and its folders."""
