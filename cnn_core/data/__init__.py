"""Pictures and datasets on their way into a network: catalogue, downloads, uploads, drawings, augmentation.

May import `networks` and `operations`. An upload passes `images`, `decoder_pool` (the processes),
`decoder_process` (what each does), `decoding`, `containers` (all but pixels is taken out) and `picture_kinds`; `ink`
finds what is written on it.
"""
