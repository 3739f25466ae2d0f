package control

import (
	"os"
	"path/filepath"
	"testing"
)

func TestToken(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	if token, err := FindToken("127.0.0.1:9464"); token != "" || err != nil {
		t.Errorf("nobody listens: %q, %v", token, err)
	}
	token := NewToken()
	if other := NewToken(); len(token) < leastToken || token == other {
		t.Errorf("tokens %q and %q", token, other)
	}
	forget, err := KeepToken("127.0.0.1:9464", token)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "9464.token")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if found, err := FindToken("localhost:9464"); found != token || err != nil {
		t.Errorf("%q, %v", found, err)
	}
	if states, err := States(); err != nil || len(states) > 0 {
		t.Errorf("taken for an app: %v, %v", states, err)
	}
	// A plumb that was killed has left one that others can read.
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := KeepToken("127.0.0.1:9464", token); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	forget()
	if found, err := FindToken("127.0.0.1:9464"); found != "" || err != nil {
		t.Errorf("%q, %v", found, err)
	}
	short := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(short, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadToken(short); err == nil {
		t.Error("a short one is taken")
	}
}
