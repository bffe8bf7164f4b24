# row: 50
# about: raises an exception whose text is a script
# without: viewing

# %% after
raise ValueError('<script>document.title=1</script>')
