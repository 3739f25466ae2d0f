package control

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// leastToken is how many characters a token has at least.
const leastToken = 16

// ReadToken reads a token from a file that holds nothing else.
func ReadToken(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if len(token) < leastToken {
		return "", fmt.Errorf("read token: %s has fewer than %d characters", path, leastToken)
	}
	return token, nil
}

// NewToken makes one.
func NewToken() string { return rand.Text() }

// KeepToken lets other plumbs of this user and machine find the token of what
// listens at an address, HOST:PORT, until forget is called. That of a plumb that was
// killed stays, and opens nothing.
func KeepToken(address, token string) (forget func(), err error) {
	path, err := tokenFile(address)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(path) // whatever its mode
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("keep token: %w", err)
	}
	return func() { _ = os.Remove(path) }, nil
}

// FindToken is the token of what listens at an address of this machine, "" when no
// plumb of this user does.
func FindToken(address string) (string, error) {
	path, err := tokenFile(address)
	if err != nil {
		return "", err
	}
	token, err := ReadToken(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return token, err
}

// tokenFile has the port in its name: one program alone listens there.
func tokenFile(address string) (string, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	folder, err := Folder()
	if err != nil {
		return "", err
	}
	return filepath.Join(folder, filepath.Base(port)+".token"), nil
}
