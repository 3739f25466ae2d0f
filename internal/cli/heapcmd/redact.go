package heapcmd

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/heap"
	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// redactedResult is what plumb redact did, as JSON.
type redactedResult struct {
	File     string `json:"file"`
	Strings  int    `json:"strings"`
	Replaced int    `json:"replaced"`
}

func newRedactCommand(ui *terminal.UI) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "redact FILE",
		Short: "Write a snapshot without what its strings say",
		Long: "Replace the texts of strings, regular expressions and numbers in a snapshot, so that it can be\n" +
			"given to others. The graph, all sizes, ids and source positions stay, and the names of\n" +
			"classes, functions, variables, properties and files: DevTools and plumb find the same in\n" +
			"it, but no contents. Equal texts stay equal, and as long as they were.\n\n" +
			"Names stay because a leak has no name without them. The keys of an object that is used as\n" +
			"a map are names too: look for what should not be read before you give the file away.\n" +
			"-o - writes to the standard output; a name that ends in .gz or .zst compresses.",
		Example:     "  plumb redact app.heapsnapshot\n  plumb redact app.heapsnapshot.zst -o for-support.heapsnapshot.gz",
		Args:        terminal.Takes("FILE"),
		Annotations: terminal.NoCSV,
		RunE: func(cmd *cobra.Command, args []string) error {
			path := output
			if path == "" {
				path = redactedName(args[0])
			}
			result := redactedResult{File: path}
			if err := checkFile(args[0]); err != nil {
				return err
			}
			write := func(w io.Writer) error {
				done, err := heap.Redact(cmd.Context(), args[0], w)
				result.Strings, result.Replaced = done.Strings, done.Replaced
				var inFile *heap.Error
				var onDisk *fs.PathError
				if errors.As(err, &inFile) || errors.As(err, &onDisk) && onDisk.Op != "write" {
					return openError(args[0], err)
				}
				return err
			}
			if path == "-" {
				return write(ui.Out)
			}
			if err := terminal.WriteWhole(path, func(f *os.File) error { return packedFor(path, f, write) }); err != nil {
				return err
			}
			text := func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "Replaced %s of %s texts: %s\n", terminal.Thousands(int64(result.Replaced)), terminal.Thousands(int64(result.Strings)), terminal.Printable(path))
				return err
			}
			return ui.Print(terminal.Result{Text: text, JSON: result})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this file (FILE with .redacted before its ending)")
	return cmd
}

// redactedName puts .redacted before the ending: app.redacted.heapsnapshot.gz.
func redactedName(path string) string {
	dir, name := filepath.Split(path)
	stem, ending, found := strings.Cut(name, ".heapsnapshot")
	if !found {
		return path + ".redacted"
	}
	return filepath.Join(dir, stem+".redacted.heapsnapshot"+ending)
}

// packedFor has write's output compressed as a file's name says.
func packedFor(path string, f io.Writer, write func(io.Writer) error) error {
	switch filepath.Ext(path) {
	case ".gz":
		z := gzip.NewWriter(f)
		return errors.Join(write(z), z.Close())
	case ".zst":
		z, err := zstd.NewWriter(f)
		if err != nil {
			return err
		}
		return errors.Join(write(z), z.Close())
	}
	return write(f)
}
