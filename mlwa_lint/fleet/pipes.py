"""Messages on a pipe: their length, then their bytes."""

import os

_WORD = 8


def send(descriptor: int, data: bytes) -> None:
    """Sends a message. Raises BrokenPipeError when the reader is gone."""
    view = memoryview(len(data).to_bytes(_WORD, "big") + data)
    while view:
        view = view[os.write(descriptor, view) :]


def receive(descriptor: int) -> bytes | None:
    """The next message; None when the other end is closed, also in the middle of one."""
    head = _read(descriptor, _WORD)
    return None if head is None else _read(descriptor, int.from_bytes(head, "big"))


def _read(descriptor: int, size: int) -> bytes | None:
    received = bytearray()
    while len(received) < size:
        data = os.read(descriptor, min(size - len(received), 1 << 20))
        if not data:
            return None
        received += data
    return bytes(received)


def taken(received: bytearray) -> bytes | None:
    """Takes the first message out of what has been received, once it is whole."""
    size = int.from_bytes(received[:_WORD], "big")
    if len(received) < _WORD or len(received) < _WORD + size:
        return None
    data = bytes(received[_WORD : _WORD + size])
    del received[: _WORD + size]
    return data
