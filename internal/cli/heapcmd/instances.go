package heapcmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plumb-dev/plumb/internal/cli/terminal"
	"github.com/plumb-dev/plumb/internal/devtools"
)

func newHeapInstancesCommand(ui *terminal.UI) *cobra.Command {
	var objects filterFlags
	var top int
	var all bool
	cmd := &cobra.Command{
		Use:   "instances FILE CLASS",
		Short: "List the objects of one class",
		Long: "CLASS is the key of a class as \"plumb heap summary --json\" prints it, or its name when one class only\n" +
			"has that name. The object that keeps most memory alive comes first.",
		Example: "plumb heap instances app.heapsnapshot Map\n" +
			"plumb heap instances app.heapsnapshot 63,10,19,Session",
		Args: terminal.Takes("FILE", "CLASS"),
	}
	objects.add(cmd)
	terminal.AddTopFlags(cmd, &top, &all)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withView(ui, cmd, args[0], func(v *devtools.View) error {
			filter, err := objects.filter(ui, cmd, v)
			if err != nil {
				return err
			}
			key, err := classKey(cmd, v, filter, args[1])
			if err != nil {
				return err
			}
			nodes, err := v.Instances(cmd.Context(), key, filter)
			if err != nil {
				return err
			}
			shown, err := ui.Limit(cmd, top, all, len(nodes))
			if err != nil {
				return err
			}
			t := &terminal.Table{
				Columns: []terminal.Column{
					{Key: "id", Kind: terminal.Number},
					{Key: "name", Title: "Object", Kind: terminal.Words},
					{Key: "type", Title: "Type", Kind: terminal.Words},
					{Key: "distance", Title: "Distance", Kind: terminal.Distance},
					{Key: "shallow", Title: "Shallow Size", Kind: terminal.Kilobytes},
					{Key: "retained", Title: "Retained Size", Kind: terminal.Kilobytes},
				},
				Empty:  "The class has no object.",
				Footer: terminal.More(shown, len(nodes), "objects"),
			}
			people := *t
			for _, n := range nodes[:shown] {
				r := newObjectRow(v, n)
				t.Rows = append(t.Rows, []any{r.ID, string(r.Name), r.Type, r.Distance, r.Shallow, r.Retained})
				people.Rows = append(people.Rows, []any{r.ID, objectLabel(v, n), r.Type, r.Distance, r.Shallow, r.Retained})
			}
			return ui.Print(terminal.Result{Table: t, Text: func(w io.Writer) error { return ui.WriteTable(w, &people) }})
		})
	}
	return cmd
}

// classKey finds the key of the class that the argument means.
func classKey(cmd *cobra.Command, v *devtools.View, filter devtools.Filter, arg string) (string, error) {
	rows, err := v.Summary(cmd.Context(), filter)
	if err != nil {
		return "", err
	}
	var named []string
	for _, r := range rows {
		if r.Key == arg {
			return arg, nil
		}
		if r.Name == arg {
			named = append(named, r.Key)
		}
	}
	switch len(named) {
	case 1:
		return named[0], nil
	case 0:
		return "", terminal.WithHint(noClass(arg), "the classes are listed by \"plumb heap summary %s --all\"", cmd.Flags().Arg(0))
	default:
		return "", terminal.WithHint(severalClasses(arg, len(named)), "give the key of one: %s", strings.Join(named, "  "))
	}
}

func noClass(name string) error { return fmt.Errorf("list instances: no class %q", name) }

func severalClasses(name string, n int) error {
	return fmt.Errorf("list instances: %d classes are named %q", n, name)
}
