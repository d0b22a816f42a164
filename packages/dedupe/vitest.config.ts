import { base } from '../../vitest.base.js';

export default base({ globalSetup: ['@gabion/testkit/redis-setup'] });
