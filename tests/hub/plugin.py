"""An export plugin as people write them today, with Hub's SDK: what our connector must look like from outside, and what our Hub side must stand.

    CONNECTOR=WS|REST PORT=... python plugin.py HUB ID SECRET

Its configuration says what it does: see `convert`.
"""

import json
import sys
import time
from io import BytesIO

import requests
from imerit_ango.plugins import ExportPlugin, ExportResponse, run
from imerit_ango.sdk import SDK

hub, plugin_id, secret = sys.argv[1:4]


def convert(data):
    config = json.loads(data["configJSON"])
    logger = data["logger"]
    if config.get("show_key"):
        # On its own output, where the test reads it, and in the log, where nobody must.
        print("key", data["apiKey"], flush=True)
        logger.warning("my key is %s", data["apiKey"])
    for number in range(config.get("lines", 0)):
        logger.info("line %d", number)
    if config.get("fail"):
        raise ValueError("the converter does not like it")
    if config.get("export_again"):
        SDK(data["apiKey"], data.get("host", hub)).export("no-such-project")
    time.sleep(config.get("wait", 0))
    if config.get("notify"):
        body = {"receivers": config["notify"], "title": "From the plugin", "message": "look at it", "clickableLink": "https://example.org/x"}
        answer = requests.post(hub + "/v2/notifications", json=body, headers={"apikey": data["apiKey"]})
        logger.info("notified: %s", answer.text)
    rows = list(data["jsonExport"])
    if config.get("look"):
        sdk = SDK(data["apiKey"], hub)
        task = rows[0]["task"]
        found = sdk.get_task(task["taskId"], include_answer=True)["data"]["task"]
        project = sdk.get_project(data["projectId"])["data"]["project"]
        assets = sdk.get_assets(data["projectId"])["data"]
        logger.info("looked", objects=len(found["answer"]["objects"]), tools=len(task["tools"]), project=project["name"], assets=assets["total"])
    logger.info("converted", progress=50)
    if config.get("tuple"):
        # As it was before ExportResponse: the SDK fails on it, and tells nobody.
        return ("result.zip", BytesIO(b""))
    seen = {name: data.get(name) for name in ("projectId", "orgId", "runBy", "session", "stage", "batches", "configJSON")}
    text = json.dumps({"tasks": data["numTasks"], "ids": [row["task"]["taskId"] for row in rows], "data": seen})
    text += " " * config.get("size", 0)
    return ExportResponse(BytesIO(text.encode()), config.get("file_name", "result.json"), storage_id=config.get("storage_id"))


run(ExportPlugin(plugin_id, secret, convert, host=hub), host=hub)
