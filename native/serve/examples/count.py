#!/usr/bin/env python3
"""count.py NAME N: adds to a count. CANDOR_SOCKET says where candor serve listens."""
import http.client
import json
import os
import socket
import sys


class Candor(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect(os.environ.get("CANDOR_SOCKET", "/run/candor/candor.sock"))


candor = Candor("localhost")
body = json.dumps({sys.argv[1]: int(sys.argv[2])})
candor.request("POST", "/v1/counts", body, {"Content-Type": "application/json"})
answer = candor.getresponse()
if answer.status != 204:
    sys.exit(answer.read().decode())
