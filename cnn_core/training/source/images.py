"""Source that reads a dataset: `load(split)` gives images (N, C, H, W) uint8 and labels (N,) of "train" or "test"."""

from cnn_core.data import catalog
from cnn_core.data.sources import Torchvision

_TORCHVISION = '''
def load(split):
    """{title} as torchvision has it: images (N, C, H, W) uint8, labels (N,); downloaded once into "data"."""
    import torchvision

    part = torchvision.datasets.{kind}("data", train=split == "train", download=True)
    {images}
'''
_GRAY = "return part.data.unsqueeze(1), part.targets"
_COLOUR = "return torch.from_numpy(part.data).permute(0, 3, 1, 2), torch.tensor(part.targets)"

_DIGITS = '''
def load(split):
    """scikit-learn's 8x8 digits, enlarged to 20x20 in 28x28; every fifth of a class is a test image."""
    import numpy
    from PIL import Image
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = numpy.zeros((len(digits.images), 1, 28, 28), numpy.uint8)
    for image, small in zip(images, digits.images):
        small = Image.fromarray((small * (255 / 16)).round().astype(numpy.uint8))
        image[0, 4:24, 4:24] = numpy.asarray(small.resize((20, 20), Image.Resampling.BICUBIC))
    tested = numpy.zeros(len(images), bool)
    for label in range(10):
        tested[numpy.flatnonzero(digits.target == label)[4::5]] = True
    chosen = tested if split == "test" else ~tested
    return torch.from_numpy(images[chosen]), torch.from_numpy(digits.target[chosen])
'''

_FILES = '''
def load(split):
    """{title} from the four .npy files that ConvLens has of it, here in "data/{name}"."""
    import numpy

    images = numpy.load(f"data/{name}/x_{{split}}.npy")  # (N, H, W, C) uint8
    labels = numpy.load(f"data/{name}/y_{{split}}.npy")
    return torch.from_numpy(images).permute(0, 3, 1, 2), torch.from_numpy(labels).long()
'''


def load_source(dataset: str) -> str:
    """The function, from torchvision or scikit-learn where they have the dataset, else from ConvLens' own files."""
    info = catalog.find(dataset)
    title = catalog.title(dataset)
    if dataset == "digits":
        return _DIGITS
    if dataset == "cifar10":
        return _TORCHVISION.format(title=title, kind="CIFAR10", images=_COLOUR)
    if info is not None and isinstance(info.fetch, Torchvision):
        return _TORCHVISION.format(title=title, kind=info.fetch.kind, images=_GRAY)
    return _FILES.format(title=title, name=dataset)
