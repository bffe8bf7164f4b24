"""How good a hidden suite is: wrong programs it lets pass, and right ones it does not.

Owns the mutants of the reference's answers, the survey that grades them and the corpus through the real judge, the
list of justified survivors (``survivors.toml``) and the table in the suite's notes. It changes no grade; nothing else
imports it but the command line. Needs the mutation library of the optional group ``quality``.
"""
