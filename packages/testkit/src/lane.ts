import type { Socket } from 'node:net';

/** What a fault proxy does to traffic at the moment. Written by the proxy alone. */
export interface Weather {
  /** How long each way holds every byte, in milliseconds. */
  delayMs: number;
  /** Whether nothing is forwarded, either way. */
  stalled: boolean;
  /** Whether what comes back from the server is thrown away. */
  repliesDropped: boolean;
  /** Whether new connections are destroyed. */
  refusing: boolean;
}

/** One direction of one connection. */
export interface Lane {
  /** Whether bytes of it were thrown away. */
  readonly holed: boolean;
  /** Forwards what may go now; called again whenever the weather changes. */
  flush(): void;
  /** Forgets all delays of what is held. */
  hurry(): void;
  /** Forwards nothing more: what is held is lost. */
  close(): void;
}

/** What is under way: bytes, or the news that the sender closed or broke the connection. */
interface Parcel {
  readonly what: Buffer | 'end' | 'reset';
  dueMs: number;
}

/** So much is held per direction; beyond it the sender is made to wait, as by a full window. */
const maxHeldBytes = 8 * 1024 * 1024;

/**
 * Forwards what `from` sends to `to`, in order, under the weather. An end or a reset waits in
 * line behind the bytes before it: across a stalled network, nobody learns of the other's death.
 */
export function createLane(
  from: Socket,
  to: Socket,
  weather: Weather,
  direction: 'requests' | 'replies',
): Lane {
  const held: Parcel[] = [];
  let heldBytes = 0;
  let holed = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const deliver = ({ what }: Parcel) => {
    if (what === 'end') return void to.end();
    if (what === 'reset') return void to.resetAndDestroy();
    heldBytes -= what.length;
    if (direction === 'replies' && weather.repliesDropped) holed = true;
    else to.write(what);
  };

  const flush = () => {
    clearTimeout(timer);
    if (closed || weather.stalled) return;
    for (let parcel = held[0]; parcel !== undefined; parcel = held[0]) {
      const waitMs = parcel.dueMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(flush, Math.ceil(waitMs));
        break;
      }
      held.shift();
      deliver(parcel);
    }
    if (heldBytes + to.writableLength < maxHeldBytes) from.resume();
  };

  const hold = (what: Parcel['what']) => {
    held.push({ what, dueMs: performance.now() + weather.delayMs });
    if (typeof what === 'object') heldBytes += what.length;
    if (heldBytes + to.writableLength >= maxHeldBytes) from.pause();
    flush();
  };

  from.on('data', (bytes: Buffer) => hold(bytes));
  from.on('end', () => hold('end'));
  from.on('error', () => hold('reset'));
  to.on('drain', flush);
  return {
    get holed() {
      return holed;
    },
    flush,
    hurry() {
      for (const parcel of held) parcel.dueMs = 0;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
