// The browser engine: networks that answer in a worker, so that the page stays free while they do.

/**
 * A worker for networks; `close` ends it, and whatever waits for it rejects.
 *
 * @returns {{load: (description: Object) => Promise<Network>, close: () => void}}
 */
export function engine() {
  const script = new URL("./worker.js", import.meta.url);
  const worker = new Worker(script, { type: "module" });
  const waiting = new Map(); // the number of a call -> what settles its promise
  const networks = new Map(); // the address of the weights and the layers -> the promise of the network
  let calls = 0;

  worker.onmessage = ({ data: { call, answer, error } }) => {
    const { resolve, reject } = waiting.get(call);
    waiting.delete(call);
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  };
  worker.onerror = ({ message }) => end(new Error(`The engine did not start. ${message ?? ""}`.trim()));

  function end(error) {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function ask(act, given, buffers = []) {
    return new Promise((resolve, reject) => {
      waiting.set(++calls, { resolve, reject });
      worker.postMessage({ call: calls, act, ...given }, buffers);
    });
  }

  async function loaded(description) {
    const [id, weights] = [++calls, await fetched(description.weights)];
    await ask("load", { id, description, weights }, [weights]);
    return { description, forward: newest((input) => ask("forward", { id, input })) };
  }

  return {
    /**
     * The network of a description, its weights fetched once; `description` is what `describe` of Python gives.
     * Rejects where they cannot be fetched or read; the next call tries again.
     */
    load(description) {
      const key = JSON.stringify(description);
      if (!networks.has(key)) {
        const network = loaded(description);
        network.catch(() => networks.delete(key));
        networks.set(key, network);
      }
      return networks.get(key);
    },
    close() {
      worker.terminate();
      end(new Error("The engine was closed."));
      if (script.protocol === "blob:") URL.revokeObjectURL(script);
    },
  };
}

/** The bytes at an address within the app, relative to the folder that the page itself lies in. */
export async function fetched(address) {
  const answer = await fetch(new URL(address, document.baseURI));
  if (!answer.ok) throw new Error(`The weights cannot be fetched: the server answers ${answer.status}.`);
  return answer.arrayBuffer();
}

/**
 * `run`, one call at a time: of those that come while one runs only the newest follows it, the others resolve to null.
 * One that runs is not given up, else nothing would be seen while calls come faster than answers.
 *
 * @template Input, Answer
 * @param {(input: Input) => Promise<Answer>} run
 * @returns {(input: Input) => Promise<Answer | null>}
 */
export function newest(run) {
  let running = false;
  let next = null;
  return async function call(input) {
    if (running) {
      next?.resolve(null);
      return new Promise((resolve, reject) => {
        next = { input, resolve, reject };
      });
    }
    running = true;
    try {
      return await run(input);
    } finally {
      running = false;
      if (next) {
        const { input, resolve, reject } = next;
        next = null;
        call(input).then(resolve, reject);
      }
    }
  };
}
