"""Windows: a process that reads is held to a memory, and ends with the program that started it.

Windows has no limit of a process that it sets itself, but *job objects*: groups of processes with
limits. The program puts each child into a job that ends its processes when its last handle is gone,
however the program ended; the child puts itself into a second job, whose memory it sets before each
file. Where the system refuses one (inside some other jobs), reading goes on without.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass, field
from typing import Any

PROCESS_MEMORY = 0x100  # JOB_OBJECT_LIMIT_PROCESS_MEMORY
KILL_ON_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation

_Word, _Size = ctypes.c_uint32, ctypes.c_size_t


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", _Word),
        ("least_working_set", _Size),
        ("largest_working_set", _Size),
        ("processes", _Word),
        ("affinity", _Size),
        ("priority", _Word),
        ("scheduling", _Word),
    )


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", _Size),
        ("job_memory", _Size),
        ("peak_process_memory", _Size),
        ("peak_job_memory", _Size),
    )


@dataclass(slots=True)
class JobObject:
    """A job of Windows, or nothing on other systems and where Windows refuses it.

    It lasts as long as this object is kept: until then the process holds its handle.
    """

    _kernel: Any = field(default=None, repr=False)
    _handle: int = 0

    @classmethod
    def made(cls) -> JobObject:
        """A new job without limits."""
        kernel = kernel32()
        handle = kernel.CreateJobObjectW(None, None) if kernel is not None else None
        return cls(kernel, handle) if handle else cls()

    def limit(self, flags: int, memory: int = 0) -> bool:
        """Set what holds from now on; whether that could be. ``memory``: bytes of each process."""
        if not self._handle:
            return False
        limits = Limits()
        limits.basic.flags = flags
        limits.process_memory = memory
        size = ctypes.sizeof(limits)
        set_to = self._kernel.SetInformationJobObject
        return bool(set_to(self._handle, EXTENDED_LIMITS, ctypes.byref(limits), size))

    def take(self, process: int) -> bool:
        """Put a process into the job by its handle; whether that could be."""
        return bool(self._handle and self._kernel.AssignProcessToJobObject(self._handle, process))

    def take_this_process(self) -> bool:
        """Put the process that runs this into the job; whether that could be."""
        return bool(self._handle) and self.take(self._kernel.GetCurrentProcess())

    def close(self) -> None:
        """Give the handle back: what is in a job that ends on closing ends."""
        if self._handle:
            self._kernel.CloseHandle(self._handle)
            self._handle = 0


def kernel32() -> Any:
    """The library of Windows that knows jobs, its handles as wide as they are; else None."""
    if sys.platform != "win32":
        return None
    library = ctypes.WinDLL("kernel32", use_last_error=True)
    handle = ctypes.c_void_p
    for name, answer, arguments in (
        ("CreateJobObjectW", handle, (handle, ctypes.c_wchar_p)),
        ("SetInformationJobObject", ctypes.c_int, (handle, ctypes.c_int, handle, _Word)),
        ("AssignProcessToJobObject", ctypes.c_int, (handle, handle)),
        ("GetCurrentProcess", handle, ()),
        ("CloseHandle", ctypes.c_int, (handle,)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = answer, arguments
    return library
