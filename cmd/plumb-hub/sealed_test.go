package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// TestSealedInBucket has an agent encrypt its snapshots, and the hub put them into a
// bucket: who has the bucket, or is an analyst without the key, reads nothing of them.
func TestSealedInBucket(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	bucket, keys := filepath.Join(dir, "bucket"), filepath.Join(dir, "key.txt")
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keys, []byte("# of a test\n"+key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	startHub(t, dir, address, "--snapshots", "file://"+bucket+"?create_dir=true&no_tmp_dir=true")
	who := token(t, dir, "web-1", "agent")
	without := startAnalyst(t, dir, "nats://"+address)
	agent := start(t, dir, "fleet-agent", "nats://"+address, who.String(), filepath.Join(dir, "spool"), "shop", pair[0], pair[1], key.Recipient().String())
	without.says("this analyst has no key: --identity")
	without.kill()
	startAnalyst(t, dir, "nats://"+address, "--identity", keys)
	agent.says("result: leaking sessions")
	js := connect(t, "nats://"+address, local(t, dir, address))
	wantLeak(t, wantResults(t, js, 1))

	if files := filesIn(t, bucket, "Session"); files < 3 {
		t.Errorf("%d files in the bucket", files)
	}
}

// TestRedacted has an agent send snapshots without contents: the leak has its name, and
// nothing that a string said has left the host.
func TestRedacted(t *testing.T) {
	t.Parallel()
	pair, dir, address := snapshots(t), t.TempDir(), freeAddress(t)
	if text, err := os.ReadFile(pair[1]); err != nil || !bytes.Contains(text, []byte("session 0.")) {
		t.Fatalf("the snapshot has no secret (%v)", err)
	}
	bucket := filepath.Join(dir, "bucket")
	startHub(t, dir, address, "--snapshots", "file://"+bucket+"?create_dir=true&no_tmp_dir=true")
	who := token(t, dir, "web-1", "agent")
	startAnalyst(t, dir, "nats://"+address)
	agent := start(t, dir, "fleet-agent", "nats://"+address, who.String(), filepath.Join(dir, "spool"), "shop", pair[0], pair[1], "redact")
	agent.says("result: leaking sessions")
	js := connect(t, "nats://"+address, local(t, dir, address))
	wantLeak(t, wantResults(t, js, 1))
	if files := filesIn(t, bucket, "session 0."); files < 3 {
		t.Errorf("%d files in the bucket", files)
	}
}

// filesIn counts the files in a bucket, none of which may have a text, compressed or not.
func filesIn(t *testing.T, bucket, secret string) (files int) {
	t.Helper()
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	if err := filepath.WalkDir(bucket, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if plain, err := dec.DecodeAll(text, nil); err == nil {
			text = plain
		}
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s is in the clear", path)
		}
		files++
		return err
	}); err != nil {
		t.Error(err)
	}
	return files
}
