package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/plumb-dev/plumb/internal/fleet"
)

// buckets are URLs of empty ones: a folder, and S3 as a server of this process has it.
func buckets(t *testing.T) map[string]string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("snapshots"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return map[string]string{
		"file": "file://" + t.TempDir() + "?no_tmp_dir=true",
		"s3":   "s3://snapshots?region=us-east-1&use_path_style=true&disable_https=true&endpoint=" + server.URL,
	}
}

func file(content []byte) fleet.File {
	sum := sha256.Sum256(content)
	return fleet.File{Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(content))}
}

func TestBlobs(t *testing.T) {
	for name, url := range buckets(t) {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			b, err := OpenBlobs(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			content := bytes.Repeat([]byte("a snapshot "), 1<<17)
			f := file(content)
			if _, err := b.Get(ctx, f); !errors.Is(err, ErrNone) {
				t.Errorf("before it is put: %v", err)
			}
			if err := b.Put(ctx, f, Checked(bytes.NewReader(content[1:]), f)); !errors.Is(err, ErrHash) {
				t.Errorf("what is not what its hash says: %v", err)
			}
			if _, err := b.Get(ctx, f); !errors.Is(err, ErrNone) {
				t.Errorf("half of it is there: %v", err)
			}
			for range 2 { // the same again
				if err := b.Put(ctx, f, Checked(bytes.NewReader(content), f)); err != nil {
					t.Fatal(err)
				}
			}
			r, err := b.Get(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			got, err := io.ReadAll(Checked(r, f))
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
}

func TestNoBucket(t *testing.T) {
	urls := buckets(t)
	for _, url := range []string{"ftp://x", "file:///none/of/that/name", strings.Replace(urls["s3"], "snapshots", "other", 1)} {
		if b, err := OpenBlobs(context.Background(), url); err == nil {
			t.Errorf("%s opens: %v", url, b)
		} else if hinted, ok := err.(interface{ Advice() string }); !ok || hinted.Advice() == "" {
			t.Errorf("%s: %v has no hint", url, err)
		}
	}
}
