// Layers that leave the values as they are: the order in memory is channel, row, column, and so is Flatten's.

const unchanged = () => (input) => input;

export const Flatten = unchanged;
export const Dropout = unchanged; // of a trained network: it is off
