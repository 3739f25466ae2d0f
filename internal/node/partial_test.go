package node

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestStalePartial holds that only the files of dead writers on this host go.
func TestStalePartial(t *testing.T) {
	dead := exec.Command(anyNode(t), "-e", "0")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := func(pid int, host string) string { return fmt.Sprintf(".plumb-123-%d@%s.partial", pid, host) }
	kept := []string{
		name(os.Getpid(), host),
		name(dead.Process.Pid, host+"-other"),
		".plumb-123.partial",
		"plumb-123-1@" + host + ".partial",
	}
	for _, n := range append(slices.Clone(kept), name(dead.Process.Pid, host)) {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := createPartial(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if !partialName.MatchString(filepath.Base(file.Name())) {
		t.Errorf("name %s", file.Name())
	}
	kept = append(kept, filepath.Base(file.Name()))
	var got []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(kept)
	if !slices.Equal(got, kept) {
		t.Errorf("left %q, want %q", got, kept)
	}
}
