"""Functions on IP address blocks."""

import ipaddress
from typing import TypeAlias

from mlwa_lint.frontends.terraform.functions.data import CannotError, undecided
from mlwa_lint.frontends.terraform.functions.kinds import Function, PlainFunction

_Block: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _block(text: str) -> _Block:
    # Terraform also takes an address inside the block.
    if "/" not in text or "%" in text:
        raise CannotError("take this as an address block")
    address, _, length = text.partition("/")
    if ":" not in address:
        # Terraform reads 010 as ten, where Python refuses it.
        address = ".".join(
            part.lstrip("0") or "0" if part.isdecimal() else part for part in address.split(".")
        )
    try:
        return ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        raise CannotError("take this as an address block") from None


def _cidrhost(prefix: str, number: int) -> str:
    block = _block(prefix)
    if not -block.num_addresses <= number < block.num_addresses:
        raise CannotError(f"find host {number} in the address block")
    return str(block[number])


def _cidrnetmask(prefix: str) -> str:
    block = _block(prefix)
    if block.version != 4:
        raise CannotError("make a netmask for IPv6")
    return str(block.netmask)


def _subnet(block: _Block, bits: int, number: int) -> str:
    length = block.prefixlen + bits
    if number < 0:
        raise undecided("a negative subnet number is not evaluated")
    if bits < 0 or length > block.max_prefixlen or not number < 1 << bits:
        raise CannotError("divide the address block like this")
    address = int(block.network_address) + (number << (block.max_prefixlen - length))
    return f"{type(block.network_address)(address)}/{length}"


def _cidrsubnets(prefix: str, *bits: int) -> list[str]:
    block = _block(prefix)
    start = int(block.network_address)
    end = start + block.num_addresses
    found: list[str] = []
    for more in bits:
        length = block.prefixlen + more
        if more < 1 or length > block.max_prefixlen:
            raise CannotError("divide the address block like this")
        size = 1 << (block.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > end:
            raise CannotError("fit the blocks into the address block")
        found.append(f"{type(block.network_address)(start)}/{length}")
        start += size
    return found


FUNCTIONS: dict[str, Function] = {
    "cidrhost": PlainFunction("sw", _cidrhost),
    "cidrnetmask": PlainFunction("s", _cidrnetmask),
    "cidrsubnet": PlainFunction("sww", lambda prefix, bits, number: _subnet(_block(prefix), bits, number)),
    "cidrsubnets": PlainFunction("s", _cidrsubnets, more="w"),
}
