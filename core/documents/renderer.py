"""The process that makes one PDF. Run by its path: it loads nothing of the product, and ends when the PDF is written.

A layout engine, fed with what people wrote, may take any time and memory. Here that ends one process with a limit on
both, not the worker. It opens no address: what a document may show are the files of its job, each by a name that means
nothing outside it, and no folder, host or scheme can be written that leads anywhere else.

Standard input is the job in JSON: {html, pdf, parts: {name: [path, media type]}, attached: {name: what it is}, memory,
cpu}. The exit code says how it went: 0, `OUT_OF_MEMORY`, or anything else for a fault, which is told on standard error.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, Final

OUT_OF_MEMORY: Final = 3
SCHEME: Final = "part:"
"""Begins the address of a file of the job, as templates write it."""
VARIANT: Final = "pdf/a-3a"
"""Tagged, in Unicode, for archives, and may carry files; its tags are those that PDF/UA asks for."""
_RELATION: Final = "Data"
"""What an attached file is to the document: the data that it is made of (ISO 32000, 7.11.3)."""
_DPI: Final = 200
"""Pictures are embedded no finer than this on paper."""
_QUALITY: Final = 80
_LARGEST_FILE: Final = 256 << 20
_PATIENCE: Final = 5
_PARENT_DIES: Final = 1
"""PR_SET_PDEATHSIG of Linux: the signal that this process gets when its parent has ended."""


def main() -> None:
    """Do the job on standard input."""
    ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGKILL)  # no worker, no document
    job = json.load(sys.stdin)
    _limit(job)
    try:
        _render(job)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _limit(job: dict[str, Any]) -> None:
    os.nice(_PATIENCE)
    for limit, most in (
        (resource.RLIMIT_AS, job["memory"]),
        (resource.RLIMIT_CPU, job["cpu"]),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        # The hard limit on time is later: at the soft one the system says SIGXCPU, at the hard one only SIGKILL.
        resource.setrlimit(limit, (most, most + (limit == resource.RLIMIT_CPU)))


def _render(job: dict[str, Any]) -> None:
    from weasyprint import HTML, Attachment  # under the limits, as all that follows

    fetcher = _fetcher(job["parts"])
    page = HTML(string=Path(job["html"]).read_text("utf-8"), base_url=SCHEME, url_fetcher=fetcher)
    attached = [
        Attachment(filename=job["parts"][name][0], name=name, description=said, relationship=_RELATION)
        for name, said in job["attached"].items()
    ]
    page.write_pdf(
        job["pdf"],
        pdf_variant=VARIANT,
        pdf_tags=True,
        optimize_images=True,
        jpeg_quality=_QUALITY,
        dpi=_DPI,
        attachments=attached,
    )


def _fetcher(parts: dict[str, tuple[str, str]]) -> Any:
    """Return what opens the files of the job and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Parts(URLFetcher):
        """It never reaches what its parent can: every address comes through `fetch`."""

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - its parent's signature
            name = url.removeprefix(SCHEME)
            if name == url or name not in parts:
                raise ValueError(f"not of this document: {url[:200]}")
            path, media_type = parts[name]
            return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": media_type})

    return Parts()


if __name__ == "__main__":
    main()
