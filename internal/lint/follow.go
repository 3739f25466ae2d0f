package lint

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/plumb-dev/plumb/internal/lint/flow"
)

// maxRounds bounds how far calls are followed from file to file: through those
// that only pass on what others export, too.
const maxRounds = 8

// entry is a function of a file that another one reaches.
type entry struct {
	path []string
	flow.Entry
}

// follow looks once more at the files whose functions are called from the hot
// code of others, until no call leads to a file that does not know of it.
func (r *run) follow(ctx context.Context) error {
	entries := map[string][]entry{} // by file
	known := map[string]bool{}      // file, path and hops
	for range maxRounds {
		changed := map[string]bool{}
		for _, a := range r.aways {
			file := r.imports.find(modulePath(a.In, a.Module))
			key := fmt.Sprint(file, a.Path, a.Hops, a.Message, a.Varies)
			if _, looked := r.found[file]; !looked || known[key] {
				continue
			}
			known[key], changed[file] = true, true
			entries[file] = append(entries[file], entry{a.Path, a.Entry})
		}
		r.aways = nil
		if len(changed) == 0 {
			break
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(runtime.GOMAXPROCS(0))
		for file := range changed {
			group.Go(func() error {
				r.again(ctx, file, entries[file])
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// again looks at a file with what is known of its callers.
func (r *run) again(ctx context.Context, path string, entries []entry) {
	v, err := r.look(ctx, path, func() (string, error) { return readFile(path) }, entries)
	if err != nil {
		r.problem(path, err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(path, v)
}

// modulePath is where a relative specifier leads from a file, "" for a package.
func modulePath(from, specifier string) string {
	if !strings.HasPrefix(specifier, ".") {
		return ""
	}
	return filepath.Join(filepath.Dir(from), filepath.FromSlash(specifier))
}
