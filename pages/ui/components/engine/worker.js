// The engine's worker: keeps networks by number, and answers each image with what every layer makes of it.

import { network } from "./network.js";

const networks = new Map();

const ACTS = {
  load: ({ id, description, weights }) => [networks.set(id, network(description, weights)) && null],
  forward: ({ id, input }) => {
    const answer = networks.get(id)(input);
    // Layers that change nothing hand on the same buffer, and a network that only flattens the image itself.
    const buffers = [...answer.outputs.map(({ values }) => values.buffer), answer.probabilities.buffer];
    return [answer, [...new Set(buffers)]];
  },
  drop: ({ id }) => [networks.delete(id)],
};

self.onmessage = ({ data: { call, act, ...given } }) => {
  try {
    const [answer, buffers = []] = ACTS[act](given);
    self.postMessage({ call, answer }, buffers);
  } catch (error) {
    self.postMessage({ call, error: error.message });
  }
};
