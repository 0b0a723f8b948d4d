// The forward pass of every layer type, by the name that it has in LAYER_TYPES of cnn_core/networks/layers.
//
// Each is a function of one layer `{settings, inputShape, outputShape, tensors}`: the settings as Python has them, the
// shapes without the batch, the tensors by their names within the layer. It returns a function of the input that makes
// the output, both Float32Arrays in the order channel, row, column; the input is never written to.

import { AvgPool2d } from "./layers/avg_pool2d.js";
import { BatchNorm } from "./layers/batch_norm.js";
import { Conv2d } from "./layers/conv2d.js";
import { GELU } from "./layers/gelu.js";
import { GlobalAvgPool } from "./layers/global_avg_pool.js";
import { LeakyReLU } from "./layers/leaky_relu.js";
import { Linear } from "./layers/linear.js";
import { MaxPool2d } from "./layers/max_pool2d.js";
import { ReLU } from "./layers/relu.js";
import { Residual } from "./layers/residual.js";
import { SeparableConv2d } from "./layers/separable_conv2d.js";
import { Sigmoid } from "./layers/sigmoid.js";
import { SiLU } from "./layers/silu.js";
import { Softmax } from "./layers/softmax.js";
import { Tanh } from "./layers/tanh.js";
import { Dropout, Flatten } from "./layers/unchanged.js";

export const LAYERS = {
  ...{ Conv2d, SeparableConv2d, Residual },
  ...{ MaxPool2d, AvgPool2d, GlobalAvgPool },
  ...{ BatchNorm, Dropout, Flatten, Linear },
  ...{ ReLU, LeakyReLU, GELU, SiLU, Tanh, Sigmoid, Softmax },
};
