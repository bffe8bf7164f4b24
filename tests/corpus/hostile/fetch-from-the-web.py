# row: 46
# about: fetches a page
# why: as connect-by-tcp; the server of the test never answers

# %% after
import urllib.request

attempt(lambda: urllib.request.urlopen(f'http://127.0.0.1:{TCP_PORT}/', timeout=2))
