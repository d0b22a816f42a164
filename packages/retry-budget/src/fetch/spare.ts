/** An answer that will be given back or thrown away; which of the two is known only later. */
export interface Spare {
  /** It is given back: no more of it is read ahead. */
  keep(): void;
  /** It is thrown away. If its body is not over yet, so is the connection. */
  discard(): void;
}

/**
 * Reads the body of an answer ahead, up to `maxBytes` of it and a chunk: when a body has been read
 * to its end, its connection is free for others and need not wait for the backoff to pass.
 */
export function spare(response: Response, maxBytes: number): Spare {
  // The copy is read; what was read stays in the response for whoever reads that.
  const reader = response.body === null ? undefined : response.clone().body?.getReader();
  const stop = () => void reader?.cancel().catch(ignore);
  readAhead(reader, maxBytes).then(stop, ignore);
  return {
    keep: stop,
    discard() {
      stop();
      response.body?.cancel().catch(ignore);
    },
  };
}

/** A body that breaks off here breaks off for whoever reads the response, too. */
const ignore = () => {};

async function readAhead(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  maxBytes: number,
): Promise<void> {
  for (let bytes = 0; bytes <= maxBytes; ) {
    const part = await reader?.read();
    if (part?.value === undefined) return;
    bytes += part.value.byteLength;
  }
}
