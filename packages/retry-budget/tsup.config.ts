import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.js';

const entries = ['index', 'fetch', 'simulate', 'testing'];

export default defineConfig(base(entries.map((entry) => `src/${entry}.ts`)));
