"""Equal tracebacks stand in the log once a minute."""

import io
import logging

from server.logs import OneTraceback


def test_equal_tracebacks_are_written_once_a_minute():
    now = [0.0]
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(OneTraceback(lambda: now[0]))
    logger = logging.getLogger("test_logs")
    logger.propagate = False
    logger.addHandler(handler)

    def fail(text):
        try:
            int(text)
        except ValueError:
            logger.exception("no number")

    for _ in range(100):
        fail("x")
    assert out.getvalue().count("Traceback") == 1
    now[0] = 61
    fail("y")
    assert out.getvalue().count("Traceback") == 2
    assert "no number (and 99 more like it since it was last written)" in out.getvalue()
    logger.warning("a line")
    logger.warning("a line")
    assert out.getvalue().count("a line") == 2
    logger.removeHandler(handler)


def test_others_are_written():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(OneTraceback())
    logger = logging.getLogger("test_logs_others")
    logger.propagate = False
    logger.addHandler(handler)
    for wrong in (lambda: int("x"), lambda: [][1], lambda: {}["a"]):
        try:
            wrong()
        except (ValueError, LookupError):
            logger.exception("failed")
    assert out.getvalue().count("Traceback") == 3
    logger.removeHandler(handler)
