"""Pages on demand, for the reader on this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

from analysis.corpus import Corpus
from analysis.files import figures_folder, project_root
from analysis.pages.render import policy
from analysis.pages.site import FRONT, Site

LOOPBACK = "127.0.0.1"
_SERVED = "; img-src data:; frame-ancestors 'none'"  # pages themselves allow less
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page_server(site: Site, port: int = 0) -> HTTPServer:
    """A server of a corpus's pages on the loopback address, each made when it is asked for.

    It answers GET and HEAD for names of pages, and nothing that another site's page could ask in
    the name of a reader: whoever does not call it by the loopback address is refused.

    Parameters
    ----------
    site : Site
    port : int
        Any that is free if 0.
    """

    class Answers(BaseHTTPRequestHandler):
        server_version, sys_version = "twicetold", ""

        def do_GET(self) -> None:
            self._answer(send=True)

        def do_HEAD(self) -> None:
            self._answer(send=False)

        def log_message(self, *_) -> None:
            """Nothing is logged: what somebody reads is theirs."""

        def _answer(self, *, send: bool) -> None:
            own = {f"{name}:{self.connection.getsockname()[1]}" for name in (LOOPBACK, "localhost")}
            name = self.path.partition("?")[0].removeprefix("/") or FRONT
            if self.headers.get("Host") not in own:
                self.send_error(421)
            elif (made := site.files.get(name)) is None:  # a name, and no path: nothing is opened
                self.send_error(404)
            else:
                page = made().encode("utf-8", "replace")
                self.send_response(200)
                for header, value in _HEADERS.items():
                    self.send_header(header, value)
                self.send_header("Content-Security-Policy", f"{policy()}{_SERVED}")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                if send:
                    self.wfile.write(page)

    return HTTPServer((LOOPBACK, port), Answers)


def serve_pages(
    corpus: Corpus, *, port: int = 0, withheld: bool = False, say: Callable[[str], None] = print
) -> None:
    """Serve the pages of a corpus to this machine until it is stopped.

    Parameters
    ----------
    corpus : Corpus
    port : int
        Any that is free if 0.
    withheld : bool
        Show words also where the corpus's texts may not be shared.
    say : callable
        Takes the address.
    """
    figures = figures_folder(project_root()) / corpus.name
    site = Site(corpus, withheld=withheld, whole=True, figures=figures)
    with page_server(site, port) as server:
        say(f"http://{LOOPBACK}:{server.server_port}/ (to this machine alone; Ctrl+C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("ended.")
