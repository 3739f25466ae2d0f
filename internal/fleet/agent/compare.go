package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"

	"github.com/plumb-dev/plumb/internal/fleet"
	"github.com/plumb-dev/plumb/internal/leak"
)

const (
	// awhile is how long a finding waits for the fleet's analysts.
	awhile = 5 * time.Minute
	// longest is how many snapshots a case has at most, mostSource how many bytes of
	// sources.
	longest    = 5
	mostSource = 16 << 20
)

// Report has the hub know a case without snapshots.
func (a *Agent) Report(c fleet.Case) error {
	a.complete(&c)
	return a.Spool.Add(&c, nil)
}

// Compare has the fleet compare two snapshots of a program, together with those that
// were taken between them. It waits for a while for what comes out; later than that, or
// while the hub is away, the error says where the finding will be.
func (a *Agent) Compare(ctx context.Context, c fleet.Case, baseline, last string) (*leak.Result, error) {
	scratch, err := os.MkdirTemp("", "plumb-case-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	paths, err := a.gather(ctx, &c, baseline, last, scratch)
	if err != nil {
		return nil, fmt.Errorf("prepare the snapshots for the hub: %w", err)
	}
	a.complete(&c)
	answer := make(chan *fleet.Result, 1)
	a.mu.Lock()
	a.waiting[c.ID] = answer
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		delete(a.waiting, c.ID)
		a.mu.Unlock()
	}()
	if err := a.Spool.Add(&c, paths); err != nil {
		return nil, err
	}
	if !a.conn.IsConnected() {
		return nil, errors.New("the hub is away: the snapshots wait for it, and plumb fleet findings will have what they say")
	}
	timer := time.NewTimer(awhile)
	defer timer.Stop()
	select {
	case r := <-answer:
		if r.Result == nil {
			return nil, errors.New(r.Problem)
		}
		return r.Result, nil
	case <-timer.C:
		return nil, errors.New("the fleet has not compared the snapshots yet: plumb fleet findings will have what they say")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *Agent) complete(c *fleet.Case) {
	c.Agent, c.Host, c.Release = a.Link.Token.Name, a.Host, a.Release
	c.Identify()
}

// result hands a result to who waits for it.
func (a *Agent) result(m *nats.Msg) {
	r := &fleet.Result{}
	if json.Unmarshal(m.Data, r) != nil {
		return
	}
	a.mu.Lock()
	answer := a.waiting[r.Case.ID]
	a.mu.Unlock()
	if answer != nil {
		select {
		case answer <- r:
		default:
		}
	}
}

// gather makes a series of the baseline, what was compared with it before, and the last
// snapshot. It returns the paths of all files, "" for those that the hub has.
func (a *Agent) gather(ctx context.Context, c *fleet.Case, baseline, last, scratch string) (paths []string, err error) {
	for _, taken := range []string{baseline, last} {
		path := taken
		if a.Redact {
			path = filepath.Join(scratch, "redacted-"+filepath.Base(taken))
			if err := redact(ctx, taken, path); err != nil {
				return nil, err
			}
		}
		s, err := describe(path, taken+".json")
		if err != nil {
			return nil, err
		}
		if a.Seal != nil {
			sealed := filepath.Join(scratch, s.Hash)
			s.Plain = s.Hash
			if s.File, err = seal(path, sealed, a.Seal); err != nil {
				return nil, err
			}
			path = sealed
		}
		c.Snapshots = append(c.Snapshots, *s)
		paths = append(paths, path)
	}
	between := a.between(c.Snapshots[0], c.Snapshots[1])
	c.Snapshots = slices.Insert(c.Snapshots, 1, between...)
	paths = slices.Insert(paths, 1, make([]string, len(between))...)
	if len(between) > 0 {
		c.Requests = 0 // they are of all steps together, which differ
	}
	text, err := contextOf(last)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(scratch, "context")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	c.Context = &fleet.File{Hash: hex.EncodeToString(sum[:]), Bytes: int64(len(text))}
	if c.Sealed = a.Seal != nil; c.Sealed {
		sealed := filepath.Join(scratch, "sealed")
		if *c.Context, err = seal(path, sealed, a.Seal); err != nil {
			return nil, err
		}
		path = sealed
	}
	return append(paths, path), nil
}

// between are the snapshots that were compared with the baseline before, and that the
// hub has. The newest are worth most.
func (a *Agent) between(baseline, last fleet.Snapshot) (list []fleet.Snapshot) {
	a.mu.Lock()
	known := a.series[baseline.Content()]
	a.mu.Unlock()
	if len(known) == 0 || !a.conn.IsConnected() {
		return nil
	}
	ctx, cancel := context.WithTimeout(a.ctx, patience)
	defer cancel()
	files, err := a.js.KeyValue(ctx, fleet.FilesBucket)
	if err != nil {
		return nil // a pair is a case, too
	}
	for _, s := range known[1:] {
		if _, err := files.Get(ctx, s.Hash); err == nil && s.Content() != last.Content() {
			list = append(list, s)
		}
	}
	return list[max(0, len(list)-longest+2):]
}

// describe reads a snapshot's file to its end, for its hash, and its record.
func describe(path, record string) (*fleet.Snapshot, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, file)
	if err != nil {
		return nil, err
	}
	s := &fleet.Snapshot{File: fleet.File{Hash: hex.EncodeToString(hash.Sum(nil)), Bytes: n}}
	var about struct {
		Time  time.Time `json:"time"`
		Bytes int64     `json:"bytes"`
	}
	text, err := os.ReadFile(record)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &about); err != nil {
		return nil, fmt.Errorf("read the record %s: %w", record, err)
	}
	s.Raw, s.Taken = about.Bytes, about.Time
	return s, nil
}

// contextOf is the [fleet.Context] of a snapshot, compressed: an analyst has no sources.
func contextOf(path string) ([]byte, error) {
	text, err := os.ReadFile(path + ".json")
	if err != nil {
		return nil, err
	}
	about := fleet.Context{Sources: map[string]string{}}
	if err := json.Unmarshal(text, &about); err != nil {
		return nil, fmt.Errorf("read the record %s.json: %w", path, err)
	}
	left := int64(mostSource)
	for _, s := range about.Scripts {
		u, err := url.Parse(s.URL)
		source := s.URL
		if err == nil && u.Scheme == "file" {
			source = u.Path
		}
		if !filepath.IsAbs(source) || strings.Contains(source, "/node_modules/") {
			continue
		}
		for _, name := range []string{source, source + ".map"} {
			info, err := os.Stat(name)
			if err != nil || !info.Mode().IsRegular() || info.Size() > left {
				continue
			}
			if text, err := os.ReadFile(name); err == nil {
				about.Sources[name] = string(text)
				left -= info.Size()
			}
		}
	}
	if text, err = json.Marshal(&about); err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer enc.Close()
	return enc.EncodeAll(text, nil), nil
}

// reachable is where others find the metrics that listen at an address: at the one by
// which this host reaches the hub, when they listen at all of them.
func (a *Agent) reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
		return address
	}
	if ours, _, err := net.SplitHostPort(a.conn.LocalAddr()); err == nil {
		return net.JoinHostPort(ours, port)
	}
	return address
}
