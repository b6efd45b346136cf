// Judges proofs by Go's packages for its checksum database, which know nothing of Salus:
//
//	sumdb_check inclusion VERIFIER-KEY PROOF ENTRY        a C2SP tlog-proof, and the entry's bytes
//	sumdb_check record ROOT SIZE INDEX LEAF-FILE [HASH...]  a path below a root, all in base64
//	sumdb_check consistency VERIFIER-KEY OLD NEW [HASH...]  two checkpoints
//
// Exit code 0: it holds. Otherwise the reason is on standard error.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type head struct {
	size int64
	root tlog.Hash
}

// open verifies a checkpoint's signature and reads its three lines.
func open(text []byte, key string) (head, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return head{}, err
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return head{}, errors.New("not a checkpoint of this origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return head{size, root}, err
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, hash)
	}
	return out, nil
}

func inclusion(key, proofFile, entryFile string) error {
	proof, err := os.ReadFile(proofFile)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return err
	}
	top, checkpoint, found := strings.Cut(string(proof), "\n\n")
	lines := strings.Split(top, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a tlog-proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	signed, err := open([]byte(checkpoint), key)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, signed.size, signed.root, index, tlog.RecordHash(entry))
}

func record(root, sizeText, indexText, leafFile string, pathText []string) error {
	top, err := tlog.ParseHash(root)
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(sizeText, 10, 64)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(indexText, 10, 64)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(leafFile)
	if err != nil {
		return err
	}
	path, err := hashes(pathText)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, size, top, index, tlog.RecordHash(entry))
}

func consistency(key, oldFile, newFile string, pathText []string) error {
	var heads [2]head
	for i, name := range []string{oldFile, newFile} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if heads[i], err = open(text, key); err != nil {
			return err
		}
	}
	path, err := hashes(pathText)
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, heads[1].size, heads[1].root, heads[0].size, heads[0].root)
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 4 && arguments[0] == "inclusion":
		return inclusion(arguments[1], arguments[2], arguments[3])
	case len(arguments) >= 5 && arguments[0] == "record":
		return record(arguments[1], arguments[2], arguments[3], arguments[4], arguments[5:])
	case len(arguments) >= 4 && arguments[0] == "consistency":
		return consistency(arguments[1], arguments[2], arguments[3], arguments[4:])
	}
	return errors.New("wrong arguments")
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
