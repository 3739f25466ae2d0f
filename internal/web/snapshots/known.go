package snapshots

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// A file that is dropped onto the page mostly lies on this machine, where the browser
// must not say. So the page first sends a sample of it, and what is found to be the same
// file is opened where it lies: nothing is sent, and it has its index. Whoever asks has
// the content already, so that the answer tells him nothing new.
const (
	sampledPlaces = 64
	sampledBytes  = 4096 // at each; of a file that is no longer than all together, everything
)

type knownInput struct {
	Name     string `query:"name" required:"true" maxLength:"255" doc:"of the file"`
	Bytes    int64  `query:"bytes" required:"true" minimum:"1" doc:"its size"`
	Modified int64  `query:"modified" required:"true" doc:"when it was written, in milliseconds since 1970"`
	RawBody  []byte `contentType:"application/octet-stream"`
}

// Known is a file that is there already.
type Known struct {
	Snapshot *Snapshot `json:"snapshot,omitempty" doc:"the same file; absent when none is known"`
}

func (p *Part) registerKnown(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "known", Method: http.MethodPost, Path: "/api/snapshots/known", Summary: "Is a file here already?",
		Description:  "The body is a sample of it: 4096 bytes at each of 64 places, the place i from 0 to 63 at i * (bytes - 4096) / 63 rounded down; or all of a file of at most 262144 bytes. A file that is here begins to be opened.",
		MaxBodyBytes: sampledPlaces*sampledBytes + 1, // one that is reached is refused
	}, func(_ context.Context, in *knownInput) (*output[Known], error) {
		id, ok := p.shelf.recognize(in.Name, in.Bytes, time.UnixMilli(in.Modified), in.RawBody)
		if !ok {
			return &output[Known]{}, nil
		}
		shown, err := p.shelf.one(id)
		return answer(Known{&shown}, err)
	})
}

// recognize finds the file that a sample is from: on the shelf, or by its name in the
// folders that files are likely to be dropped from. It begins to open it.
func (s *Shelf) recognize(name string, size int64, modified time.Time, sample []byte) (id string, ok bool) {
	same := func(path string) bool {
		return filepath.Base(path) == name && sampled(path, size, modified, sample)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look()
	at := slices.IndexFunc(s.books, func(b *book) bool { return b.source != Upload && same(b.path) })
	var b *book
	if at >= 0 {
		b = s.books[at]
	} else if path, ok := s.nearby(same); ok {
		b = s.add(path, name, File)
	} else {
		return "", false
	}
	if b.state == Closed || b.state == Failed {
		s.begin(b)
	}
	return b.id, true
}

// nearby looks for a file beside those that were named, in the working folder, and where
// programs, browsers and people put files.
func (s *Shelf) nearby(same func(path string) bool) (path string, ok bool) {
	var folders []string
	for _, b := range s.books {
		if b.source == File {
			folders = append(folders, filepath.Dir(b.path))
		}
	}
	folders = append(folders, ".", os.TempDir())
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, home, filepath.Join(home, "Downloads"), filepath.Join(home, "Desktop"))
	}
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		entries, _ := os.ReadDir(folder)
		for _, entry := range entries {
			if path := filepath.Join(folder, entry.Name()); same(path) {
				return path, true
			}
		}
	}
	return "", false
}

// sampled says whether the file at path is one of a size and a time of change that a
// sample is from.
func sampled(path string, size int64, modified time.Time, sample []byte) bool {
	// What is no file, such as a pipe, could block who opens it.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() != size || info.ModTime().UnixMilli() != modified.UnixMilli() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	places, each := int64(sampledPlaces), int64(sampledBytes)
	if size <= places*each {
		places, each = 1, size
	}
	if int64(len(sample)) != places*each {
		return false
	}
	piece := make([]byte, each)
	for i := range places {
		at := i * (size - each) / max(1, places-1)
		if _, err := io.ReadFull(io.NewSectionReader(file, at, each), piece); err != nil || !slices.Equal(piece, sample[i*each:][:each]) {
			return false
		}
	}
	return true
}
