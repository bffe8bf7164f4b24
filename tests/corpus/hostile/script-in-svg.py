# row: 50
# about: puts a script into an SVG image
# without: viewing

# %% after
from IPython.display import SVG, display

display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1"><script>1</script><a href="javascript:1"><text>x</text></a></svg>'))
