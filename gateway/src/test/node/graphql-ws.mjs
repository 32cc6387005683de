// Drives the server with graphql-ws's own client: node graphql-ws.mjs ws://host:port/graphql
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const client = createClient({ url: process.argv[2], webSocketImpl: WebSocket, retryAttempts: 0 });

const all = async (query) => {
  const results = [];
  for await (const result of client.iterate({ query })) results.push(result);
  return results;
};

assert.deepEqual(await all('{ hello }'), [{ data: { hello: 'hello' } }]);
assert.match((await all('mutation { touch }'))[0].data.touch, /^touched/);
assert.deepEqual(
  await all('subscription { count(to: 3) }'),
  [1, 2, 3].map((count) => ({ data: { count } })),
);
await assert.rejects(all('{ nothing }'), (errors) => errors[0].message.includes('nothing'));

const left = client.iterate({ query: 'subscription { text(size: 10) }' });
assert.deepEqual(await left.next(), { done: false, value: { data: { text: 'xxxxxxxxxx' } } });
await left.return();

const many = await Promise.all(Array.from({ length: 50 }, () => all('subscription { count(to: 20) }')));
assert.ok(many.every((results) => results.length === 20));
await client.dispose();
