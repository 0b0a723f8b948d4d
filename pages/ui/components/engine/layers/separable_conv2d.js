// The depthwise-separable convolution: a kernel for each channel alone, then a 1×1 convolution over the channels.

import { Conv2d } from "./conv2d.js";

export function SeparableConv2d({ settings, inputShape, outputShape, tensors }) {
  const [channels] = inputShape;
  const between = [channels, outputShape[1], outputShape[2]];
  const depthwise = Conv2d({
    settings: { ...settings, groups: channels },
    inputShape,
    outputShape: between,
    tensors: { weight: tensors["depthwise.weight"] },
  });
  const pointwise = Conv2d({
    settings: { kernel_size: 1, stride: 1, padding: 0 },
    inputShape: between,
    outputShape,
    tensors: { weight: tensors["pointwise.weight"], bias: tensors["pointwise.bias"] },
  });
  return (input) => pointwise(depthwise(input));
}
