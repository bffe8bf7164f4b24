# row: 50
# about: raises an exception whose text is a script

# %% after
raise ValueError('<script>document.title=1</script>')
