package runcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/supervise/control"
)

func newStartupCommand(ui *terminal.UI) *cobra.Command {
	var show, user bool
	cmd := &cobra.Command{
		Use:   "startup APP",
		Short: "Have systemd start an app that plumb run keeps up",
		Long: "Write a unit for systemd that runs plumb as it runs now: the same command, folder and\n" +
			"PATH. As root it is the machine's (/etc/systemd/system), otherwise, or with --user, the\n" +
			"user's own (~/.config/systemd/user). systemd waits until the app is ready, restarts\n" +
			"plumb when it hangs, and reloads the app without losing a request.\n\n" +
			"Nothing is started and no app is touched: the commands that do it are printed.",
		Example:     "plumb run --name api --max-memory 400M -- node app.js &\nplumb startup api",
		Args:        terminal.Takes("APP"),
		Annotations: terminal.NoCSV,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := hasSystemd(); err != nil && !show {
				return err
			}
			c, err := control.Dial(args[0])
			if errors.Is(err, control.ErrNotRunning) {
				return notKept(args[0])
			}
			if err != nil {
				return err
			}
			user = user || os.Geteuid() != 0
			text, err := unitOf(c.State, user)
			if err != nil {
				return err
			}
			if show {
				return ui.Print(terminal.Result{JSON: unit{Text: string(text)}, Text: func(w io.Writer) error { _, err := w.Write(text); return err }})
			}
			return writeUnit(ui, args[0], text, user)
		},
	}
	cmd.Flags().BoolVar(&show, "print", false, "print the unit and write nothing")
	cmd.Flags().BoolVar(&user, "user", false, "for this user's systemd, also as root")
	return cmd
}

// unit is a unit of systemd, for --json.
type unit struct {
	Path string   `json:"path,omitempty"`
	Text string   `json:"text"`
	Next []string `json:"next,omitempty"`
}

// unitTemplate is a service of the type "notify": plumb says itself when the app
// is ready (sd_notify(3)) and that it is alive. KillMode mixed leaves it to plumb to
// end the app. Exit codes of an app that a signal has ended are no failure of plumb.
var unitTemplate = template.Must(template.New("unit").Parse(`[Unit]
Description=plumb keeps {{.App}} up
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart={{.Start}}
ExecReload={{.Reload}}
WorkingDirectory={{.Dir}}
Environment={{.Path}}
Restart=on-failure
RestartSec=5
SuccessExitStatus=130 143
WatchdogSec=60
TimeoutStartSec=120
TimeoutStopSec=60
KillMode=mixed

[Install]
WantedBy={{.Target}}
`))

func unitOf(s control.State, user bool) ([]byte, error) {
	words := make([]string, len(s.Command))
	for n, word := range s.Command {
		words[n] = unitWord(word)
	}
	target := "multi-user.target"
	if user {
		target = "default.target"
	}
	var text bytes.Buffer
	err := unitTemplate.Execute(&text, map[string]string{
		"App": s.App, "Start": strings.Join(words, " "), "Reload": words[0] + " reload " + unitWord(s.App),
		"Dir": strings.ReplaceAll(s.Dir, "%", "%%"), "Path": unitWord("PATH=" + os.Getenv("PATH")), "Target": target,
	})
	return text.Bytes(), err
}

// unitWord quotes a word as systemd.syntax(7) and systemd.service(5) have it.
func unitWord(word string) string {
	word = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "%", "%%", "$", "$$").Replace(word)
	if word == "" || strings.ContainsAny(word, " '\";") || strings.Contains(word, `\`) {
		return `"` + word + `"`
	}
	return word
}

func writeUnit(ui *terminal.UI, app string, text []byte, user bool) error {
	dir, ctl := "/etc/systemd/system", "systemctl"
	if user {
		base, err := os.UserConfigDir()
		if err != nil {
			return terminal.WithHint(fmt.Errorf("write unit: %w", err), "set HOME")
		}
		dir, ctl = filepath.Join(base, "systemd", "user"), "systemctl --user"
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return terminal.WithHint(fmt.Errorf("write unit: %w", err), "--print prints it")
	}
	name := "plumb-" + app + ".service"
	u := unit{Path: filepath.Join(dir, name), Text: string(text), Next: []string{
		"plumb stop " + app, ctl + " daemon-reload", ctl + " enable --now " + name,
	}}
	if err := terminal.WriteWhole(u.Path, func(f *os.File) error { _, err := f.Write(text); return err }); err != nil {
		return terminal.WithHint(fmt.Errorf("write unit: %w", err), "--print prints it")
	}
	if err := os.Chmod(u.Path, 0o644); err != nil {
		return fmt.Errorf("write unit: %w", err)
	}
	return ui.Print(terminal.Result{JSON: u, Text: func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "Wrote %s.\n\nNext:\n\n  %s\n", u.Path, strings.Join(u.Next, "\n  "))
		return err
	}})
}
