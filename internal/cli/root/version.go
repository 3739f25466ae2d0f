package root

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
)

// versionInfo is the result of plumb version --json.
type versionInfo struct {
	Version string `json:"version"` // of the module, "devel" when built from a checkout
	Commit  string `json:"commit"`  // "" when not known
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func readVersion() versionInfo {
	v := versionInfo{Version: "devel", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Commit = s.Value
		}
	}
	return v
}

func newVersionCommand(ui *terminal.UI) *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       "Show the version",
		Args:        terminal.Takes(),
		Annotations: terminal.NoCSV,
		RunE: func(*cobra.Command, []string) error {
			v := readVersion()
			return ui.Print(terminal.Result{JSON: v, Text: func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "plumb %s (%s, %s/%s)\n", v.Version, v.Go, v.OS, v.Arch)
				return err
			}})
		},
	}
}
