"""Every form of the SDK's export, against the Hub whose address is given: what came out, as JSON.

    python client.py HUB PROJECT [KEY]
"""

import json
import os
import sys
import tempfile
import zipfile
from datetime import datetime

from imerit_ango.models.enums import ExportFormats, ExportTypes
from imerit_ango.models.export_options import ExportOptions, TimeFilter
from imerit_ango.sdk import SDK

hub, project, key = (sys.argv[1:] + ["KEY"])[:3]
sdk = SDK(key, host=hub)
out = {}


def ids(rows):
    return sorted(row["task"]["taskId"] for row in rows)


out["json"] = ids(sdk.export(project))
rows, count = sdk.export(project, ExportOptions(export_format=ExportFormats.NDJSON))
out["ndjson"], out["count"] = ids(rows), count
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "export.zip")
    sdk.export(project, zip_file_path=path)
    with zipfile.ZipFile(path) as archive:
        out["zip"] = archive.namelist()
        out["zip ids"] = ids(json.loads(archive.read(archive.namelist()[0])))
out["all stages"] = ids(sdk.export(project, ExportOptions(stage=[])))
out["batches"] = ids(sdk.export(project, ExportOptions(stage=[], batches=["dddddddddddddddddddddd01"])))
out["no history"] = any("stageHistory" in row["task"] for row in sdk.export(project, ExportOptions(include_history=False)))
out["issues"] = sdk.export(project, ExportOptions(export_type=ExportTypes.ISSUE))
out["after"] = ids(sdk.export(project, ExportOptions(stage=[], updated_at=TimeFilter(from_date=datetime(2100, 1, 1)))))
out["project"] = sdk.get_project(project)["data"]["project"]["name"]
out["storages"] = [storage["_id"] for storage in sdk.get_storages()["data"]["storages"]]
try:
    SDK("WRONG", host=hub).export(project)
    out["wrong key"] = "accepted"
except Exception as error:
    out["wrong key"] = type(error).__name__
print(json.dumps(out))
