/** The calls of a child process to its parent, which keeps the bank and, maybe, the leases. */
import type { ChildProcess } from 'node:child_process';

/** What a child asks for. */
interface Call {
  readonly call: number;
  readonly verb: string;
  readonly args: readonly unknown[];
}

/** What it is answered. */
interface Answer {
  readonly answer: number;
  readonly value?: unknown;
  readonly code?: string;
  readonly message?: string;
}

/** The verbs that a parent serves. */
export type Verbs = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Serves the calls of a child until it is gone. */
export function serve(child: ChildProcess, verbs: Verbs): void {
  child.on('message', async (message: Call) => {
    if (message.call === undefined) return;
    const send = (answer: Omit<Answer, 'answer'>) => {
      if (child.connected) child.send({ answer: message.call, ...answer });
    };
    try {
      const verb = verbs[message.verb] as (...args: readonly unknown[]) => unknown;
      send({ value: await verb(...message.args) });
    } catch (error) {
      const { code, message: text } = error as Error & { code?: string };
      send({ message: text, ...(code && { code }) });
    }
  });
}

let calls = 0;

/** Calls a verb of the parent; a refusal arrives with its code. */
export function callParent<T>(verb: string, ...args: readonly unknown[]): Promise<T> {
  calls += 1;
  const call = calls;
  return new Promise((resolve, reject) => {
    const hear = (message: Answer) => {
      if (message.answer !== call) return;
      process.off('message', hear);
      const { code, message: text } = message;
      if (text === undefined) resolve(message.value as T);
      else reject(Object.assign(new Error(text), { code }));
    };
    process.on('message', hear);
    process.send?.({ call, verb, args });
  });
}
