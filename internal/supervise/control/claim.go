package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// ErrTaken says that another plumb has an app of this name.
var ErrTaken = errors.New("another plumb runs it already")

// State is who keeps an app up.
type State struct {
	App     string    `json:"app"`
	PID     int       `json:"pid"` // of plumb
	Socket  string    `json:"socket"`
	Mark    string    `json:"mark"` // in the environment of all that it starts
	Started time.Time `json:"started"`
	Command []string  `json:"command"` // plumb's own
	Dir     string    `json:"dir"`
	Metrics string    `json:"metrics,omitempty"` // HOST:PORT where /metrics is, "" for nowhere
}

// Folder is where states are: $XDG_STATE_HOME/plumb, or ~/.local/state/plumb. It
// is made when it is not there.
func Folder() (string, error) {
	base := os.Getenv("XDG_STATE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find state folder: %w", err)
		}
		base = filepath.Join(home, ".local", "state")
	}
	return ownFolder(filepath.Join(base, "plumb", "run"))
}

// socketFolder is where sockets are: $XDG_RUNTIME_DIR/plumb where there is one.
func socketFolder() (string, error) {
	if base := os.Getenv("XDG_RUNTIME_DIR"); base != "" {
		if dir, err := ownFolder(filepath.Join(base, "plumb")); err == nil {
			return dir, nil
		}
	}
	return Folder()
}

func ownFolder(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	return dir, nil
}

// Claim is the right to an app's name.
type Claim struct {
	// Left is what a plumb that was killed has left of this app, nil for nothing.
	Left *State

	path string
	lock *os.File
}

// Take claims a name; [ErrTaken] when another plumb has it.
func Take(folder, app string) (*Claim, error) {
	path := filepath.Join(folder, app+".json")
	lock, err := os.OpenFile(filepath.Join(folder, app+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("claim %s: %w", app, err)
	}
	if err := lockFile(lock); err != nil {
		_ = lock.Close()
		if state, failed := readState(path); failed == nil && errors.Is(err, ErrTaken) {
			return nil, fmt.Errorf("claim %s: %w: process %d", app, err, state.PID)
		}
		return nil, fmt.Errorf("claim %s: %w", app, err)
	}
	c := &Claim{path: path, lock: lock}
	if state, err := readState(path); err == nil {
		c.Left = state
	}
	return c, nil
}

// Write keeps the state.
func (c *Claim) Write(s State) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	partial := c.path + ".partial"
	if err := os.WriteFile(partial, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep state: %w", err)
	}
	if err := os.Rename(partial, c.path); err != nil {
		return fmt.Errorf("keep state: %w", err)
	}
	return nil
}

// Release gives the name up. The lock's file stays: who waits for it must not
// get another one.
func (c *Claim) Release() {
	_ = os.Remove(c.path)
	_ = c.lock.Close()
}

func readState(path string) (*State, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var s State
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read state %s: %w", path, err)
	}
	return &s, nil
}

// States lists the apps that are kept up, by name.
func States() ([]State, error) {
	folder, err := Folder()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("list apps: %w", err)
	}
	var list []State
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if filepath.Ext(path) != ".json" {
			continue
		}
		s, err := readState(path)
		if errors.Is(err, fs.ErrNotExist) || err != nil {
			continue // it has just ended, or was written on a full disk
		}
		list = append(list, *s)
	}
	return list, nil
}

// Free waits until a name is free again, after its plumb was told to end.
func Free(ctx context.Context, app string) error {
	folder, err := Folder()
	if err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		claim, err := Take(folder, app)
		if err == nil {
			_ = claim.lock.Close()
			return nil
		}
		if !errors.Is(err, ErrTaken) {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
