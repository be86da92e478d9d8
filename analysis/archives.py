"""Archives that `twicetold share` wrote: read by name and never unpacked, with nothing besides."""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analysis.errors import FeaturesError

DESCRIPTIONS = ("metadata.csv", "corpus.yml", "codebook.yml")
# what zipfile raises for a damaged member, one with a password, or a method it does not know
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    RuntimeError,
    EOFError,
    RecursionError,
    zlib.error,
    lzma.LZMAError,
)
_LARGE, _DENSEST = 1 << 26, 20  # bytes; how many unpacked of one: Parquet is packed already
_MOST = 10_000  # members


class Archive:
    """A zip with the files of one features folder.

    Parameters
    ----------
    path : Path
    manifest : str
        The file that says which others there are.

    Raises
    ------
    FeaturesError
        If it holds no manifest, is damaged, or would grow out of all proportion.
    """

    def __init__(self, path: Path, manifest: str):
        self._path = path
        try:
            with zipfile.ZipFile(path) as archive:
                about = archive.infolist()
                self._names = [one.filename for one in about]
                found = [name for name in self._names if name.endswith(f"/features/{manifest}")]
                if len(found) != 1 or len(about) > _MOST:
                    raise FeaturesError(
                        f"{path} holds no {manifest}: it is not an archive of `twicetold share`."
                    )
                packed, unpacked = (
                    sum(getattr(one, size) for one in about)
                    for size in ("compress_size", "file_size")
                )
                if unpacked > max(4 * _LARGE, _DENSEST * min(packed, path.stat().st_size)):
                    raise OSError(f"would unpack {packed:,} bytes to {unpacked:,}")
                self._folder = found[0].removesuffix(f"features/{manifest}")
                self.manifest = json.loads(_member(archive, found[0]))
        except _ZIP_ERRORS as error:
            raise FeaturesError(
                f"{path} is not an archive of `twicetold share`, or is damaged ({error})."
            ) from None

    def refuse_others(self, files: Iterable[str]) -> None:
        """Refuse an archive that holds other files than a manifest lists.

        Parameters
        ----------
        files : iterable of str
            Those of the features folder.

        Raises
        ------
        FeaturesError
            With the files that are missing, or are too many.
        """
        needed = {f"{self._folder}features/{file}" for file in files}
        free = {f"{self._folder}{file}" for file in DESCRIPTIONS}
        there = Counter(self._names)
        twice = sorted(name for name, n in there.items() if n > 1)
        for what, names in (
            ("lacks", sorted(needed - there.keys())),
            ("holds what its manifest does not list:", sorted(there.keys() - needed - free)),
            ("holds twice:", twice),
        ):
            if names:
                more = f" and {len(names) - 5} others" if len(names) > 5 else ""
                raise FeaturesError(
                    f"{self._path} {what} {', '.join(names[:5])}{more}; fetch it again."
                )

    def read(self, file: str) -> io.BytesIO:
        """A file of the features folder; no path can lead out of the archive.

        Parameters
        ----------
        file : str

        Raises
        ------
        OSError
            If it is missing, damaged, or would grow out of all proportion.
        """
        with zipfile.ZipFile(self._path) as archive:
            try:
                return io.BytesIO(_member(archive, f"{self._folder}features/{file}"))
            except (*_ZIP_ERRORS, KeyError) as error:
                raise OSError(str(error)) from None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member of an archive, unless it would grow out of all proportion when it is unpacked."""
    about = archive.getinfo(name)
    if about.file_size > max(_LARGE, _DENSEST * about.compress_size):
        raise OSError(f"{name} would unpack {about.compress_size:,} bytes to {about.file_size:,}")
    with archive.open(name) as stream:  # the size in the list of contents may be wrong
        data = stream.read(about.file_size + 1)
    if len(data) != about.file_size:
        raise OSError(f"{name} is not as large as the list of contents says")
    return data
