"""One headless Chromium, spoken to over its debugging pipe; nothing but the standard library."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE = 60.0


class Chrome:
    """Shows pages from files with scripts off, as mail programs do."""

    def __init__(self, program: str = "chromium") -> None:
        self.folder = tempfile.mkdtemp(prefix="extortion-milter-chrome.")
        to_child, self.to = os.pipe()
        self.come, from_child = os.pipe()
        # Chromium reads on 3 and writes on 4; a shell puts them there.
        place = f'exec "$@" 3<&{to_child} 4>&{from_child}'
        options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-extensions", "--disable-lcd-text", "--font-render-hinting=none",
            f"--user-data-dir={self.folder}", "--remote-debugging-pipe", "about:blank",
        ]
        self.process = subprocess.Popen(
            ["bash", "-c", place, "bash", program, *options],
            pass_fds=(to_child, from_child), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        self.rest = b""
        self.numbers = itertools.count(1)
        self.session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")
        self.ask("Emulation.setScriptExecutionDisabled", value=True)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.come)
        for _ in range(20):  # its children let go a little later
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                break
            time.sleep(0.1)

    def _read(self) -> dict:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.come], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self.come, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError("Chromium does not answer")
            self.rest += data
        one, _, self.rest = self.rest.partition(b"\0")
        return json.loads(one)

    def ask(self, method: str, **params: object) -> dict:
        number = next(self.numbers)
        call: dict = {"id": number, "method": method, "params": params}
        if self.session:
            call["sessionId"] = self.session
        os.write(self.to, json.dumps(call).encode() + b"\0")
        while True:
            said = self._read()
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']['message']}")
                return said["result"]

    def size(self, width: int, height: int) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def show(self, path: str) -> None:
        number = next(self.numbers)
        call = {"id": number, "method": "Page.navigate", "params": {"url": f"file://{path}"}, "sessionId": self.session}
        os.write(self.to, json.dumps(call).encode() + b"\0")
        answered = loaded = False
        while not (answered and loaded):
            said = self._read()
            answered = answered or said.get("id") == number
            loaded = loaded or said.get("method") == "Page.loadEventFired"

    def picture(self, whole: bool = False) -> bytes:
        """What is on the screen, as PNG; or the page from top to bottom."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"])

    def boxes(self, selector: str) -> list[tuple[float, float, float, float]]:
        """left, top, right, bottom on the screen of each element; one that is not laid out has none."""
        root = self.ask("DOM.getDocument", depth=0)["root"]["nodeId"]
        out = []
        for node in self.ask("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]:
            try:
                quad = self.ask("DOM.getBoxModel", nodeId=node)["model"]["border"]
            except RuntimeError:
                continue
            out.append((min(quad[0::2]), min(quad[1::2]), max(quad[0::2]), max(quad[1::2])))
        return out
