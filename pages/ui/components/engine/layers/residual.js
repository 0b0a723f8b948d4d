// The residual block: `relu(f(x) + x)`, f two 3×3 convolutions with batch norm and a ReLU between.

import { BatchNorm } from "./batch_norm.js";
import { Conv2d } from "./conv2d.js";
import { ReLU } from "./relu.js";

export function Residual({ settings: { stride }, inputShape, outputShape, tensors }) {
  const convolved = (name, from, size, step) =>
    Conv2d({
      settings: { kernel_size: size, stride: step, padding: (size - 1) / 2 },
      inputShape: from,
      outputShape,
      tensors: { weight: tensors[`${name}.weight`] },
    });
  const normalized = (name) => {
    const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${name}.`));
    const named = own.map(([key, values]) => [key.slice(name.length + 1), values]);
    return BatchNorm({ outputShape, tensors: Object.fromEntries(named) });
  };
  const rectified = ReLU();
  const learned = [
    convolved("conv1", inputShape, 3, stride),
    normalized("batch_norm1"),
    rectified,
    convolved("conv2", outputShape, 3, 1),
    normalized("batch_norm2"),
  ];
  const passed =
    "shortcut.projection.weight" in tensors
      ? [convolved("shortcut.projection", inputShape, 1, stride), normalized("shortcut.projection_norm")]
      : [];
  const through = (steps, input) => steps.reduce((values, step) => step(values), input);
  return (input) => {
    const past = through(passed, input);
    return rectified(through(learned, input).map((value, at) => value + past[at]));
  };
}
