"""Ctrl-C during the bookkeeping of a run is put off, never lost."""

import os
import signal
import threading

import pytest

from autograder.grading.interrupts import Interrupts

pytestmark = pytest.mark.usefixtures("listening")


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(0.05)  # the handler runs between two instructions of the main thread


def test_an_interrupt_waits_for_the_moment_at_which_nothing_is_half_written() -> None:
    with Interrupts() as interrupts:
        interrupts.check()
        ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()


def test_where_the_run_waits_it_comes_at_once() -> None:
    with Interrupts() as interrupts:

        def wait() -> None:
            with interrupts.allowed():
                ctrl_c()

        with pytest.raises(KeyboardInterrupt):
            wait()


def test_a_second_one_is_not_put_off() -> None:
    with Interrupts():
        ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()


def test_afterwards_and_in_other_threads_python_does_as_ever() -> None:
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    thread = threading.Thread(target=lambda: Interrupts().__enter__())
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
