import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.js';

const entries = ['index', 'jump', 'rendezvous', 'salting'];

export default defineConfig(base(entries.map((entry) => `src/${entry}.ts`)));
