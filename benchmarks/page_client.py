"""A page of app mode without a browser: opens it, speaks to its kernel as its scripts do, and times the answers.

What JupyterLab's widget manager and our viewer send is sent here: the state of all widgets is asked for, the browser's
id is told, every viewer says that it listens, and after a slider has rested the sharper pictures and those of the other
visits are fetched (`lib/liverlab/ui/viewer/js/store.js`, `sync.js`). What a browser does with the answers, it does not.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
WIDGETS = {"version": "1.0.0"}  # of the widgets' protocol
REST_AFTER_S, CALM_AFTER_S = 0.3, 0.2  # store.js
OPEN_WITHIN_S = 120.0
AsyncHTTPClient.configure(None, max_clients=1000)  # by default ten requests at a time; a class is more
SURE = ("Guessing", "Fairly sure", "Certain")


class PageClient:
    """One open page; `learner` is the id that its browser keeps. `problems` holds whatever went wrong, in words."""

    def __init__(self, address: str, learner: str) -> None:
        parts = urlsplit(address)
        self.address, self.learner = address, learner
        self.here = f"{parts.scheme}://{parts.netloc}"
        self.states: dict[str, dict[str, Any]] = {}
        self.problems: list[str] = []
        self.bytes_received = 0
        self.kernel_id, self._left = "", False
        self._waiting: dict[str, asyncio.Future] = {}  # by message: the kernel is done with it
        self._viewers: dict[str, _Viewer] = {}
        self._first_states = asyncio.get_running_loop().create_future()

    async def open(self) -> float:
        """Load the page and wait until every viewer on it has its picture; seconds from the request."""
        began = time.perf_counter()
        reply = await AsyncHTTPClient().fetch(self.address, request_timeout=OPEN_WITHIN_S)
        page = reply.body.decode()
        cookies = [one.split(";")[0] for one in reply.headers.get_list("Set-Cookie")]
        found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)
        config = json.loads(found[1])
        self.kernel_id, self._base = config["kernelId"], config["baseUrl"]
        # As every page does; also where the cookie comes from without which a Jupyter server takes no goodbye.
        front = await AsyncHTTPClient().fetch(f"{self.here}{self._base}voila/tree", request_timeout=OPEN_WITHIN_S)
        cookies += [one.split(";")[0] for one in front.headers.get_list("Set-Cookie")]
        self._headers = {"Cookie": "; ".join(cookies), "Origin": self.here}
        self._xsrf = next((one.split("=", 1)[1] for one in cookies if one.startswith("_xsrf=")), "")
        self._session = uuid.uuid4().hex
        socket = f"{self.here.replace('http', 'ws', 1)}{self._base}api/kernels/{self.kernel_id}/channels"
        request = HTTPRequest(f"{socket}?session_id={self._session}", headers=self._headers)
        self._socket = await websocket_connect(
            request, subprotocols=[PROTOCOL], max_message_size=64_000_000, on_message_callback=self._received
        )
        self._control = uuid.uuid4().hex
        opening = {"comm_id": self._control, "target_name": "jupyter.widget.control", "data": {}}
        await self._ask("comm_open", opening)
        await self._send("comm_msg", {"comm_id": self._control, "data": {"method": "request_states"}})
        await asyncio.wait_for(self._first_states, OPEN_WITHIN_S)
        await self._initialize()
        await self.until(lambda: all(viewer.frame for viewer in self._viewers.values()), "a viewer has no picture")
        return time.perf_counter() - began

    async def leave(self) -> None:
        """Say goodbye as a closing tab does; its kernel ends."""
        self._left = True
        address = f"{self.here}{self._base}voila/api/shutdown/{self.kernel_id}?_xsrf={self._xsrf}"
        await AsyncHTTPClient().fetch(address, method="POST", body="", headers=self._headers, raise_error=False)
        for viewer in self._viewers.values():
            viewer.stop()
        self._socket.close()

    async def until(self, condition: Callable[[], Any], otherwise: str, limit_s: float = 60.0) -> None:
        """Return as soon as `condition()` is true; note `otherwise` as a problem after `limit_s`."""
        end = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > end:
                self.problems.append(f"{otherwise} after {limit_s:g} s")
                return
            await asyncio.sleep(0.02)

    def widgets(self, model: str) -> list[str]:
        """Ids of the widgets of a model such as "ToggleButtonsModel", in the order in which they were made."""
        return [id_ for id_, state in self.states.items() if state.get("_model_name") == model]

    def children(self, id_: str) -> list[str]:
        return [child.removeprefix("IPY_MODEL_") for child in self.states[id_].get("children", ())]

    async def set(self, id_: str, **state: Any) -> None:
        """Change a widget as its view does; returns when the kernel has done what follows from it."""
        self.states[id_].update(state)
        await self._ask("comm_msg", _update(id_, state))

    async def click(self, id_: str) -> None:
        await self._ask("comm_msg", _custom(id_, {"event": "click"}))

    def main_slider(self) -> tuple[str, str]:
        """(id of the first slider of the explorer, id of the viewer that it moves)."""
        for viewer in self._viewers:
            for control in self.states[viewer]["controls"]:
                id_ = control.removeprefix("IPY_MODEL_")
                if self.states[id_]["_model_name"] in ("FloatSliderModel", "IntSliderModel"):
                    return id_, viewer
        raise LookupError("There is no viewer with a slider on this page.")

    async def move(self, slider: str, viewer: str, value: float) -> float:
        """Move a slider; seconds until its picture is here (not: painted)."""
        frame = self._viewers[viewer].next_frame()
        began = time.perf_counter()
        state = {"value": value}
        self.states[slider].update(state)
        await self._send("comm_msg", _update(slider, state))
        arrived = await asyncio.wait_for(frame, OPEN_WITHIN_S)
        return arrived - began

    def choices(self) -> list[tuple[str, dict[str, str]]]:
        """Every question with buttons: (its ToggleButtons, {"Guessing": its button, ...}), as a learner sees them."""
        found = []
        for box in self.states:
            inside = self.children(box)
            questions = [id_ for id_ in inside if self.states[id_].get("_model_name") == "ToggleButtonsModel"]
            for question in questions:
                after = [button for id_ in inside for button in self.children(id_)]
                sure = {self.states[id_].get("description"): id_ for id_ in after}
                if set(SURE) <= set(sure):
                    found.append((question, sure))
        return found

    def said(self, words: str) -> list[str]:
        """Texts on the page that contain `words`."""
        texts = [state["value"] for state in self.states.values() if state.get("_model_name") == "HTMLModel"]
        return [text for text in texts if words in text]

    async def _initialize(self) -> None:
        for id_, state in list(self.states.items()):
            if "learner_id" in state and state["learner_id"] != self.learner:
                await self.set(id_, learner_id=self.learner)
            if "_initial" in state:
                self._viewers[id_] = _Viewer(self, id_, state)
        if self._viewers:
            await self.custom(next(iter(self._viewers)), {"type": "plotly"})  # once per page
        for viewer in self._viewers.values():
            await viewer.start()

    async def custom(self, id_: str, content: dict[str, Any]) -> None:
        await self._send("comm_msg", _custom(id_, content))

    async def _ask(self, kind: str, content: dict[str, Any]) -> None:
        done = asyncio.get_running_loop().create_future()
        message = uuid.uuid4().hex
        self._waiting[message] = done
        await self._send(kind, content, message)
        await asyncio.wait_for(done, OPEN_WITHIN_S)

    async def _send(self, kind: str, content: dict[str, Any], message: str = "") -> None:
        header = {"msg_id": message or uuid.uuid4().hex, "msg_type": kind, "session": self._session, "username": ""}
        header |= {"version": "5.2", "date": "2000-01-01T00:00:00Z"}
        parts = [json.dumps(part).encode() for part in (header, {}, WIDGETS, content)]
        await self._socket.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)

    def _received(self, message: bytes | None) -> None:
        if message is None or self._left:  # what a kernel says while it ends, nobody hears
            return
        now = time.perf_counter()
        self.bytes_received += len(message)
        _, (header, parent, _, content, *buffers) = deserialize_msg_from_ws_v1(message)
        kind = json.loads(header)["msg_type"]
        if kind == "comm_msg":
            self._comm(json.loads(content), buffers, now)
        elif kind == "comm_open":
            opened = json.loads(content)
            self.states[opened["comm_id"]] = opened["data"].get("state", {})
        elif kind == "comm_close":
            self.states.pop(json.loads(content)["comm_id"], None)
        elif kind == "status" and json.loads(content)["execution_state"] == "idle":
            done = self._waiting.pop(json.loads(parent).get("msg_id"), None)
            if done is not None and not done.done():
                done.set_result(None)
        elif kind in ("error", "stream"):
            said = json.loads(content)
            self.problems.append(f"the kernel says: {said.get('evalue') or said.get('text')}")

    def _comm(self, content: dict[str, Any], buffers: list[bytes], now: float) -> None:
        id_, data = content["comm_id"], content["data"]
        if id_ == self._control:
            self.states |= {one: held["state"] for one, held in data["states"].items()}
            self._first_states.set_result(None)
        elif data["method"] == "update":
            self.states.setdefault(id_, {}).update(data["state"])
            if data["state"].get("sentence"):
                self.problems.append(f"the page says: {data['state']['sentence']}")
        elif data["method"] == "custom" and id_ in self._viewers:
            self._viewers[id_].receive(data["content"], now)


class _Viewer:
    """What a viewer of the page does by itself: says that it listens, and fetches pictures when the hand rests."""

    def __init__(self, page: PageClient, id_: str, state: dict[str, Any]) -> None:
        self.page, self.id, self.config = page, id_, state["config"]
        self.slice = state["position"]["slice"]
        self.frame: dict[str, Any] | None = None
        self._held: dict[str, set[tuple[int, int]]] = {}
        self._versions: dict[str, Any] = {}
        self._awaited: list[asyncio.Future] = []
        self._rest: asyncio.Task | None = None
        self._answer = asyncio.Event()
        self._exhausted = False
        content = state["_initial"].get("content")
        if content:
            self.receive(content, 0.0)

    async def start(self) -> None:
        await self.page.custom(self.id, {"type": "ready", "number": self.frame["number"] if self.frame else -1})

    def stop(self) -> None:
        if self._rest is not None:
            self._rest.cancel()

    def next_frame(self) -> asyncio.Future:
        """Becomes the moment at which the next picture is here."""
        self._awaited.append(asyncio.get_running_loop().create_future())
        return self._awaited[-1]

    def receive(self, content: dict[str, Any], now: float) -> None:
        kind = content["type"]
        if kind == "error":
            self.page.problems.append(f"a viewer says: {content['text']}")
        if kind == "frame":
            self.frame = content["frame"]
            for name, info in self.frame["panes"].items():
                if self._versions.get(name) != info["version"]:
                    self._versions[name], self._held[name] = info["version"], set()
            self._exhausted = False
        if kind in ("frame", "pictures"):
            for picture in content["pictures"]:
                if picture["slice"] == self.slice:
                    self._held[picture["pane"]].add((picture["visit"], picture["matrix"]))
            self._exhausted = self._exhausted or bool(content.get("exhausted"))
            self._answer.set()
        if kind == "frame" and now:
            awaited, self._awaited = self._awaited, []
            for one in awaited:
                one.set_result(now)
            self.stop()
            self._rest = asyncio.ensure_future(self._resting())

    async def _resting(self) -> None:
        await asyncio.sleep(REST_AFTER_S)
        version, sharp = self.frame["version"], self.config["rest_matrix"]
        shown = {name: info["visit"] for name, info in self.frame["panes"].items()}
        wishes = [self._wish(name, visit, sharp) for name, visit in shown.items() if not self._has(name, visit, sharp)]
        await self.page.custom(self.id, {"type": "rest", "version": version, "wishes": wishes, "calm": False})
        await asyncio.sleep(CALM_AFTER_S)
        await self.page.custom(self.id, {"type": "rest", "version": version, "wishes": [], "calm": True})
        last, coarse = list(shown)[-1], self.config["drag_matrix"]
        for visit in sorted(range(len(self.frame["visits"])), key=lambda visit: abs(visit - shown[last])):
            if self._exhausted:
                return
            if not (self._has(last, visit, coarse) or self._has(last, visit, sharp)):
                wish = self._wish(last, visit, coarse)
                self._answer.clear()
                need = {"type": "need", "auto": True, "version": version, "wishes": [wish]}
                await self.page.custom(self.id, need)
                await self._answer.wait()

    def _has(self, pane: str, visit: int, matrix: int) -> bool:
        return (visit, matrix) in self._held[pane]

    def _wish(self, pane: str, visit: int, matrix: int) -> dict[str, Any]:
        return {"pane": pane, "visit": visit, "slice": self.slice, "matrix": matrix}


def _update(id_: str, state: dict[str, Any]) -> dict[str, Any]:
    return {"comm_id": id_, "data": {"method": "update", "state": state, "buffer_paths": []}}


def _custom(id_: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"comm_id": id_, "data": {"method": "custom", "content": content}}
