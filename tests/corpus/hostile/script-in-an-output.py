# row: 50
# about: puts a script into an output
# without: viewing

# %% after
from IPython.display import HTML, Javascript, display

display(HTML('<script>document.title="pwned"</script><img src=x onerror="document.title=1">'))
display(Javascript('document.title=1'))
