"""Environment that makes glibc keep freed activations instead of handing them back to the kernel at every step.

It is read before a process starts, so whoever starts a training process sets it. Without glibc it does nothing.
"""

GLIBC_TUNABLES = ":".join(
    (
        "glibc.malloc.hugetlb=1",
        f"glibc.malloc.mmap_threshold={4 << 30}",
        f"glibc.malloc.trim_threshold={16 << 30}",
        f"glibc.malloc.top_pad={256 << 20}",
    )
)
ENVIRONMENT = {"GLIBC_TUNABLES": GLIBC_TUNABLES}
