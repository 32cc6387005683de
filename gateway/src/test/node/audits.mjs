// Audits the server at the given URL against the GraphQL-over-HTTP specification: node audits.mjs http://host:port/graphql
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
const failed = results.filter((result) => result.status !== 'ok');
for (const result of failed) {
  console.error(`${result.status} ${result.id} ${result.name}: ${result.reason}`);
}
console.log(`${results.length - failed.length} of ${results.length} audits are ok`);
process.exit(failed.length === 0 && results.length > 0 ? 0 : 1);
