"""What went wrong with a download, in a sentence that says what to do."""

import errno
import gzip
import tarfile
import urllib.error

from cnn_core.data.catalog import DatasetError, DatasetInfo
from cnn_core.files import home, megabytes

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


def explain(info: DatasetInfo, error: Exception) -> str:
    """The sentence for `error`, met while `info`'s dataset was fetched, unpacked or written."""
    if isinstance(error, DatasetError):
        return str(error)
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL:
        return (
            f"The disk became full while {info.title} was being written. It needs "
            f"{megabytes(info.needed_bytes)} in {home()}. Nothing was kept. "
            "Free some space, or set CONVLENS_HOME to another disk."
        )
    if number in _FORBIDDEN:
        return (
            f"{info.title} cannot be stored: {home()} may not be written. "
            "Set CONVLENS_HOME to a folder that may."
        )
    if isinstance(error, ImportError):
        return f"{info.title} cannot be downloaded: torchvision is not installed. See requirements.txt."
    if "corrupted" in str(error) or isinstance(error, EOFError | gzip.BadGzipFile | tarfile.TarError):
        return f"{info.title} arrived damaged (its checksum is wrong) and was thrown away. Try again."
    # torchvision gathers what its mirrors answered in one RuntimeError
    if isinstance(error, urllib.error.URLError | ConnectionError | TimeoutError | RuntimeError):
        return (
            f"{info.title} could not be downloaded: none of the servers that offer it answers this machine. "
            "Check the network, or carry on with what is here: the built-in digits need none."
        )
    what = f"{type(error).__name__}: {_first_line(error)}"
    return f"{info.title} could not be downloaded ({what}). Nothing was kept."


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no details"])[0][:160]
