# row: 50
# about: writes a script into its own cell
# without: viewing

# %% after
# <script>document.title=1</script> <img src=x onerror=1>
text = '</pre></code><script>document.title=1</script>'
print(text)
