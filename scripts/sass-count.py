#!/usr/bin/env python3
"""Counts the machine instructions of every kernel in cubin files, by kind and by loop.

    nvcc -cubin -arch=sm_90 ... -o mine.cubin && scripts/sass-count.py mine.cubin

From Volta on an instruction is 16 bytes; the low 9 bits of its opcode name the operation and the
next 3 the operands' form. Only the operations that SHA-256 is made of are named here; the rest is
shown by number. It needs no cuobjdump, which some CUDA images lack.
"""
import collections
import struct
import sys

NAMES = {
    0x010: "IADD3", 0x012: "LOP3", 0x019: "SHF", 0x024: "IMAD", 0x025: "IMAD.WIDE",
    0x027: "IMAD.HI", 0x002: "MOV", 0x016: "PRMT", 0x007: "SEL", 0x00c: "ISETP", 0x011: "LEA",
    0x035: "IADD", 0x036: "VIADD", 0x147: "BRA", 0x14d: "EXIT", 0x118: "NOP", 0x182: "LDC", 0x0b9: "ULDC", 0x1ac: "LDCU",
    0x119: "S2R", 0x1c3: "S2UR", 0x090: "UIADD3", 0x092: "ULOP3", 0x099: "USHF", 0x0a4: "UIMAD",
    0x082: "UMOV", 0x181: "LDG", 0x186: "STG", 0x1a8: "ATOMG", 0x183: "LDL", 0x187: "STL",
}
# Which of an SM's two 64-lane integer pipes an operation needs.
LOGIC = {"IADD3", "LOP3", "SHF", "PRMT", "SEL", "ISETP", "LEA", "IADD", "VIADD", "MOV"}
MULTIPLIER = {"IMAD", "IMAD.WIDE", "IMAD.HI"}


def text_sections(elf):
    """(kernel name, machine code) for each .text section of a 64-bit little-endian ELF file."""
    offset, = struct.unpack_from("<Q", elf, 40)
    size, count, names_index = struct.unpack_from("<HHH", elf, 58)
    headers = [struct.unpack_from("<IIQQQQ", elf, offset + i * size) for i in range(count)]
    names = headers[names_index][4]
    for header in headers:
        start = names + header[0]
        name = elf[start:elf.index(b"\0", start)].decode()
        if name.startswith(".text."):
            yield name[6:], elf[header[4]:header[4] + header[5]]


def instructions(code):
    for address in range(0, len(code), 16):
        low, high = struct.unpack_from("<QQ", code, address)
        number = low & 0x1ff
        yield address, NAMES.get(number, f"op{number:#05x}"), low, high


def branch_target(address, low, high):
    """Where a BRA goes: a signed number of 4-byte words from the next instruction, its low 8 bits in
    bits 16 to 23 and the others from bit 34 on."""
    words = (low | high << 64) >> 34 & (1 << 48) - 1
    if words >> 47:
        words -= 1 << 48
    return address + 16 + 4 * (words << 8 | low >> 16 & 0xff)


def describe(counts):
    total = sum(counts.values())
    logic = sum(n for name, n in counts.items() if name in LOGIC)
    multiplier = sum(n for name, n in counts.items() if name in MULTIPLIER)
    kinds = ", ".join(f"{name} {n}" for name, n in counts.most_common())
    return f"{total} instructions, logic pipe {logic}, multiplier {multiplier}: {kinds}"


def main():
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            elf = file.read()
        for kernel, code in text_sections(elf):
            listing = list(instructions(code))
            ends = [a for a, name, low, high in listing if name == "BRA" and branch_target(a, low, high) == a]
            end = ends[0] if ends else len(code)
            listing = [entry for entry in listing if entry[0] < end]
            print(f"{kernel}\n  all   {describe(collections.Counter(entry[1] for entry in listing))}")
            for address, name, low, high in listing:
                if name == "BRA" and (target := branch_target(address, low, high)) < address:
                    body = [e for e in listing if target <= e[0] <= address]
                    print(f"  loop  {describe(collections.Counter(e[1] for e in body))}")


if __name__ == "__main__":
    main()
