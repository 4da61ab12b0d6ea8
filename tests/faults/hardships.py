"""What makes a process that runs a command fare badly, and disks that do."""

import ctypes
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def without_privileges() -> None:
    """Let what a file's mode says hold for root as well, who may otherwise write anything."""
    if os.geteuid() == 0:
        version = (ctypes.c_uint32 * 2)(0x20080522, 0)
        nothing = (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None, use_errno=True).capset(version, nothing) == 0


def with_files_up_to(size: int) -> None:
    """Let no file become longer; whoever writes beyond is told so, and not killed."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """A disk of so many bytes at this folder; False where none can be mounted, as in most containers."""
    folder.mkdir()
    options = ("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    is_there = bool(shutil.which("mount")) and subprocess.run(["mount", *options], capture_output=True).returncode == 0
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes what is left of the disk."""
    file = folder / "filling"
    with file.open("wb", buffering=0) as filling, suppress(OSError):
        while filling.write(b"\0" * 4096):
            pass
    return file
