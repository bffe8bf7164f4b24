"""A sandbox inherits no object of the fork server that owns a descriptor: collected later, it would close another's."""

import pytest

from autograder.model import Limits
from autograder.sandbox import ForkServer, SandboxControl
from tests.allowances import within

OWNERS = """
import gc, io, os, socket

def own(thing, number):
    try:
        return os.path.samestat(os.stat(thing.name), os.fstat(number))
    except (OSError, AttributeError, TypeError):
        return False

gc.unfreeze()
found = []
for thing in gc.get_objects():
    if type(thing) in (io.FileIO, io.BufferedReader, io.BufferedWriter, socket.socket):
        number = -1 if getattr(thing, "closed", False) else thing.fileno()
        loops = [r for r in gc.get_referrers(thing) if type(r).__name__ == "_UnixSelectorEventLoop"]
        if number > 2 and not own(thing, number) and not loops:
            found.append((type(thing).__name__, number))
print(found)
"""


@pytest.mark.soak
def test_no_file_of_the_fork_server_lives_on_in_a_sandbox() -> None:
    with ForkServer() as server:
        control = SandboxControl(server.control())
        with control.spawn(limits=Limits()) as sandbox:
            result = sandbox.run_cell(OWNERS, index=0, allowance=within(60))
    assert result.status == "ok", result
    text = "".join(output["text"] for output in result.outputs if output.get("name") == "stdout")
    assert text.strip() == "[('socket', 100)]"
