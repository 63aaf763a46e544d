"""A Hub for tests, made from its published contract.

It knows nothing of the program under test. What it offers is what Hub's own SDK (imerit-ango) uses: the export, a project,
places for results, the two connectors of plugins, their logs and responses. Exports are files that a test gives it.

Tests steer it under /control, which no Hub has: start a run, list what happened, break something.

    python hub.py FOLDER      serves on a free port of 127.0.0.1, which it prints; results are stored in FOLDER
"""

import asyncio
import itertools
import json
import os
import sys
import time
import urllib.parse
import zipfile
from io import BytesIO

import aiohttp
import socketio
from aiohttp import web

FOLDER = sys.argv[1]

# What a Hub knows: a project with an export, an organisation's key, and plugins with their secrets.
PROJECTS = {}
PLUGINS = {}
KEYS = {"KEY"}
# Session -> what the plugin said of it.
SESSIONS = {}
# Every request and event, in order.
SEEN = []
# Fault -> what it does: see `fault`.
FAULTS = {}
# Plugin -> the connection that its last heartbeat came over.
ONLINE = {}
CONNECTIONS = itertools.count(1)
SIGNATURES = itertools.count(1)


def seen(kind, **what):
    SEEN.append({"kind": kind, "at": time.monotonic(), **what})


async def fault(name):
    """Breaks something, if a test asked for it: {"status": 500}, {"seconds": 5}, {"cut": true}, each `times` times or always."""
    found = FAULTS.get(name)
    if not found:
        return None
    if "times" in found:
        found["times"] -= 1
        if found["times"] <= 0:
            del FAULTS[name]
    if "seconds" in found:
        await asyncio.sleep(found["seconds"])
        return None
    return found


def fail(status, message):
    return web.json_response({"status": "fail", "message": message}, status=status)


def success(data):
    return web.json_response({"status": "success", "data": data})


def origin(request):
    return f"http://{request.host}"


@web.middleware
async def gate(request, handler):
    """Every request of /v2 needs a key, and can be broken by its name."""
    if not request.path.startswith("/v2/"):
        return await handler(request)
    name = request.path.split("/")[2]
    key = request.headers.get("apikey")
    seen("request", method=request.method, name=name, path=request.path, query=request.rel_url.raw_query_string, key=key)
    if key not in KEYS:
        return fail(401, f"the key {key} is not known")
    broken = await fault(name)
    if broken:
        if broken.get("cut"):
            request.transport.close()
            return web.Response()
        if "raw" in broken:
            return web.Response(body=broken["raw"].encode(), content_type="application/json")
        return web.json_response({"status": "fail", "message": broken.get("message", "broken")}, status=broken["status"],
                                 headers=broken.get("headers", {}))
    return await handler(request)


# ---- exports


def selected(assets, query):
    """The filters that the SDK sends, as the documentation describes them."""
    def array(name):
        return json.loads(query[name]) if name in query else None

    stages, batches = array("stage"), array("batches")
    for asset in assets:
        task = asset["task"]
        if stages is not None and task.get("stage") not in stages and task.get("stageId") not in stages:
            continue
        if batches is not None and not set(batches) & set(asset.get("batchIds", [])):
            continue
        if "updatedAt" in query:
            bounds = json.loads(query["updatedAt"])
            at = task.get("updatedAt", "")
            if at <= bounds.get("$gt", "") or at >= bounds.get("$lt", "9"):
                continue
        out = {name: value for name, value in asset.items() if name != "batchIds"}
        out["task"] = dict(task)
        if query.get("includeHistory") != "true":
            out["task"].pop("stageHistory", None)
        yield out


async def export(request):
    project = PROJECTS.get(request.query.get("project"))
    if project is None:
        return fail(404, "there is no such project")
    form = request.query.get("format", "json")
    if form not in ("json", "ndjson", "split"):
        return fail(400, f"format {form}")
    kind = request.query.get("type", "task")
    rows = project["issues"] if kind == "issue" else list(selected(project["assets"], request.query))
    if form == "json":
        payload, extension = json.dumps(rows), "json"
    else:
        payload, extension = "\n".join(json.dumps(row, separators=(",", ":")) for row in rows), "ndjson"
    stamp = project.get("stamp", "2024-09-10-12_44_40")
    name = f"{project['name'].replace(' ', '_')}-{kind}-export-{stamp}_GMT"
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.{extension}", payload)
    where = f"{next(SIGNATURES)}-{name}.zip"
    with open(os.path.join(FOLDER, "export-" + where), "wb") as file:
        file.write(data.getvalue())
    return success({"exportPath": f"{origin(request)}/links/export-{urllib.parse.quote(where)}?X-Amz-Signature=abc"})


