package snapgen

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Options of a snapshot. The zero Seed is a seed like any other.
type Options struct {
	// Bytes is about how long the file becomes.
	Bytes int64
	Seed  uint64
	// Strings makes nearly all of the bytes text.
	Strings bool
}

// Write writes a snapshot to path. It needs the same space once more beside
// path while it works, and leaves nothing behind when it fails.
func Write(path string, o Options) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".snapgen")
	if err != nil {
		return fmt.Errorf("make snapshot: %w", err)
	}
	defer os.RemoveAll(dir)
	out, err := newSections(dir)
	if err != nil {
		return fmt.Errorf("make snapshot: %w", err)
	}
	defer out.close()

	g := newGraph(rand.New(rand.NewPCG(o.Seed, 20)), out)
	world := newWorld(g, o.Bytes)
	g.endHead()
	for out.size() < o.Bytes && out.err() == nil {
		if o.Strings {
			world.longStrings(4000)
		} else {
			world.unit()
		}
		g.flush()
	}
	temp := filepath.Join(dir, "whole")
	if err := assemble(temp, g); err != nil {
		return fmt.Errorf("make snapshot: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("make snapshot: %w", err)
	}
	return nil
}

const meta = `"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],` +
	`"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic",` +
	`"concatenated string","sliced string","symbol","bigint","object shape","wasm object"],` +
	`"string","number","number","number","number","number"],` +
	`"edge_fields":["type","name_or_index","to_node"],` +
	`"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],` +
	`"trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],` +
	`"trace_node_fields":["id","function_info_index","count","size","children"],` +
	`"sample_fields":["timestamp_us","last_assigned_id"],` +
	`"location_fields":["object_index","script_id","line","column"]}`

// assemble puts header, head and the spooled sections together.
func assemble(path string, g *graph) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := file.Close(); err == nil {
			err = cerr
		}
	}()
	headNodes, headEdges := g.headRows()
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintf(w, `{"snapshot":{%s,"node_count":%d,"edge_count":%d,"trace_function_count":0},`+"\n",
		meta, g.nodeCount, g.edgeCount)
	for _, part := range []struct {
		open, head string
		spool      *spool
		end        string
	}{
		{`"nodes":[`, headNodes, g.out.nodes, "],\n"},
		{`"edges":[`, headEdges, g.out.edges, "],\n"},
		{`"trace_function_infos":[],` + "\n" + `"trace_tree":[],` + "\n" + `"samples":[],` + "\n" + `"locations":[`, "", g.out.locations, "],\n"},
		{`"strings":[`, "", g.out.strings, "]}"},
	} {
		fmt.Fprint(w, part.open, part.head)
		// A copy between two files can stay in the kernel: flush what is before it.
		if err := w.Flush(); err != nil {
			return err
		}
		if err := part.spool.copyTo(file); err != nil {
			return err
		}
		fmt.Fprint(w, part.end)
	}
	return w.Flush()
}
