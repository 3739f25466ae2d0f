package monitor

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/common/promslog"
)

// kept is a memory with one text in it.
type kept struct{ changed func([]byte) }

func (k *kept) Snapshot(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, "silences")
	return int64(n), err
}
func (k *kept) GC() (int, error)              { return 0, nil }
func (k *kept) SetBroadcast(c func(b []byte)) { k.changed = c }

// TestRewrite has what could not be written be written when there is room again,
// without another change.
func TestRewrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "alertmanager") // not there yet
	path := filepath.Join(dir, silencesFile)
	synctest.Test(t, func(t *testing.T) {
		k, end, over := &kept{}, make(chan struct{}), make(chan struct{})
		go func() {
			defer close(over)
			remember(k, path, end, promslog.NewNopLogger())
		}()
		synctest.Wait()
		k.changed(nil)
		time.Sleep(rewrite / 2)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Error(err)
		}
		time.Sleep(rewrite)
		if text, err := os.ReadFile(path); err != nil || string(text) != "silences" {
			t.Errorf("%q, %v", text, err)
		}
		close(end)
		<-over
	})
}
