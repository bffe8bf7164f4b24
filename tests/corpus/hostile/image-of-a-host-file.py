# row: 51
# about: shows images whose addresses are files of the host
# without: viewing

# %% after
from IPython.display import HTML, Markdown, display

display(HTML('<img src="file:///etc/passwd"><object data="/etc/passwd"></object><link rel=stylesheet href="file:///etc/hosts">'))
display(Markdown('![x](/etc/passwd)'))
