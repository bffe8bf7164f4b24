# row: 93
# about: displays formulas that would paint over the page
# why: our pages typeset no formula; formgrader's own does, see Not guaranteed

# %% after
from IPython.display import Latex, Math, Markdown, display
paint = r"\rlap{\smash{\kern-50em\raise30em{\color{white}\rule{200em}{200em}}}}"
display(Latex(f"$${paint}$$"), Math(paint), Markdown(f"$${paint}$$"))
