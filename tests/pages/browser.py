"""Chromium driven by its DevTools protocol, as far as these tests need it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FOUND = next(filter(None, map(shutil.which, NAMES)), None)
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars"
    " --no-first-run --disable-extensions --remote-debugging-port=0"
).split()


class Browser:
    """One tab; its requests are kept in `requests`, what its console says in `said`."""

    def __init__(self, folder: Path):
        self._process = subprocess.Popen(
            [str(FOUND), *_FLAGS, f"--user-data-dir={folder}", "about:blank"],
            stderr=subprocess.DEVNULL,
        )
        port = folder / "DevToolsActivePort"
        for _ in range(300):
            if port.is_file() and port.read_text().strip():
                break
            time.sleep(0.1)
        number = port.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/json/list") as answer:
            tabs = json.load(answer)
        address = next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"]
        self._loop = asyncio.new_event_loop()
        self._socket = self._loop.run_until_complete(_connected(address))
        self._number = 0
        self.scripts = True
        self.requests: list[str] = []
        self.said: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params) -> dict:
        """One command and its answer; events on the way are noted."""
        self._number += 1
        number = self._number
        message = json.dumps({"id": number, "method": method, "params": params})
        self._loop.run_until_complete(_sent(self._socket, message))
        while True:
            answer = self._read(60)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self._note(answer)

    def open(self, address: str) -> float:
        """Open a page; seconds until it was loaded."""
        started = time.monotonic()
        self.requests.clear()
        self.said.clear()
        self._loaded = False
        self.call("Page.navigate", url=address)
        while not self._loaded:
            self._note(self._read(60))
        if self.scripts:
            self.run(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
        return time.monotonic() - started

    def allow_scripts(self, allowed: bool) -> None:
        """Whether pages opened from now on run any script."""
        self.scripts = allowed
        self.call("Emulation.setScriptExecutionDisabled", value=not allowed)

    def run(self, script: str):
        """The value of an expression, or of what it promises."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        answer = self.call("Runtime.evaluate", **asked)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key."""
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        """The window's size, and which colours the reader prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        prefers = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[prefers])

    def picture(self, path: Path) -> None:
        """What the window shows."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def close(self) -> None:
        """End the browser that was started here."""
        with contextlib.suppress(Exception):
            self.call("Browser.close")
        self._socket.close()
        self._process.wait(20)
        self._loop.close()

    def _read(self, seconds: float) -> dict:
        return json.loads(self._loop.run_until_complete(_read(self._socket, seconds)))

    def _note(self, event: dict) -> None:
        params = event.get("params", {})
        if event["method"] == "Page.loadEventFired":
            self._loaded = True
        elif event["method"] == "Network.requestWillBeSent":
            if not (url := params["request"]["url"]).startswith("data:image"):  # its own signs
                self.requests.append(url)
        elif event["method"] == "Runtime.exceptionThrown":
            self.said.append(json.dumps(params["exceptionDetails"])[:300])
        elif event["method"] == "Log.entryAdded":
            self.said.append(params["entry"]["text"])
        elif event["method"] == "Page.javascriptDialogOpening":
            self.said.append(f"a dialog: {params['message']}")


async def _connected(address: str):
    from tornado.websocket import websocket_connect

    return await websocket_connect(address, max_message_size=1 << 28)


async def _sent(socket, message: str) -> None:
    await socket.write_message(message)


async def _read(socket, seconds: float):
    return await asyncio.wait_for(socket.read_message(), seconds)
