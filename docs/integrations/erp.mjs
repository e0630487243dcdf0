// A small ERP: takes signed registrations and approves each as a new customer.
//
//     npm install standardwebhooks
//     ERP_SIGNING_SECRET=whsec_... WEBHOOK_SECRET=whsec_... \
//     WEBHOOK_URL=http://127.0.0.1:3000/erp-webhook ERP_PORT=8080 node erp.mjs
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const fromShop = new Webhook(process.env.ERP_SIGNING_SECRET); // the setting erp_signing_secret
const toShop = new Webhook(process.env.WEBHOOK_SECRET); // one of the setting webhook_secrets

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let event;
  try {
    event = fromShop.verify(Buffer.concat(chunks), request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  response.writeHead(204).end();
  // Store the registration here, under its webhook-id, and let somebody decide. This one says yes at once.
  if (event.type === "registration.created") await approve(event.data);
});

async function approve({ origin, user_key, revision, company }) {
  const key = `C-${user_key.slice(0, 8)}`;
  const now = new Date();
  const customer = { key, code: key, name: company.name };
  const data = { origin, user_key, revision, customer };
  const body = JSON.stringify({ type: "customer.approved", timestamp: now.toISOString(), data });
  // The id stands for this one decision: send the same id when the same decision is sent again.
  const id = `approve-${user_key}-${revision}`;
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": toShop.sign(id, now, body),
  };
  const answer = await fetch(process.env.WEBHOOK_URL, { method: "POST", headers, body });
  console.log(id, answer.status, await answer.text());
}

server.listen(Number(process.env.ERP_PORT ?? 8080), "127.0.0.1");
