// A safetensors file: the header's length in 8 bytes, the header as JSON, then the numbers, little endian.

/**
 * The tensors of a file by their names, flat, as Float32Array; whole numbers (batch norm's count of batches) are left
 * out, since no answer depends on them. Float32 stays where it lies. Throws where the file is cut off.
 *
 * @param {ArrayBuffer} file
 * @returns {Object<string, Float32Array>}
 */
export function tensorsOf(file) {
  const length = Number(new DataView(file).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)));
  const tensors = {};
  for (const [name, { dtype, data_offsets: [start, end] = [] }] of Object.entries(header)) {
    if (name !== "__metadata__" && dtype in KINDS) {
      tensors[name] = KINDS[dtype](file, 8 + length + start, end - start);
    }
  }
  return tensors;
}

const KINDS = {
  F32: (file, at, bytes) =>
    at % 4 ? new Float32Array(file.slice(at, at + bytes)) : new Float32Array(file, at, bytes / 4),
  F64: (file, at, bytes) => Float32Array.from(new Float64Array(file.slice(at, at + bytes))),
  F16: (file, at, bytes) => Float32Array.from(new Uint16Array(file.slice(at, at + bytes)), half),
};

/** A float16 by its bits: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 25) * (1024 + fraction) : sign * 2 ** -24 * fraction;
}
