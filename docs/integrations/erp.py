#!/usr/bin/env python3
"""A small ERP: takes signed registrations and approves each as a new customer.

    pip install standardwebhooks
    ERP_SIGNING_SECRET=whsec_... WEBHOOK_SECRET=whsec_... \\
    WEBHOOK_URL=http://127.0.0.1:3000/erp-webhook ERP_PORT=8080 python3 erp.py
"""
import json
import os
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

FROM_SHOP = Webhook(os.environ["ERP_SIGNING_SECRET"])  # the setting erp_signing_secret
TO_SHOP = Webhook(os.environ["WEBHOOK_SECRET"])  # one of the setting webhook_secrets


class Erp(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            event = FROM_SHOP.verify(body, dict(self.headers))
        except WebhookVerificationError:
            return self.send_error(401)
        self.send_response(204)
        self.end_headers()
        # Store the registration here, under its webhook-id, and let somebody decide. This one says yes at once.
        if event["type"] == "registration.created":
            approve(event["data"])


def approve(registration):
    key, now = "C-" + registration["user_key"][:8], datetime.now(timezone.utc)
    data = {name: registration[name] for name in ("origin", "user_key", "revision")}
    data["customer"] = {"key": key, "code": key, "name": registration["company"]["name"]}
    body = json.dumps({"type": "customer.approved", "timestamp": now.isoformat(), "data": data})
    # The id stands for this one decision: send the same id when the same decision is sent again.
    webhook_id = f"approve-{registration['user_key']}-{registration['revision']}"
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": TO_SHOP.sign(webhook_id, now, body),
    }
    request = urllib.request.Request(os.environ["WEBHOOK_URL"], body.encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        print(webhook_id, answer.status, answer.read().decode(), flush=True)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("ERP_PORT", "8080"))), Erp).serve_forever()
