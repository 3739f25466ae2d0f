package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
)

// addIndexFlag gives cmd and the commands below it --no-index.
func (a *app) addIndexFlag(cmd *cobra.Command) {
	cmd.PersistentFlags().BoolVar(&a.noIndex, "no-index", false, "neither read nor write the index beside a snapshot")
}

// openSnapshot opens the snapshot at path, "-" for the standard input, with
// progress. The caller closes it.
func (a *app) openSnapshot(cmd *cobra.Command, path string) (*heap.Snapshot, error) {
	report, done := a.progress(cmd.Context(), path)
	defer done()
	options := heap.Options{Progress: report, NoIndex: a.noIndex, Derive: derivations()}
	if path == "-" {
		return a.readStdin(cmd, options)
	}
	// Opening a directory works on Unix; reading it then fails in a riddle.
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, withHint(fmt.Errorf("open snapshot: %s is a directory", path), "name a .heapsnapshot file in it")
	}
	s, err := heap.Open(cmd.Context(), path, options)
	if err != nil {
		return nil, openError(err)
	}
	a.warn(path, s)
	return s, nil
}

func (a *app) readStdin(cmd *cobra.Command, options heap.Options) (*heap.Snapshot, error) {
	if a.stdinTaken {
		return nil, withHint(errors.New(`open snapshot: "-" is given twice`), "the standard input holds one snapshot; give files for the others")
	}
	a.stdinTaken = true
	if isTerminal(a.in) {
		return nil, withHint(errors.New("open snapshot: the standard input is a terminal"), "pipe a snapshot in, or name a file")
	}
	s, err := heap.Read(cmd.Context(), a.in, options)
	if err != nil {
		return nil, openError(err)
	}
	a.warn("-", s)
	return s, nil
}

// openError words a failure to open. The library's own errors have a hint.
func openError(err error) error {
	err = fmt.Errorf("open snapshot: %w", err)
	if hint := fileHint(err); hint != "" {
		return withHint(err, "%s", hint)
	}
	return err
}

func (a *app) warn(path string, s *heap.Snapshot) {
	for _, w := range s.Warnings() {
		a.note("%s: %s", path, w)
	}
}
