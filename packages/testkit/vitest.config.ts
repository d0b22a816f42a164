import { base } from '../../vitest.base.js';

const servers = ['@gabion/testkit/redis-setup', '@gabion/testkit/postgres-setup'];

export default base({ globalSetup: servers });
