# row: 35
# about: writes one file without end

# %% before
with open('big', 'wb') as file:
    while True:
        file.write(bytes(1 << 20))