async def linked(request):
    """What is behind a link: nobody needs a key for it, and nobody should send one."""
    seen("link", path=request.path, key=request.headers.get("apikey"), secret=request.headers.get("Secret"), agent=request.headers.get("user-agent"))
    broken = await fault("link")
    path = os.path.join(FOLDER, os.path.basename(request.match_info["name"]))
    if broken and broken.get("cut"):
        response = web.StreamResponse(headers={"Content-Length": str(os.path.getsize(path))})
        await response.prepare(request)
        await response.write(open(path, "rb").read(20))
        request.transport.close()
        return response
    if broken and broken.get("endless"):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)
    if broken and broken.get("garbage"):
        return web.Response(body=b"this is no zip")
    if broken:
        return web.Response(status=broken["status"])
    if not os.path.exists(path):
        return web.Response(status=404)
    return web.FileResponse(path)


async def project(request):
    found = PROJECTS.get(request.match_info["id"])
    if found is None:
        return fail(404, "there is no such project")
    return success({"project": {"_id": request.match_info["id"], "name": found["name"], "categorySchema": found["categorySchema"],
                                "stages": found.get("stages", []), "batches": found.get("batches", [])}})


async def storages(request):
    return success({"storages": [{"_id": "STO1", "name": "bucket", "provider": "AWS"}]})


# ---- results: a name is sanitised, and the link is signed before there is anything (sharp edges 1, 2 and 3)


async def upload_url(request):
    name = request.query["name"].strip().replace("/", "_") or "export"
    key = f"{request.query['project']}-{next(SIGNATURES)}-{name}"
    url = f"{origin(request)}/bucket/{urllib.parse.quote(key)}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Signature=abc"
    seen("upload-url", asked=request.query["name"], storage=request.query.get("storageId"), type=request.query.get("type"), key=key)
    return success({"uploadUrl": url})


async def signed_url(request):
    name = request.query["name"].split("?")[0]
    key = name.rsplit("/bucket/", 1)[-1]
    return success({"signedUrl": f"{origin(request)}/links/{key}?X-Amz-Signature=read"})


async def put(request):
    body = await request.read()
    seen("put", path=request.path, bytes=len(body), key=request.headers.get("apikey"), type=request.headers.get("content-type"),
         chunked=request.headers.get("transfer-encoding"))
    broken = await fault("put")
    if broken and broken.get("cut"):
        request.transport.close()
        return web.Response()
    if broken:
        return web.Response(status=broken["status"], text="<Error><Code>AccessDenied</Code></Error>", headers=broken.get("headers", {}))
    with open(os.path.join(FOLDER, os.path.basename(request.match_info["name"])), "wb") as file:
        file.write(body)
    return web.Response()


# ---- plugins: what they say


def responded(response, how):
    seen("response", how=how, **{"response": response})
    found = SESSIONS.get(str(response.get("session")))
    if found is None:
        return
    # The first one counts.
    if found["response"] is None:
        found["response"] = response
        found["ended"] = time.monotonic()


def logged(line, how):
    found = SESSIONS.get(str(line.get("session")))
    if found is not None:
        found["logs"].append({**line, "how": how})


async def plugin_response(request):
    responded(await request.json(), "http")
    return success({})


async def plugin_log(request):
    logged(await request.json(), "http")
    return success({})


async def notifications(request):
    seen("notification", body=await request.json())
    return success({})


# ---- the WebSocket connector


io = socketio.AsyncServer(async_mode="aiohttp", namespaces=["/plugin"], ping_interval=float(os.environ.get("PING", "25")), ping_timeout=20)


@io.on("connect", namespace="/plugin")
async def connect(sid, environ, auth=None):
    broken = await fault("connect")
    if broken:
        raise socketio.exceptions.ConnectionRefusedError(broken.get("message", "not now"))
    seen("connect", sid=sid, number=next(CONNECTIONS), query=environ.get("QUERY_STRING"))


@io.on("heartbeat", namespace="/plugin")
async def heartbeat(sid, data):
    known = PLUGINS.get(data.get("id"))
    good = known is not None and known == data.get("secret")
    seen("heartbeat", sid=sid, id=data.get("id"), good=good)
    if not good:
        await io.disconnect(sid, namespace="/plugin")
        return
    ONLINE[data["id"]] = sid


@io.on("disconnect", namespace="/plugin")
async def disconnect(sid, reason=None):
    seen("disconnect", sid=sid)
    for plugin in [plugin for plugin, online in ONLINE.items() if online == sid]:
        del ONLINE[plugin]


@io.on("log", namespace="/plugin")
async def log(sid, data):
    logged(data, "socket")


@io.on("response", namespace="/plugin")
async def response(sid, data):
    responded(data, "socket")


# ---- control: for tests alone


async def control_project(request):
    body = await request.json()
    PROJECTS[body["id"]] = body
    KEYS.update(body.get("keys", []))
    return web.json_response({})


async def control_plugin(request):
    body = await request.json()
    PLUGINS[body["id"]] = body["secret"]
    return web.json_response({})


