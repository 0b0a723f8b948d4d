"""ConvLens's library: convolution explained, networks built, trained and looked into. No Streamlit, no pages in it.

Each folder imports only what stands below it here; `tests/unit/test_layout.py` holds them to it.

    train.py, worker.py    the two entry points: `python -m cnn_core.train`, `python -m cnn_core.worker`
    runs/                  a training as a folder, a queue and a process
    studies/               shipped experiments, made by ordinary trainings
    training/              the loop itself: nothing on disk, no process
    judge/                 how good a network is, and why
    inside/                what a network answers, layer by layer
    checkpoints.py         a trained network on disk: weights and card
    data/                  pictures and datasets on their way into a network
    networks/              a network as data: layers, shapes, costs, repairs; torch only where one is built
    operations/            the operations by hand, in NumPy: value, gradient, trace
    figures/               what leaves the app as a file: titled figures as PNG, SVG, PDF, and their numbers
    limits.py              what one visitor, and all together, may take of a server
    arrays.py files.py typed_json.py machine.py pictures.py histograms.py ranges.py    what all of them may use
"""
