package mcpcmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const instructions = `plumb finds memory leaks in Node.js programs from V8 heap snapshots.
Begin with finding, when there are two or more snapshots of one process: it names the
variable, the file and the line. The other tools are DevTools' perspectives: summary and
compare list classes, instances the objects of a class, retaining_paths and retainers say
why one is alive, whatif what would be freed. Object ids are the numbers after @. Answers
are pages: top says how many rows, and the last line how many there are more.`

// newServer has the tools that read, and with capture those that touch a program.
func newServer(version string, p *plumb, capture bool) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "plumb", Title: "plumb: memory leaks in Node.js", Version: version}, &mcp.ServerOptions{Instructions: instructions})
	add(s, "list_processes", "The Node.js programs that run on this machine: process id, memory, script.", func(ctx context.Context, _ none) (*mcp.CallToolResult, any, error) {
		return p.answer(ctx, []string{"ps"})
	})
	add(s, "open", "What a snapshot file is made of; opening it once makes the other tools fast.", func(ctx context.Context, in file) (*mcp.CallToolResult, any, error) {
		return p.heap(ctx, "info", in.File)
	})
	add(s, "stats", "Kinds of data in a snapshot: code, strings, arrays, buffers.", func(ctx context.Context, in file) (*mcp.CallToolResult, any, error) {
		return p.heap(ctx, "stats", in.File)
	})
	add(s, "summary", "Classes of objects in a snapshot, the one that keeps most memory first.", func(ctx context.Context, in summary) (*mcp.CallToolResult, any, error) {
		return p.heap(ctx, "summary", in.File, options("class", in.Class, "sort", in.Sort, "between", in.Since, "top", in.rows())...)
	})
	add(s, "compare", "Classes whose objects are new or gone between two snapshots of one process.", func(ctx context.Context, in compare) (*mcp.CallToolResult, any, error) {
		return p.files(ctx, []string{in.Base, in.Target}, func(f []string) [][]string {
			return [][]string{append([]string{"heap", "compare", f[0], f[1]}, options("class", in.Class, "sort", or(in.Sort, "sizeDelta"), "top", in.rows())...)}
		})
	})
	add(s, "growth", "What grew from snapshot to snapshot of a series, step by step.", func(ctx context.Context, in growth) (*mcp.CallToolResult, any, error) {
		if len(in.Files) < 2 {
			return nil, nil, errors.New("give two snapshots of one process, or more, in their order")
		}
		return p.files(ctx, in.Files, func(f []string) (commands [][]string) {
			for i := range f[1:] {
				commands = append(commands, append([]string{"heap", "compare", f[i], f[i+1]}, options("sort", "sizeDelta", "top", in.rows())...))
			}
			return commands
		})
	})
	add(s, "finding", "What leaks between snapshots of one process: the variable, its file and line, how much per request, why it is alive, what to change.", func(ctx context.Context, in finding) (*mcp.CallToolResult, any, error) {
		return p.files(ctx, in.Files, func(f []string) [][]string {
			command := append([]string{"leaks"}, f...)
			if in.Requests > 0 {
				command = append(command, "--requests", strconv.Itoa(in.Requests))
			}
			return [][]string{command}
		})
	})
	add(s, "instances", "Objects of a class, the largest first.", func(ctx context.Context, in instances) (*mcp.CallToolResult, any, error) {
		return p.files(ctx, []string{in.File}, func(f []string) [][]string {
			return [][]string{append(append([]string{"heap", "instances", f[0]}, options("between", in.Since, "top", in.rows())...), "--", in.Class)}
		})
	})
	add(s, "object", "An object: what it refers to, and what refers to it.", func(ctx context.Context, in object) (*mcp.CallToolResult, any, error) {
		return p.ofObject(ctx, in.File, in.ID, func(f, id string) [][]string {
			return [][]string{
				append([]string{"heap", "containment", f, id}, options("top", in.rows())...),
				append([]string{"heap", "retainers", f, id}, options("top", in.rows())...),
			}
		})
	})
	add(s, "retainers", "What keeps an object alive, nearest to the roots first, some levels deep.", func(ctx context.Context, in retainers) (*mcp.CallToolResult, any, error) {
		return p.ofObject(ctx, in.File, in.ID, func(f, id string) [][]string {
			return [][]string{append([]string{"heap", "retainers", f, id}, options("top", in.rows(), "depth", strconv.Itoa(min(max(in.Depth, 1), 10)))...)}
		})
	})
	add(s, "retaining_paths", "The ways on which roots keep an object alive, the shortest first.", func(ctx context.Context, in object) (*mcp.CallToolResult, any, error) {
		return p.ofObject(ctx, in.File, in.ID, func(f, id string) [][]string {
			return [][]string{{"heap", "paths", f, id, "--max-siblings", "2", "--max-nodes", "400"}}
		})
	})
	add(s, "whatif", "What exactly would be freed if these objects were gone.", func(ctx context.Context, in whatif) (*mcp.CallToolResult, any, error) {
		for _, id := range in.IDs {
			if err := isID(id); err != nil {
				return nil, nil, err
			}
		}
		return p.files(ctx, []string{in.File}, func(f []string) [][]string {
			return [][]string{append([]string{"heap", "whatif", f[0]}, in.IDs...)}
		})
	})
	add(s, "search", "Objects and strings of a snapshot by name.", func(ctx context.Context, in search) (*mcp.CallToolResult, any, error) {
		return p.files(ctx, []string{in.File}, func(f []string) [][]string {
			return [][]string{append(append([]string{"heap", "search", f[0]}, options("top", in.rows())...), "--", in.Text)}
		})
	})
	add(s, "lint", "Lines of JavaScript and TypeScript sources that can leak; with snapshots, each is confirmed or cleared.", func(ctx context.Context, in lint) (*mcp.CallToolResult, any, error) {
		return p.files(ctx, append(append([]string{}, in.Paths...), in.Snapshots...), func(f []string) [][]string {
			command := append([]string{"lint"}, f[:len(in.Paths)]...)
			for _, s := range f[len(in.Paths):] {
				command = append(command, "--snapshots", s)
			}
			return [][]string{command}
		})
	})
	add(s, "explain_rule", "What a rule of lint finds, why that leaks, when it is fine and how to mend it.", func(ctx context.Context, in rule) (*mcp.CallToolResult, any, error) {
		return p.answer(ctx, []string{"lint", "--explain=" + in.Rule})
	})
	if capture {
		touch(s, "memory", "The memory of a program that runs, as process.memoryUsage() tells it.", func(ctx context.Context, in process) (*mcp.CallToolResult, any, error) {
			return p.answer(ctx, []string{"memory", strconv.Itoa(in.PID)})
		})
		touch(s, "collect_garbage", "Have a program collect its garbage: what that frees.", func(ctx context.Context, in process) (*mcp.CallToolResult, any, error) {
			return p.answer(ctx, []string{"gc", strconv.Itoa(in.PID)})
		})
		touch(s, "capture", "Take a heap snapshot of a program that runs. It stands still meanwhile: about a second for each 100 MB of heap.", func(ctx context.Context, in process) (*mcp.CallToolResult, any, error) {
			return p.answer(ctx, []string{"snapshot", strconv.Itoa(in.PID), "--label", "mcp", "--output", p.folder})
		})
	}
	return s
}

