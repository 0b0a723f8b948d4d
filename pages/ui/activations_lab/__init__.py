"""The parts of the activations page: functions, no nonlinearity, softmax and loss, softmax twice."""
