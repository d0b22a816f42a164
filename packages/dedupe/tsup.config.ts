import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.js';

const entries = ['index', 'redis', 'postgres', 'node', 'fetch', 'producer', 'conformance'];

export default defineConfig(base(entries.map((entry) => `src/${entry}.ts`)));
