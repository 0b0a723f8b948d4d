// Linear: every value of the vector before times its weight, and a bias.

/** @type {import("../views.js").View} */
export const Linear = {
  does: "Linear multiplies every value before it by a weight of its own and adds all of that up.",
  sources({ inputShape: [inputs], tensors: { weight } }, unit) {
    return Array.from({ length: inputs }, (_, k) => {
      const own = weight[unit * inputs + k];
      return { unit: k, size: Math.abs(own), sign: Math.sign(own) };
    });
  },
  trace({ inputShape: [inputs], tensors: { weight, bias } }, { unit }, input) {
    let value = bias ? bias[unit] : 0;
    const groups = Array.from({ length: inputs }, (_, k) => {
      const own = weight[unit * inputs + k];
      const sum = input[k] * own;
      value += sum;
      const factors = [{ unit: k, row: 0, column: 0, inside: true, value: input[k], weight: own }];
      return { unit: k, across: 1, factors, scale: null, sum };
    });
    return { how: "sum", groups, bias: bias ? bias[unit] : null, value };
  },
};
