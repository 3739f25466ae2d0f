package mcpcmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/plumb-dev/plumb/internal/cli/root"
)

// plumb runs commands.
type plumb struct {
	run    Main
	folder string
}

// most is how much of an answer is given, in bytes: some 8,000 tokens.
const most = 32_000

// answer runs commands one after another, and gives what they print.
func (p *plumb) answer(ctx context.Context, commands ...[]string) (*mcp.CallToolResult, any, error) {
	var all strings.Builder
	for _, args := range commands {
		text, failed := p.command(ctx, args)
		if failed {
			return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
		}
		if all.Len() > 0 {
			all.WriteString("\n")
		}
		all.WriteString(text)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: shortened(all.String())}}}, nil, nil
}

// command runs one. What is wrong is an error with its hint; that a leak was found, or
// that the evidence is too thin, is an answer.
func (p *plumb) command(ctx context.Context, args []string) (text string, failed bool) {
	var printed, told bytes.Buffer
	code := p.run(ctx, append([]string{"--quiet"}, args...), root.Streams{In: strings.NewReader(""), Out: &printed, Err: &told})
	if code == 2 || code > 3 || code < 0 {
		if told.Len() == 0 {
			fmt.Fprintf(&told, "plumb %s ended with %d\n", args[0], code)
		}
		return told.String(), true
	}
	// The option that says how many rows has another name here.
	return strings.ReplaceAll(printed.String(), "--all shows them", "a larger top shows them"), false
}

// shortened cuts an answer at the end of a line, and says how much is missing.
func shortened(text string) string {
	if len(text) <= most {
		return text
	}
	end := strings.LastIndexByte(text[:most], '\n') + 1
	if end == 0 {
		end = most
	}
	return strings.ToValidUTF8(text[:end], "") + fmt.Sprintf("… %d lines more: ask for fewer rows, one class, or one object\n", strings.Count(text[end:], "\n"))
}

// in and out are the standard streams, which nobody closes.
type in struct{ io.Reader }

func (in) Close() error { return nil }

type out struct{ io.Writer }

func (out) Close() error { return nil }
