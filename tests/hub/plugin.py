"""An export plugin as people write them today, with Hub's SDK: what our connector must look like from outside.

    CONNECTOR=WS|REST PORT=... python plugin.py HUB ID SECRET
"""

import json
import sys
from io import BytesIO

from imerit_ango.plugins import ExportPlugin, ExportResponse, run

hub, plugin_id, secret = sys.argv[1:4]


def convert(data):
    config = json.loads(data["configJSON"])
    if config.get("fail"):
        raise ValueError("the converter does not like it")
    rows = list(data["jsonExport"])
    data["logger"].info("converted", progress=50)
    text = json.dumps({"tasks": data["numTasks"], "ids": [row["task"]["taskId"] for row in rows]})
    return ExportResponse(BytesIO(text.encode()), config.get("file_name", "result.json"), storage_id=config.get("storage_id"))


run(ExportPlugin(plugin_id, secret, convert, host=hub), host=hub)
