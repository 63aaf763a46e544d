"""A connection to `/plugin` that does not behave as the SDK does. Says what happened to it, as JSON, on its output.

    python odd.py HUB WHAT [SESSION]
"""

import json
import sys
import time

import socketio

hub, what = sys.argv[1:3]
client = socketio.Client(reconnection=False)
out = {"disconnected": False, "runs": 0}


@client.on("disconnect", namespace="/plugin")
def disconnect(*_):
    out["disconnected"] = True


@client.on("plugin", namespace="/plugin")
def plugin(data):
    out["runs"] += 1


def emit(name, data):
    client.emit(name, data, namespace="/plugin")


try:
    client.connect(hub, namespaces=["/plugin"] if what != "namespace" else ["/other"], transports=["polling" if what == "polling" else "websocket"])
    out["connected"] = True
    if what == "wrong secret":
        emit("heartbeat", {"id": "one", "secret": "guess"})
    elif what == "unknown":
        emit("heartbeat", {"id": "nobody", "secret": ""})
    elif what == "odd heartbeats":
        for heartbeat in ([], "x", None, {"id": 7, "secret": ["a"]}, {"id": "one"}):
            emit("heartbeat", heartbeat)
    elif what == "too large":
        emit("heartbeat", {"id": "one", "secret": "x" * (2 << 20)})
    elif what == "two names":
        emit("heartbeat", {"id": "two", "secret": "secret-of-two"})
        emit("heartbeat", {"id": "one", "secret": "secret-of-one"})
    elif what == "another's run":
        emit("heartbeat", {"id": "two", "secret": "secret-of-two"})
        emit("log", {"session": sys.argv[3], "level": "ERROR", "msg": "Error calling sdk.export: not mine"})
        emit("response", {"session": sys.argv[3], "export": True, "response": "https://example.org/evil"})
        for odd in ([], 7, {"session": []}, {"session": sys.argv[3], "level": {}, "msg": {}}):
            emit("log", odd)
            emit("response", odd)
    elif what == "nobody":
        emit("response", {"session": sys.argv[3], "export": True, "response": "https://example.org/evil"})
    for _ in range(40):
        if out["disconnected"]:
            break
        time.sleep(0.1)
    out["still there"] = client.connected
    client.disconnect()
except Exception as error:
    out["refused"] = type(error).__name__
print(json.dumps(out))
