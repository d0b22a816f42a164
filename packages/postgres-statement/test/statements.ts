import { defineStatement, type PostgresPool, StoreUnavailableError } from '../src/index.js';

/** What a run was rejected with. */
export async function failureOf(run: Promise<unknown>): Promise<StoreUnavailableError> {
  const failure = await run.then(
    (rows) => new Error(`it was answered: ${JSON.stringify(rows)}`),
    (error: unknown) => error,
  );
  if (failure instanceof StoreUnavailableError) return failure;
  throw failure;
}

/** A table with one row, and a statement that counts in it how often it took effect. */
export async function newCounter(direct: PostgresPool, schema: string) {
  await direct.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await direct.query(`CREATE TABLE ${schema}.counter AS SELECT 0 AS n`);
  const text = `UPDATE ${schema}.counter SET n = n + 1 RETURNING n`;
  return {
    increment: defineStatement({ name: 'increment', text }),
    /** How often it took effect, read past every fault. */
    async count(): Promise<unknown> {
      const { rows } = await direct.query(`SELECT n FROM ${schema}.counter`);
      return (rows[0] as { n: number }).n;
    },
  };
}
