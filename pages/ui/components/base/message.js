// What came from Python: one message of a header and arrays, as message.py packs it.

const KINDS = { f4: Float32Array, i4: Int32Array, u1: Uint8Array };

/**
 * The header's entries, and each array that it lists under its name.
 * @param {Uint8Array} bytes
 * @returns {Object<string, any>}
 */
export function unpack(bytes) {
  const own = bytes.slice(); // its own buffer, so that every array begins on a multiple of 4
  const length = new DataView(own.buffer).getUint32(0, true);
  const { arrays, ...header } = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + length)));
  for (const { name, kind, count, at } of arrays) {
    header[name] = new KINDS[kind](own.buffer, 4 + length + at, count);
  }
  return header;
}
