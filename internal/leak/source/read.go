package source

import (
	"os"
	"path/filepath"
)

// maxSource is the longest source file that is searched for a declaration.
const maxSource = 16 << 20

// ReadFile reads a script of the program under watch: a regular file by its
// absolute path, which is how Node.js names scripts.
func ReadFile(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		return nil, os.ErrNotExist
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil, os.ErrInvalid
	}
	return os.ReadFile(path)
}
