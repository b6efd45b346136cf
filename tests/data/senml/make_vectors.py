#!/usr/bin/env python3
"""Makes rfc8428.json: the examples of RFC 8428 in CBOR, encoded by python3-cbor2.

    make_vectors.py FOLDER > rfc8428.json

FOLDER has exN.gen.json and exN.gen.resolved.json of github.com/core-wg/senml-spec.
"""
import base64
import json
import os
import sys

import cbor2

LABELS = {"bver": -1, "bn": -2, "bt": -3, "bu": -4, "bv": -5, "bs": -6, "n": 0, "u": 1, "v": 2,
          "vs": 3, "vb": 4, "s": 5, "t": 6, "ut": 7, "vd": 8}


def in_cbor(record):
    out = {}
    for name, value in record.items():
        if name == "vd":
            value = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        if isinstance(value, float) and value == int(value):
            value = int(value)
        out[LABELS[name]] = value
    return out


def main(folder):
    vectors = []
    for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13):
        with open(os.path.join(folder, f"ex{number}.gen.json")) as file:
            pack = json.load(file)
        vector = {"name": f"ex{number}", "json": pack,
                  "cbor": cbor2.dumps([in_cbor(record) for record in pack]).hex()}
        resolved = os.path.join(folder, f"ex{number}.gen.resolved.json")
        # What was measured "now" was resolved by the clock of whoever made the example.
        if number in (3, 4, 5, 6, 12) and os.path.exists(resolved):
            with open(resolved) as file:
                vector["resolved"] = json.load(file)
        vectors.append(vector)
    json.dump(vectors, sys.stdout, indent=1)
    print()


main(sys.argv[1])
