package terminal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// WriteWhole writes a file that appears under its name when it is complete.
func WriteWhole(path string, write func(*os.File) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".plumb-*")
	if err != nil {
		return WithHint(err, "check that the folder of %s exists and is writable", path)
	}
	defer os.Remove(file.Name())
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// WorkingFolder is the current folder with a slash, "" when it is unknown.
func WorkingFolder() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator)
}
