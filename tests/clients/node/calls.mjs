// The npm package `openai` against a gateway: each call's outcome, as one JSON object on standard output.
// Run by tests/clients/test_openai_node.py with GATEWAY and KEY in the environment.
import OpenAI, { AzureOpenAI } from "openai";

const { GATEWAY, KEY } = process.env;
const options = { maxRetries: 0 };
const azure = (apiKey = KEY) => new AzureOpenAI({ endpoint: GATEWAY, apiKey, apiVersion: "2024-10-21", ...options });
const v1 = (headers) =>
  new OpenAI({ baseURL: `${GATEWAY}/openai/v1`, apiKey: "not used", defaultHeaders: headers, ...options });
const messages = [{ role: "user", content: "hello" }];
const chat = { model: "gpt-4o", messages };

async function refusal(call) {
  try {
    await call;
    return "answered";
  } catch (error) {
    return { kind: error.constructor.name, status: error.status };
  }
}

async function* deltas(client) {
  const stream = await client.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } });
  for await (const chunk of stream) yield chunk;
}

async function surface(client) {
  const chunks = await Array.fromAsync(deltas(client));
  const response = await client.responses.create({ model: "gpt-4o", input: "hello" });
  const events = await Array.fromAsync(
    await client.responses.create({ model: "gpt-4o", input: "hello", stream: true }),
  );
  const embedding = await client.embeddings.create({ model: "text-embedding-3-small", input: "hello" });
  const numbers = { model: "text-embedding-3-small", input: "hello", encoding_format: "float" };
  return {
    chat: (await client.chat.completions.create(chat)).choices[0].message.role,
    stream: {
      role: chunks.find((chunk) => chunk.choices.length).choices[0].delta.role,
      words: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("").split(" ").length,
      usage: chunks.at(-1).usage.completion_tokens,
    },
    embedding: {
      fromBase64: embedding.data[0].embedding,
      asNumbers: (await client.embeddings.create(numbers)).data[0].embedding,
    },
    response: {
      made: response.output_text,
      read: (await client.responses.retrieve(response.id)).output_text,
      lastEvent: events.at(-1).type,
      deleted: await client.responses.delete(response.id).then(() => true),
      readAgain: await refusal(client.responses.retrieve(response.id)),
    },
    model: (await client.models.retrieve("gpt-4o")).id,
  };
}

const many = Array.from({ length: 100 }, () => azure().chat.completions.create(chat));

console.log(
  JSON.stringify({
    AzureOpenAI: await surface(azure()),
    "OpenAI with /openai/v1": await surface(v1({ "api-key": KEY })),
    wrongKey: await refusal(azure("wrong").chat.completions.create(chat)),
    bearerAlone: await refusal(new OpenAI({ baseURL: `${GATEWAY}/openai/v1`, apiKey: KEY, ...options }).models.list()),
    unknownOperation: await refusal(azure().post("/no/such/thing", { body: {} })),
    largePrompt: (
      await azure().chat.completions.create({ ...chat, messages: [{ role: "user", content: "word ".repeat(210_000) }] })
    ).usage.prompt_tokens,
    atOnce: (await Promise.all(many)).filter((answer) => answer.choices[0].message.content).length,
  }),
);
