import { postgresForTests } from '@gabion/testkit';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { fenceStoreLaws, leaseStoreLaws } from '../src/conformance.js';
import { migrate, postgresFenceStore, postgresLeaseStore } from '../src/postgres.js';
import { type OpenedPostgres, postgresClients, realTime } from './store-clients.js';

describe.each(postgresClients)('on PostgreSQL by %s', (_, open) => {
  const shared = postgresForTests(inject('postgresUrl'));
  const place = { schema: shared.schema, timeoutMs: 20_000 };
  let opened: OpenedPostgres;
  beforeAll(async () => {
    opened = open(inject('postgresUrl'));
    await migrate(opened.pool, { schema: shared.schema });
  });
  afterAll(async () => {
    await opened.close();
    await shared.cleanup();
  });

  describe('the lease store', () => {
    for (const law of leaseStoreLaws) {
      test(law.name, () => {
        const store = postgresLeaseStore(opened.pool, place);
        return law.check({ store, advance: realTime });
      });
    }
  });

  describe('the fence store', () => {
    for (const law of fenceStoreLaws) {
      test(law.name, () => law.check({ store: postgresFenceStore(opened.pool, place) }));
    }
  });
});
