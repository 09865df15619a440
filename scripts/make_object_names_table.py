#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/x509/object_names_table.inc: the identifiers that the installed libcrypto names.

    scripts/make_object_names_table.py            writes the table; needs OpenSSL 3.0
    scripts/make_object_names_table.py --check    fails if the file in the tree differs, and exits
                                                  with 77 where libcrypto is not 3.0
"""
import ctypes
import ctypes.util
import pathlib
import sys

TABLE = pathlib.Path(__file__).resolve().parent.parent / 'src/x509/object_names_table.inc'
LAST_NID = 4000  # far above OpenSSL 3.0's 1248; identifiers without an object are passed over


def libcrypto():
    lib = ctypes.CDLL(ctypes.util.find_library('crypto') or 'libcrypto.so.3')
    lib.OpenSSL_version.restype = ctypes.c_char_p
    lib.OBJ_nid2obj.restype = ctypes.c_void_p
    lib.OBJ_nid2sn.restype = lib.OBJ_nid2ln.restype = ctypes.c_char_p
    lib.OBJ_length.restype = ctypes.c_size_t
    lib.OBJ_length.argtypes = lib.OBJ_get0_data.argtypes = [ctypes.c_void_p]
    lib.OBJ_get0_data.restype = ctypes.c_void_p
    return lib


def objects(lib):
    """{content octets: (short name, long name)}; of identifiers listed twice the first counts."""
    found = {}
    for nid in range(1, LAST_NID):
        obj = lib.OBJ_nid2obj(nid)
        if not obj or not lib.OBJ_length(obj):
            continue
        octets = ctypes.string_at(lib.OBJ_get0_data(obj), lib.OBJ_length(obj))
        found.setdefault(octets, (lib.OBJ_nid2sn(nid).decode(), lib.OBJ_nid2ln(nid).decode()))
    return found


def c_string(octets):
    return ''.join(chr(o) if 0x20 <= o < 0x7f and o not in b'"\\?' else '\\%03o' % o
                   for o in octets)


def table(found):
    lines = ['// SPDX-License-Identifier: Apache-2.0',
             '// Made by scripts/make_object_names_table.py from libcrypto 3.0; do not edit.',
             '// {content octets, short name, long name}, sorted by the octets.']
    for octets, (short, long_name) in sorted(found.items()):
        oid = ''.join('\\%03o' % o for o in octets)
        names = c_string(short.encode()), c_string(long_name.encode())
        lines.append('{"%s"sv, "%s"sv, "%s"sv},' % (oid, *names))
    return '\n'.join(lines) + '\n'


def main():
    lib = libcrypto()
    release = lib.OpenSSL_version_num() >> 20
    if release != 0x300:
        print(f'libcrypto is {release >> 8}.{release & 0xff}, the table 3.0', file=sys.stderr)
        sys.exit(77)
    text = table(objects(lib))
    if sys.argv[1:] == ['--check']:
        same = TABLE.read_text() == text
        sys.exit(0 if same else f'{TABLE}: differs from the installed libcrypto')
    TABLE.write_text(text)


if __name__ == '__main__':
    main()
