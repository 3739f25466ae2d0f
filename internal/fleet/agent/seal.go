package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"filippo.io/age"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// seal encrypts a file to a key, of which this host has the public half alone.
func seal(from, to string, key age.Recipient) (fleet.File, error) {
	in, err := os.Open(from)
	if err != nil {
		return fleet.File{}, err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fleet.File{}, err
	}
	sum, size := sha256.New(), &counter{}
	w, err := age.Encrypt(io.MultiWriter(out, sum, size), key)
	if err == nil {
		_, err = io.Copy(w, in)
		err = errors.Join(err, w.Close())
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fleet.File{}, err
	}
	return fleet.File{Hash: hex.EncodeToString(sum.Sum(nil)), Bytes: size.n}, nil
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