def payload_of(body):
    session = body.get("session", f"SES{len(SESSIONS) + 1}")
    payload = {"projectId": body.get("project", "P1"), "apiKey": "KEY", "orgId": "ORG", "runBy": "user@example.com", "session": session,
               "stage": ["Complete"], "batches": [], "configJSON": "{}"}
    payload.update(body.get("with", {}))
    for name in body.get("without", []):
        payload.pop(name, None)
    key = str(payload.get("session", ""))
    if key not in SESSIONS:
        SESSIONS[key] = {"session": key, "plugin": body["plugin"], "started": time.monotonic(), "response": None, "logs": [], "http": None}
    return key, payload


async def control_run(request):
    """Starts a run as the dialog of a project does: over the WebSocket, or over HTTP when there is a `url`."""
    body = await request.json()
    key, payload = payload_of(body)
    if "raw" in body:
        payload = body["raw"]
    if body.get("url"):
        asyncio.create_task(post(body, key, payload))
    else:
        sid = ONLINE.get(body["plugin"])
        if sid is None:
            return web.json_response({"problem": "the plugin is offline"}, status=409)
        await io.emit("plugin", payload, to=sid, namespace="/plugin")
    return web.json_response({"session": key})


async def post(body, key, payload):
    async with aiohttp.ClientSession() as client:
        headers = {"Secret": body.get("secret", PLUGINS.get(body["plugin"], ""))}
        try:
            async with client.post(body["url"] + "/plugin", json=payload, headers=headers, timeout=aiohttp.ClientTimeout(total=600)) as answer:
                SESSIONS[key]["http"] = {"status": answer.status, "text": await answer.text()}
        except Exception as error:
            SESSIONS[key]["http"] = {"status": 0, "text": repr(error)}


async def control_heartbeat(request):
    """Polls a plugin's REST server, as Hub does for its light."""
    body = await request.json()
    async with aiohttp.ClientSession() as client:
        headers = {} if body.get("secret") is None else {"Secret": body["secret"]}
        try:
            async with client.get(body["url"] + "/heartbeat", headers=headers, timeout=aiohttp.ClientTimeout(total=10)) as answer:
                return web.json_response({"status": answer.status, "text": await answer.text()})
        except Exception as error:
            return web.json_response({"status": 0, "text": repr(error)})


async def control_session(request):
    found = SESSIONS.get(request.match_info["session"])
    if found is None:
        return web.json_response({"problem": "there is no such session"}, status=404)
    # Waits for the end, so that nobody has to ask again and again.
    until = time.monotonic() + float(request.query.get("wait", "0"))
    while found["response"] is None and found["http"] is None and time.monotonic() < until:
        await asyncio.sleep(0.01)
    return web.json_response(found)


async def control_seen(request):
    kind = request.query.get("kind")
    return web.json_response({"seen": [one for one in SEEN if kind in (None, one["kind"])], "online": sorted(ONLINE)})


async def control_fault(request):
    body = await request.json()
    if body.get("fault"):
        FAULTS[body["name"]] = body["fault"]
    else:
        FAULTS.pop(body["name"], None)
    return web.json_response({})


async def control_drop(request):
    """Drops every WebSocket, as a Hub does that is started again."""
    for sid in list(io.eio.sockets):
        await io.eio.disconnect(sid)
    return web.json_response({})


async def control_binary(request):
    body = await request.json()
    await io.emit("plugin", {"session": "B", "data": b"binary"}, to=ONLINE[body["plugin"]], namespace="/plugin")
    return web.json_response({})


def main():
    app = web.Application(middlewares=[gate], client_max_size=1 << 30)
    io.attach(app)
    app.router.add_get("/v2/export", export)
    app.router.add_get("/v2/exportV3", export)
    app.router.add_get("/v2/project/{id}", project)
    app.router.add_get("/v2/storages", storages)
    app.router.add_get("/v2/getUploadUrl", upload_url)
    app.router.add_get("/v2/getSignedUrl", signed_url)
    app.router.add_post("/v2/pluginResponse", plugin_response)
    app.router.add_post("/v2/pluginLog", plugin_log)
    app.router.add_post("/v2/notifications", notifications)
    app.router.add_get("/links/{name}", linked)
    app.router.add_put("/bucket/{name}", put)
    app.router.add_post("/control/project", control_project)
    app.router.add_post("/control/plugin", control_plugin)
    app.router.add_post("/control/run", control_run)
    app.router.add_post("/control/heartbeat", control_heartbeat)
    app.router.add_get("/control/session/{session}", control_session)
    app.router.add_get("/control/seen", control_seen)
    app.router.add_post("/control/fault", control_fault)
    app.router.add_post("/control/drop", control_drop)
    app.router.add_post("/control/binary", control_binary)

    async def serve():
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", int(os.environ.get("PORT", "0")))
        await site.start()
        print(site._server.sockets[0].getsockname()[1], flush=True)
        # Ends with whoever started it, also when that one is killed: it holds the other end of this.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        os._exit(0)

    asyncio.run(serve())


main()
