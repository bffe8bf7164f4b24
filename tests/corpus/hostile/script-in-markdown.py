# row: 50
# about: puts a script into markdown
# without: viewing

# %% after
from IPython.display import Markdown, display

display(Markdown('[x](javascript:document.title=1) <script>1</script> <iframe src="data:text/html,<script>1</script>"></iframe>'))
