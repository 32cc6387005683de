// Drives the server with graphql-sse's own client: node graphql-sse.mjs http://host:port/graphql
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

const client = createClient({ url: process.argv[2], retryAttempts: 0 });

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
assert.match((await all('{ nothing }'))[0].errors[0].message, /nothing/);

const left = client.iterate({ query: 'subscription { text(size: 10) }' });
assert.deepEqual(await left.next(), { done: false, value: { data: { text: 'xxxxxxxxxx' } } });
await left.return();
client.dispose();
