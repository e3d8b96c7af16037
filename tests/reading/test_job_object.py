"""The jobs of Windows, as far as a fake of its library can tell; what stands in for signals."""

import builtins
import ctypes
import faulthandler
import signal
import sys
import types

import pytest
from windows_fakes import Kernel

from clinicreport.ground.own_python import own_python
from clinicreport.reading import isolation, job_object, worker


@pytest.fixture
def kernel(monkeypatch):
    made = Kernel()
    monkeypatch.setattr(job_object, "kernel32", lambda: made)
    for cached in (worker._own_job, isolation._job):
        cached.cache_clear()
    yield made
    for cached in (worker._own_job, isolation._job):
        cached.cache_clear()


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of 64 bits")
def test_the_structures_are_as_large_as_the_documentation_has_them():
    assert ctypes.sizeof(job_object._BasicLimits) == 64
    assert ctypes.sizeof(job_object.Limits) == 144
    assert job_object.Limits.process_memory.offset == 112


def test_a_child_holds_itself_to_a_memory_for_each_file(kernel, monkeypatch):
    real = builtins.__import__

    def without_resource(name, *more, **named):
        if name == "resource":
            raise ImportError(name)
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", without_resource)
    for memory in (1_000_000_000, 4_000_000_000):
        worker.hold_to(memory)
        assert list(kernel.limits.values()) == [(job_object.PROCESS_MEMORY, memory)]
    assert list(kernel.members.values()) == [[-1]]


def test_children_end_with_the_program(kernel, monkeypatch):
    processes = iter([types.SimpleNamespace(_handle=11), types.SimpleNamespace(_handle=12)])
    monkeypatch.setattr(isolation.subprocess, "Popen", lambda *_a, **_k: next(processes))
    monkeypatch.setattr(isolation, "_children", set())
    isolation.Child()
    isolation.Child()
    assert list(kernel.members.values()) == [[11, 12]]
    assert list(kernel.limits.values()) == [(job_object.KILL_ON_CLOSE, 0)]
    assert kernel.closed == []  # it would end them


@pytest.mark.parametrize("refused", ["create", "limit", "assign"])
def test_where_windows_refuses_a_job_reading_goes_on(kernel, refused):
    kernel.refuses = (refused,)
    job = job_object.JobObject.made()
    assert not (job.limit(job_object.KILL_ON_CLOSE) and job.take(5))
    job.close()
    job.close()
    assert len(kernel.closed) == (refused != "create")


def test_here_there_is_none():
    job = job_object.JobObject.made()
    assert not job.limit(job_object.KILL_ON_CLOSE)
    assert not job.take_this_process()


def test_without_alarms_a_timer_ends_a_child_whose_parent_is_gone(monkeypatch):
    told = []
    monkeypatch.delattr(signal, "alarm")
    monkeypatch.setattr(
        faulthandler, "dump_traceback_later", lambda *given, **named: told.append((given, named))
    )
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: told.append("over"))
    worker._end_after(30)
    worker._end_after(0)
    assert told == [((30 + worker.GRACE,), {"exit": True, "file": 1}), "over"]


def test_a_program_without_a_console_starts_the_python_with_streams(tmp_path, monkeypatch):
    for name in ("pythonw.exe", "python.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "pythonw.exe"))
    assert own_python() == str(tmp_path / "python.exe")
    (tmp_path / "python.exe").unlink()
    assert own_python() == str(tmp_path / "pythonw.exe")
