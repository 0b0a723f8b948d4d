"""A picture from the camera, here Chromium's moving test picture, goes into the player."""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks import serving
from cnn_core.data import images
from cnn_core.operations import kernels
from tests.browser.conftest import Server, no_exception, visit
from tests.support.laboratory import Player, choose, convolved, near, press, read_sum, strongest

# The camera's picture, as an address that holds it: the page keeps none.
KEEP_WHAT_IS_SENT = """
const append = FormData.prototype.append;
FormData.prototype.append = function (name, value, ...more) {
  const reader = new FileReader();
  reader.onload = () => { window.sentPicture = reader.result; };
  if (value instanceof Blob) reader.readAsDataURL(value);
  return append.call(this, name, value, ...more);
};
"""


@pytest.fixture
def filmed(browser: Browser) -> Iterator[Page]:
    """A page that may use a camera."""
    arguments = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    chromium = browser.browser_type.launch(executable_path=serving.CHROMIUM, args=arguments)
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, permissions=["camera"])
    yield context.new_page()
    chromium.close()


def test_a_picture_from_the_camera(shared_server: Server, filmed: Page) -> None:
    filmed.add_init_script(KEEP_WHAT_IS_SENT)
    visit(
        filmed, f"{shared_server.url}/convolution?conv-image-source=Camera&conv-image-size=16&conv-exact=true"
    )
    opener = filmed.get_by_role("button", name="Image", exact=True)
    press(filmed, opener, "Enter")
    camera = filmed.get_by_test_id("stCameraInput")
    expect(camera.locator("video")).to_have_js_property(
        "videoWidth", 336
    )  # until it runs there is nothing to take
    shutter = camera.get_by_role("button", name="Take Photo")
    expect(shutter).to_be_in_viewport(ratio=1)
    press(filmed, shutter, "Enter")
    player = Player(filmed)
    expect(player.stage).to_have_attribute(
        "aria-label", "Convolution of Your picture from the camera, player"
    )
    picture = images.decode(base64.b64decode(filmed.evaluate("window.sentPicture").split(",", 1)[1]))
    image = images.fit(picture, 16, 1)[0]
    assert image.std() > 0.02, "a picture of nothing would prove nothing"
    expect(filmed.get_by_text("From the camera")).to_be_visible()
    expect(camera).to_have_count(0)
    filmed.keyboard.press("Escape")

    choose(filmed, "Kernel", "Emboss", "conv-kernel")
    expect(player.line).to_contain_text(re.compile(r": [\d.]+ × −2 [+−]"))
    output = convolved(image, kernels.make("emboss", 3))
    row, column = strongest(output[1:-1, 1:-1])
    player.go(row + 1, column + 1)
    player.at(row + 1, column + 1, (16, 16))
    shown = read_sum(player.sentence())
    assert near(shown.value, output[row + 1, column + 1])
    window = image[row : row + 3, column : column + 3].ravel()
    assert all(near(pixel, x) for (pixel, _), x in zip(shown.products, window, strict=True))

    press(filmed, opener, "Enter")
    press(filmed, filmed.get_by_role("button", name="Remove"), "Enter")
    expect(camera).to_be_visible()
    expect(player.stage).to_have_attribute("aria-label", re.compile("nothing is brought in this browser yet"))
    no_exception(filmed)