// add adds a tool that reads, touch one that a program notices.
func add[In any](s *mcp.Server, name, what string, do func(context.Context, In) (*mcp.CallToolResult, any, error)) {
	tool(s, name, what, true, do)
}

func touch[In any](s *mcp.Server, name, what string, do func(context.Context, In) (*mcp.CallToolResult, any, error)) {
	tool(s, name, what, false, do)
}

func tool[In any](s *mcp.Server, name, what string, reads bool, do func(context.Context, In) (*mcp.CallToolResult, any, error)) {
	no := false
	mcp.AddTool(s, &mcp.Tool{Name: name, Description: what, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: reads, DestructiveHint: &no, OpenWorldHint: &no}},
		func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
			return do(ctx, in)
		})
}

func (p *plumb) heap(ctx context.Context, command, path string, options ...string) (*mcp.CallToolResult, any, error) {
	return p.files(ctx, []string{path}, func(f []string) [][]string {
		return [][]string{append([]string{"heap", command, f[0]}, options...)}
	})
}

// files has commands about paths, none of which can be taken for an option.
func (p *plumb) files(ctx context.Context, paths []string, commands func([]string) [][]string) (*mcp.CallToolResult, any, error) {
	safe := make([]string, len(paths))
	for i, path := range paths {
		switch {
		case path == "":
			return nil, nil, errors.New("a path is empty")
		case strings.HasPrefix(path, "-"):
			path = "./" + path
		}
		safe[i] = path
	}
	return p.answer(ctx, commands(safe)...)
}

func (p *plumb) ofObject(ctx context.Context, path, id string, commands func(path, id string) [][]string) (*mcp.CallToolResult, any, error) {
	if err := isID(id); err != nil {
		return nil, nil, err
	}
	return p.files(ctx, []string{path}, func(f []string) [][]string { return commands(f[0], id) })
}

// isID tells whether a text is an object's id: 12345 or @12345, or #7 for a position.
func isID(text string) error {
	if _, err := strconv.ParseUint(strings.TrimLeft(text, "@#"), 10, 64); err != nil {
		return fmt.Errorf("%q is no id of an object: it is the number after @", text)
	}
	return nil
}

// options are --name value for each value that is given.
func options(pairs ...string) (list []string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, "--"+pairs[i]+"="+pairs[i+1])
		}
	}
	return list
}

func or(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}
