// The image that a network gets, as one picture: gray, or red, green and blue together.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{image: Float32Array, network: {inputShape: number[]}, caption: string}} content values in 0..1
 */
export function paintImage(canvas, { image, network: { inputShape }, caption }) {
  const [channels, rows, columns] = inputShape;
  const cells = rows * columns;
  canvas.width = columns;
  canvas.height = rows;
  canvas.setAttribute("aria-label", caption);
  canvas.title = caption;
  const picture = new ImageData(columns, rows);
  for (let k = 0; k < cells; k += 1) {
    for (let part = 0; part < 3; part += 1)
      picture.data[4 * k + part] = 255 * image[(channels === 3 ? part : 0) * cells + k];
    picture.data[4 * k + 3] = 255;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}
