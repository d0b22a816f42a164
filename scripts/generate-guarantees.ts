import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { guaranteesPage } from './guarantees.js';
import { readRepository, root } from './repository.js';

const path = 'docs/guarantees.md';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const repository = readRepository();
const page = guaranteesPage(repository);
if (repository.files.get(path) === page) {
  console.log(`guarantees: ${path} is up to date`);
} else if (values.check) {
  console.error(`${path}:1: is stale; run \`npm run guarantees\``);
  process.exitCode = 1;
} else {
  writeFileSync(join(root, path), page);
  console.log(`guarantees: wrote ${path}`);
}
