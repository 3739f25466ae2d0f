package heapcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

const noIndex = "no-index"

// AddIndexFlag gives cmd and the commands below it --no-index.
func AddIndexFlag(cmd *cobra.Command) {
	cmd.PersistentFlags().Bool(noIndex, false, "neither read nor write the index beside a snapshot")
}

// OpenSnapshot opens the snapshot at path, "-" for the standard input, with
// progress. The caller closes it.
func OpenSnapshot(ui *terminal.UI, cmd *cobra.Command, path string) (*heap.Snapshot, error) {
	name := path
	if path == "-" {
		name = "standard input"
		if err := takeStdin(ui); err != nil {
			return nil, err
		}
	} else if err := checkFile(path); err != nil {
		return nil, err
	}
	without, err := cmd.Flags().GetBool(noIndex)
	if err != nil {
		return nil, err
	}
	report, done := terminal.Progress(cmd.Context(), ui, name)
	defer done()
	options := heap.Options{Progress: report, NoIndex: without, Derive: derivations()}
	var s *heap.Snapshot
	if path == "-" {
		s, err = heap.Read(cmd.Context(), ui.In, options)
	} else {
		s, err = heap.Open(cmd.Context(), path, options)
	}
	if err != nil {
		return nil, openError(name, err)
	}
	for _, w := range s.Warnings() {
		ui.Note("%s: %s", name, w)
	}
	return s, nil
}

// takeStdin lets one argument be "-".
func takeStdin(ui *terminal.UI) error {
	if ui.StdinTaken {
		return terminal.WithHint(errors.New(`open snapshot: "-" is given twice`), "the standard input holds one snapshot; give files for the others")
	}
	ui.StdinTaken = true
	if terminal.IsTerminal(ui.In) {
		return terminal.WithHint(errors.New("open snapshot: the standard input is a terminal"), "pipe a snapshot in, or name a file")
	}
	return nil
}

// checkFile refuses what cannot be a snapshot before progress says that it is
// read. Unix opens a directory, and fails to read it.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return openError(path, err)
	case info.IsDir():
		return terminal.WithHint(fmt.Errorf("open snapshot: %s: is a directory", path), "name a .heapsnapshot file in it")
	default:
		return nil
	}
}

// openError words a failure to open path. The library's own errors have a hint.
func openError(path string, err error) error {
	var inFile *heap.Error
	var onDisk *fs.PathError
	switch {
	case errors.As(err, &onDisk):
		err = onDisk.Err
	case errors.As(err, &inFile) && inFile.Path != "":
		return fmt.Errorf("open snapshot: %w", err) // it names the file
	}
	hint := fileHint(err)
	err = fmt.Errorf("open snapshot: %s: %w", path, err)
	if hint != "" {
		return terminal.WithHint(err, "%s", hint)
	}
	return err
}

// fileHint says what to do about an error of the file system, "" for others.
func fileHint(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "check the path; a snapshot comes from v8.writeHeapSnapshot(), node --heapsnapshot-signal=SIGUSR2 or Chrome DevTools"
	case errors.Is(err, fs.ErrPermission):
		return "the file is not readable for this user: check its owner and mode"
	default:
		return ""
	}
}
