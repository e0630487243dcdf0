// Walks through an n8n workflow as n8n does, for the node types that ours uses: node n8n.mjs WORKFLOW RUNS
// TOKEN holds the token to read with and the token to decide with.
import { readFileSync } from "node:fs";

const [path, runs] = process.argv.slice(2);
const workflow = JSON.parse(readFileSync(path, "utf8"));
const nodes = new Map(workflow.nodes.map((node) => [node.name, node]));
const [read, decide] = process.env.TOKEN.split(" ");
const kept = {};

/// A parameter: as it is, or an expression with the item as $json.
function valueOf(parameter, item) {
  if (!String(parameter).startsWith("=")) return parameter;
  const text = parameter.slice(1);
  const evaluate = (expression) => new Function("$json", `return (${expression})`)(item.json);
  const whole = text.match(/^\{\{(.*)\}\}$/s);
  if (whole && !whole[1].includes("{{")) return evaluate(whole[1]);
  return text.replace(/\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression));
}

async function request({ parameters: p }, item) {
  const url = new URL(valueOf(p.url, item));
  for (const { name, value } of p.queryParameters?.parameters ?? []) {
    url.searchParams.set(valueOf(name, item), valueOf(value, item));
  }
  const headers = { authorization: `Bearer ${p.method === "GET" ? read : decide}` };
  for (const { name, value } of p.headerParameters?.parameters ?? []) headers[name] = valueOf(value, item);
  const body = p.sendBody ? valueOf(p.jsonBody, item) : undefined;
  if (body) headers["content-type"] = "application/json";
  const answer = await fetch(url, { method: p.method, headers, body });
  const text = await answer.text();
  console.log(p.method, url.pathname + url.search, answer.status, text);
  if (!answer.ok) throw new Error(text);
  return { json: JSON.parse(text) };
}

async function run(name, items, outputs) {
  const node = nodes.get(name);
  const all = (list) => ({ all: () => list, first: () => list[0] });
  let result;
  switch (node.type) {
    case "n8n-nodes-base.scheduleTrigger":
      result = [{ json: {} }];
      break;
    case "n8n-nodes-base.code":
      result = new Function("$input", "$", "$getWorkflowStaticData", node.parameters.jsCode)(
        all(items),
        (other) => all(outputs.get(other)),
        () => kept,
      );
      break;
    case "n8n-nodes-base.httpRequest":
      result = [];
      for (const item of items) result.push(await request(node, item));
      break;
    default:
      throw new Error(`unknown type ${node.type}`);
  }
  outputs.set(name, result);
  if (result.length === 0) return;
  for (const next of workflow.connections[name]?.main[0] ?? []) await run(next.node, result, outputs);
}

for (let number = 0; number < Number(runs); number++) {
  const before = kept.cursor;
  await run("Every five minutes", [], new Map());
  if (!kept.cursor) throw new Error("the cursor is not kept");
  console.log("cursor", before, "->", kept.cursor);
}
